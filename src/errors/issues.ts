import { LibvirtError } from './base.js';

/** A problem in a document. */
export interface Issue {
  /** Stable id of the rule, such as `DHCP_RANGE_OUTSIDE_SUBNET`. `docs/rules.md` lists them. */
  readonly code: string;
  /** `error`: printing and defining are refused. `warning`: libvirt accepts it, probably not as meant. */
  readonly severity: 'error' | 'warning';
  /** The stage at which libvirt itself would object; `never` when it accepts silently. */
  readonly phase: 'parse' | 'define' | 'start' | 'never';
  /** Property path, such as `ips[0].dhcp.ranges[1].start`; empty for the document itself. */
  readonly path: string;
  /** States the problem, with the offending value. */
  readonly message: string;
  /** Says what to do about it. */
  readonly hint?: string;
  /** Path of the rule's entry in the package's documentation, such as `docs/rules.md#vlan-no-tag`; only for rules that a page lists. */
  readonly docs?: string;
  /** Line in the source text, from 1; only for documents that were read from text. */
  readonly line?: number;
  /** Column in the source text in UTF-16 units, from 1. */
  readonly column?: number;
}

/**
 * Formats an issue as one line for people: place, message, rule id and hint.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when it is not an issue
 */
export function formatIssue(issue: Issue): string {
  if (typeof issue?.message !== 'string') throw new LibvirtError('INVALID_ARGUMENT', 'formatIssue needs an issue');
  const place = [issue.path, issue.line === undefined ? '' : `line ${issue.line}, column ${issue.column ?? 1}`];
  const where = place.filter((part) => part !== '').join(', ');
  const hint = issue.hint === undefined ? '' : ` (${issue.hint})`;
  return `${where === '' ? '' : `${where}: `}${issue.message}${hint} [${issue.code}]`;
}

const SHOWN_IN_MESSAGE = 20;

/**
 * A document breaks rules. Code `VALIDATION`. {@link ValidationError.issues} holds every problem in
 * document order, never only the first.
 */
export class ValidationError extends LibvirtError {
  /** Every problem found, in document order. */
  readonly issues: readonly Issue[];

  /**
   * @param what - what was checked, such as `network "lab"`
   * @param issues - at least one problem
   */
  constructor(what: string, issues: readonly Issue[]) {
    super('VALIDATION', summarize(what, issues), { hint: issues.find(({ severity }) => severity === 'error')?.hint });
    this.issues = issues;
  }

  protected override get className(): string {
    return 'ValidationError';
  }
}

function summarize(what: string, issues: readonly Issue[]): string {
  const errors = issues.filter((issue) => issue.severity === 'error');
  const lines = errors.slice(0, SHOWN_IN_MESSAGE).map((issue) => `\n  - ${formatIssue(issue)}`);
  const more = errors.length > SHOWN_IN_MESSAGE ? `\n  - and ${errors.length - SHOWN_IN_MESSAGE} more` : '';
  const count = errors.length === 1 ? 'a problem' : `${errors.length} problems`;
  return `${what} has ${count}:${lines.join('')}${more}`;
}
