import type { NetworkDocument } from '../schema/network/network.js';
import type { Found } from '../schema/rules/context.js';
import { Refusal } from './refusal.js';

/** Debian's 11.3 has the security fix as well, by a patch; other builds of releases before 12.8 may lack it. */
const RECORDS_SINCE = 11_003_000;
const FIELDS_SINCE = 12_008_000;

const RECORD_TEXT = /^dns\.(?:(txt)s\[\d+\]\.(value)|(srv)s\[\d+\]\.(domain|target))$/;

/** Refuses a line break in a DNS record, which libvirt's parser does and for which the rules have only a warning of ours. */
export function refuseLineBreaks(found: readonly Found[], release: number): void {
  if (release < RECORDS_SINCE) return;
  for (const { rule, path } of found) {
    const [, txt, value, srv = txt, part = value] = rule === 'DNSMASQ_LINE_BREAK' ? (RECORD_TEXT.exec(path) ?? []) : [];
    if (srv !== undefined) throw new Refusal(`invalid line break in DNS ${srv.toUpperCase()} record ${part} attribute`);
  }
}

/** The fields of dnsmasq's configuration that hold text of the definition, in the order of the file. */
const fieldsOf = ({
  dns,
  domain,
  ips = [],
}: NetworkDocument): (readonly [field: string, value: string | undefined])[] => [
  ...(dns?.forwarders ?? []).map((one) => ['server', `/${one.domain ?? ''}/${one.addr ?? '#'}`] as const),
  ['local', domain?.localOnly === true ? `/${domain.name}/` : undefined],
  ['domain', domain?.name],
  ...(dns?.txts ?? []).map(({ name, value }) => ['txt-record', `${name},${value}`] as const),
  ...ips.map(({ tftp }) => ['tftp-root', tftp?.root] as const),
  ...ips.map(({ dhcp }) => ['dhcp-boot', dhcp?.bootp?.file] as const),
];

/** Refuses to start a network whose text would begin a new line in dnsmasq's configuration. */
export function refuseFields(document: NetworkDocument, release: number): void {
  if (release < FIELDS_SINCE) return;
  const bad = fieldsOf(document).find(([, value]) => value !== undefined && /[\n\r]/.test(value));
  if (bad !== undefined)
    throw new Refusal(`unsupported configuration: Field '${bad[0]}' value '${bad[1]}' must not contain line breaks`);
}
