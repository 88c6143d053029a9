import type { OvnRow } from './rows.js';

const PRIORITY = { closed: 900, forwarded: 1000, opened: 1000, own: 1001, elsewhere: 1002, isolated: 2000 } as const;

const ACTIONS = {
  own: 'allow-related',
  closed: 'reject',
  forwarded: 'allow-related',
  opened: 'allow-related',
  elsewhere: 'reject',
  isolated: 'drop',
} as const;

/** A rule for packets that a port of a switch sends (`from-lport`) or is sent (`to-lport`). */
export const acl = (key: string, direction: string, kind: keyof typeof PRIORITY, match: string): OvnRow => ({
  table: 'ACL',
  key,
  columns: { direction, priority: PRIORITY[kind], match, action: ACTIONS[kind] },
});
