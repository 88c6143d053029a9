import { type OptionNames, optionsOf } from '../../options/options.js';
import { checkSignal } from '../../options/values.js';
import { OUTSIDE_MARK, XML_MARK } from '../../ovn-model/northbound-rows.js';
import type { OvsdbRow } from '../../ovn-model/values.js';
import { BoundedQueue } from '../../transport/event-queue.js';
import { EVENT_OPTIONS, EventReader } from '../../transport/event-stream.js';
import type { EventOptions } from '../../transport/operations.js';
import { type Round, reconnecting } from '../../transport/reconnect.js';
import { checkFlag, checkFunction } from '../check-options.js';
import type { UpdatedRow } from '../database/apply-updates.js';
import type { Report } from '../monitor.js';
import type { Ovsdb } from '../ovsdb.js';
import { ByName } from './by-name.js';
import { FORMAT, MARKS, markOf, type OwnRow, ownRowOf, textIn } from './own-rows.js';
import { seenPort } from './ports.js';
import { isGuest } from './stored.js';

/** Options of `OvnNetworks.events`. */
export type OvnEventOptions = Omit<EventOptions, 'metadata'>;

/** Kinds of changes: those of networks are libvirt's. */
export type OvnEventType =
  | 'defined'
  | 'undefined'
  | 'started'
  | 'stopped'
  | 'port-added'
  | 'port-removed'
  | 'port-up'
  | 'port-down'
  | 'gap';

/** A change of a network on OVN, or of a guest's port in it. */
export interface OvnNetworkEvent {
  /**
   * `defined`: the network is new or changed, and a new one has `started` as well; `port-up`: a guest is plugged in on a host; `port-down`: it is
   * not any more; `gap`: events may be missing here, since the reader was slow or the connection was lost. Read the state again.
   */
  readonly type: OvnEventType;
  /** Name of the network; empty for a gap. */
  readonly network: string;
  /** Time when this program has heard of it. */
  readonly at: Date;
  /** The port, of events of ports. */
  readonly port?: { readonly id: string; readonly mac: string } | undefined;
}

const OPTIONS: OptionNames<OvnEventOptions> = (({ metadata, ...names }) => names)(EVENT_OPTIONS);

const where = [['external_ids', 'includes', { [MARKS.format]: FORMAT }]] as const;

/** Ports and definitions; other rows of a network follow from these. */
const WATCHES = {
  Logical_Switch: { where, columns: ['name', 'external_ids'] },
  Logical_Switch_Port: { where, columns: ['name', 'external_ids', 'addresses', 'up'] },
};

const gapAt = (at: Date): OvnNetworkEvent => ({ type: 'gap', network: '', at });

/** Streams the changes of all networks. */
export function eventsOf(database: Ovsdb, closed: AbortSignal, given: OvnEventOptions): AsyncIterable<OvnNetworkEvent> {
  const { signal, buffer, ...options } = optionsOf(given, OPTIONS, 'events');
  checkSignal(signal);
  checkFlag('reconnect', options.reconnect);
  checkFunction('onListening', options.onListening);
  const limits = { subject: { operation: 'network.events', label: database.label } as const, signal, closed };
  const feed = reconnecting<OvnNetworkEvent>(options, (round, stop) => listen(database, round, stop));
  return { [Symbol.asyncIterator]: () => new EventReader(new BoundedQueue(gapAt, buffer), feed, limits) };
}

function listen(database: Ovsdb, round: Round<OvnNetworkEvent>, stop: AbortSignal) {
  const changes = new Changes((event) => round.hear(event));
  const hear = (report: Report) => {
    changes.hear(report);
    if (report.isWhole) round.listening();
  };
  return database.listen(WATCHES, hear, stop);
}

/** Finds out what rows that have changed mean for networks. */
class Changes {
  readonly #tell: (event: OvnNetworkEvent) => void;
  readonly #known = new Map<string, OwnRow>();
  /** Switches by their networks: more than one where somebody has copied a switch by hand. */
  readonly #switches = new ByName<OwnRow>();

  constructor(tell: (event: OvnNetworkEvent) => void) {
    this.#tell = tell;
  }

  /** The first report says what is there; later ones what has changed. */
  hear({ isWhole, changes }: Report): void {
    const events = changes.flatMap((change) => this.#eventsOf(change));
    if (isWhole) return;
    // A network comes before its ports, and goes after them.
    for (const event of events.filter(({ type }) => type === 'defined' || type === 'started')) this.#tell(event);
    for (const event of events.filter(({ port }) => port !== undefined)) this.#tell(event);
    for (const event of events.filter(({ type }) => type === 'undefined' || type === 'stopped')) this.#tell(event);
  }

  #eventsOf(change: UpdatedRow): readonly OvnNetworkEvent[] {
    const [before, after] = [this.#known.get(change.uuid), ownRowOf(change)];
    if (after === undefined) this.#known.delete(change.uuid);
    else this.#known.set(change.uuid, after);
    const row = after ?? before;
    const network = row === undefined ? undefined : markOf(row.row, 'network');
    if (row === undefined || network === undefined) return [];
    const about = { network, at: new Date() };
    if (isGuest(row)) return portEvents(before?.row, after?.row).map((type) => ({ ...about, type, port: portIn(row) }));
    if (row.key !== 'switch') return [];
    this.#switches.delete(change.uuid);
    const hasCopy = this.#switches.of(network).length > 0;
    if (after !== undefined) this.#switches.set(change.uuid, network, after);
    return networkEvents(before?.row, after?.row, hasCopy).map((type) => ({ ...about, type }));
  }
}

const portIn = ({ row }: OwnRow) => (({ id, mac }) => ({ id, mac }))(seenPort(row));

/** @param hasCopy - true if another switch of the network is there, so that the network neither comes nor goes */
function networkEvents(
  before: OvsdbRow | undefined,
  after: OvsdbRow | undefined,
  hasCopy: boolean,
): readonly OvnEventType[] {
  if (hasCopy && (before === undefined || after === undefined)) return ['defined'];
  if (before === undefined) return ['defined', 'started'];
  if (after === undefined) return ['stopped', 'undefined'];
  const isSame = [XML_MARK, OUTSIDE_MARK, MARKS.owner].every((key) => textIn(before, key) === textIn(after, key));
  return isSame ? [] : ['defined'];
}

function portEvents(before: OvsdbRow | undefined, after: OvsdbRow | undefined): readonly OvnEventType[] {
  const [wasUp, isUp] = [before?.['up'] === true, after?.['up'] === true];
  return [
    ...(before === undefined ? (['port-added'] as const) : []),
    ...(isUp && !wasUp ? (['port-up'] as const) : []),
    ...(wasUp && !isUp ? (['port-down'] as const) : []),
    ...(after === undefined ? (['port-removed'] as const) : []),
  ];
}
