import { docsOf } from '../../errors/docs.js';
import type { Issue } from '../../errors/index.js';
import { BRIDGE_RULES, type BridgeRule, type BridgeRuleId } from './rules.js';

/** Takes what a check finds: the rule, the property path and what the message speaks of. */
export type Report = (rule: BridgeRuleId, path: string, params?: Readonly<Record<string, string | number>>) => void;

const fill = (template: string, params: Readonly<Record<string, string | number>>): string =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));

/** Collects findings as issues. No libvirt judges host bridges, so their phase is `never`. */
export function collector(into: Issue[]): Report {
  return (id, path, params = {}) => {
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
      docs: docsOf('host-bridges', id),
    });
  };
}

/** The path of a property inside of another. */
export const inside = (path: string, key: string): string => (path === '' ? key : `${path}.${key}`);
