/** Lines that virsh prints before libvirt's own words. */
const GENERIC =
  /^(failed to (get|connect|mark|unmark|find)\b|Failed to (list|define|create|start|destroy|undefine|update|get|delete|set|open|read)\b.*(network|networks|leases|file|title|description|port|interfaces?)\b)/i;

/** What libvirt said, taken out of what virsh printed; empty when it said nothing. */
export function libvirtWords(stderr: string): string {
  const records = stderr
    .split(/^error: /m)
    .map((record) => record.trim())
    .filter((record) => record !== '');
  const own = records.filter((record) => !GENERIC.test(record) || /^Failed to connect socket/.test(record));
  return (own[0] ?? records[0] ?? '').trim();
}
