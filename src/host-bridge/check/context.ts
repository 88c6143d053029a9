import type { Issue } from '../../errors/index.js';
import { docsOfRule, fill } from '../../errors/templates.js';
import { BRIDGE_RULES, type BridgeRule, type BridgeRuleId } from './rules.js';

type Params = Readonly<Record<string, string | number>>;

/** Takes what a check finds: the rule, the property path, what the message speaks of, and the line where it was read. */
export type Report = (rule: BridgeRuleId, path: string, params?: Params, line?: number) => void;

/** Collects findings as issues. No libvirt judges host bridges, so their phase is `never`. */
export function collector(into: Issue[]): Report {
  return (id, path, params = {}, line) => {
    const rule: BridgeRule = BRIDGE_RULES[id];
    const { severity = 'error', message, hint } = rule;
    const told = hint === undefined ? {} : { hint: fill(hint, params) };
    into.push({
      code: id,
      severity,
      phase: 'never',
      path,
      message: fill(message, params),
      ...told,
      docs: docsOfRule('host-bridges', id),
      ...(line === undefined ? {} : { line }),
    });
  };
}

/** The path of a property inside of another. */
export const inside = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
