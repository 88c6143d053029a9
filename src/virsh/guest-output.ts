import type { GuestAddress, GuestRunState, GuestState, NicStatistics } from '../transport/guest-operations.js';
import { type Subject, unexpected } from '../transport/libvirt-error.js';
import { isUuid, linesOf } from './output.js';
import { readLabels } from './table.js';

/** A guest's identity as `list --uuid --name` prints it. */
export interface GuestName {
  readonly uuid: string;
  readonly name: string;
}

/** Reads one guest a line: the uuid, a blank, and the name. */
export function guestNamesOf(text: string, subject: Subject): readonly GuestName[] {
  const names = linesOf(text).map((line) => ({ uuid: line.slice(0, 36), name: line.slice(37) }));
  if (names.every(({ uuid, name }) => isUuid(uuid) && name !== '')) return names;
  throw unexpected(subject, 'virsh printed something else than uuids and names');
}

const STATES: Readonly<Record<string, GuestRunState>> = { running: 'running', paused: 'paused', 'shut off': 'stopped' };

/** Reads the output of `dominfo`. */
export function guestStateOf(text: string, subject: Subject): GuestState {
  const labels = readLabels(text);
  const [name, uuid] = [labels.get('Name:'), labels.get('UUID:')];
  if (name === undefined || uuid === undefined || !isUuid(uuid))
    throw unexpected(subject, 'virsh printed no name and uuid');
  return {
    name,
    uuid,
    state: STATES[labels.get('State:') ?? ''] ?? 'other',
    active: labels.get('Id:') !== '-',
    persistent: labels.get('Persistent:') === 'yes',
  };
}

/** A row of `domifaddr`; devices of long names push the columns to the right. */
const ROW = /^ (.*\S) +(\S+) +(ipv4|ipv6|N\/A) +(\S+)$/;

/** Reads the output of `domifaddr --full`. Devices without an address have a row of `N/A`. */
export function addressesOf(text: string, subject: Subject): readonly GuestAddress[] {
  return linesOf(text).flatMap((line) => {
    const [, device = '', mac = '', family, shown = ''] = ROW.exec(line) ?? [];
    if (family === undefined) throw unexpected(subject, 'virsh printed a table of addresses that cannot be read');
    if (family === 'N/A') return [];
    const [address = '', prefix = ''] = shown.split('/');
    return [
      {
        device,
        ...(mac === 'N/A' ? {} : { mac }),
        family: family === 'ipv6' ? ('ipv6' as const) : ('ipv4' as const),
        address,
        prefix: Number(prefix),
      },
    ];
  });
}

const COUNTERS = {
  rxBytes: 'rx_bytes',
  rxPackets: 'rx_packets',
  rxErrors: 'rx_errs',
  rxDropped: 'rx_drop',
  txBytes: 'tx_bytes',
  txPackets: 'tx_packets',
  txErrors: 'tx_errs',
  txDropped: 'tx_drop',
} as const;

/** Reads the output of `domifstat`. A driver leaves out what it does not count. */
export function statisticsOf(text: string, subject: Subject): NicStatistics {
  const found = new Map(
    linesOf(text).map((line) => {
      const [counter = '', number = ''] = line.split(' ').slice(-2);
      return [counter, Number(number)] as const;
    }),
  );
  if (!found.has(COUNTERS.rxBytes) && !found.has(COUNTERS.txBytes))
    throw unexpected(subject, 'virsh printed no counters');
  const of = (counter: keyof typeof COUNTERS): number => found.get(COUNTERS[counter]) ?? 0;
  return {
    rxBytes: of('rxBytes'),
    rxPackets: of('rxPackets'),
    rxErrors: of('rxErrors'),
    rxDropped: of('rxDropped'),
    txBytes: of('txBytes'),
    txPackets: of('txPackets'),
    txErrors: of('txErrors'),
    txDropped: of('txDropped'),
  };
}
