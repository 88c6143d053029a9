// A daemon speaks the language of its own environment. Where its words cannot tell, the number of the error and the state of the
// network do.
import type { ErrorCode } from '../errors/index.js';
import { isInEnglish } from '../errors/libvirt.js';
import type { NetworkDocument } from '../schema/network/network.js';
import { changesHost } from '../transport/libvirt-error.js';
import type { NetworkInput, Operation, Operations } from '../transport/operations.js';
import { type Asking, orUndefined } from './asking.js';
import { capabilitiesOf } from './operations.js';
import { Refusal } from './wire/errors.js';
import { CALLS, type NetworkName } from './wire/procedures.js';

/** `virErrorNumber` of libvirt, as far as a number has several codes. */
const NUMBERS = {
  internalError: 1,
  operationFailed: 9,
  operationDenied: 29,
  rpc: 39,
  operationInvalid: 55,
  operationUnsupported: 84,
} as const;

/** A refused operation. */
interface RefusedCall {
  readonly operation: Operation;
  readonly input: Operations[Operation]['input'];
}

/** Gives a refusal in another language the code that it has in English, as far as that can be found. */
export async function understood(refusal: Refusal, call: RefusedCall, asking: Asking): Promise<Refusal> {
  const { number, message } = refusal;
  if (isInEnglish(message, number)) return refusal;
  const code = await codeOf(number, call, asking).catch(() => undefined);
  return code === undefined ? refusal : new Refusal(number, message, { code, cause: refusal });
}

async function codeOf(number: number, call: RefusedCall, asking: Asking): Promise<ErrorCode | undefined> {
  switch (number) {
    case NUMBERS.internalError:
      return (await isBridgeTaken(call, asking)) ? 'BRIDGE_IN_USE' : undefined;
    case NUMBERS.operationFailed:
      return (await isTaken(call, asking)) ? 'NETWORK_EXISTS' : undefined;
    case NUMBERS.operationDenied:
      return changesHost(call.operation) ? 'READ_ONLY' : undefined;
    case NUMBERS.rpc:
      return (await isTooOld(call.operation, asking)) ? 'UNSUPPORTED' : undefined;
    case NUMBERS.operationInvalid:
      return codeOfState(call, asking);
    case NUMBERS.operationUnsupported:
      return call.operation === 'network.update' ? 'UPDATE_REFUSED' : undefined;
    default:
      return undefined;
  }
}

/** Operations that libvirt refuses with `operationInvalid` for one state of the network alone, and the code of that. */
const WHILE_ACTIVE: ReadonlySet<Operation> = new Set(['network.start']);
const WHILE_TRANSIENT: ReadonlySet<Operation> = new Set(['network.undefine', 'network.autostart']);
const WHILE_INACTIVE: ReadonlySet<Operation> = new Set([
  'network.destroy',
  'network.ports',
  'port.dump',
  'port.create',
  'port.delete',
]);

async function codeOfState({ operation, input }: RefusedCall, asking: Asking): Promise<ErrorCode | undefined> {
  // The name of a network that is not there yet can be that of a running one.
  if (operation === 'network.create') return 'NETWORK_ACTIVE';
  if (!('network' in input)) return undefined;
  const { active, persistent } = await stateOf(input, asking);
  const { live = false, config = false } = 'live' in input ? input : {};
  if (active && WHILE_ACTIVE.has(operation)) return 'NETWORK_ACTIVE';
  if (!active && (live || WHILE_INACTIVE.has(operation))) return 'NETWORK_INACTIVE';
  if (!persistent && (config || WHILE_TRANSIENT.has(operation))) return 'NETWORK_TRANSIENT';
  return operation === 'network.update' ? 'UPDATE_REFUSED' : undefined;
}

async function stateOf(named: NetworkInput, asking: Asking) {
  const net = await asking.network(named);
  const [{ active }, { persistent }] = await Promise.all([
    asking.read(CALLS.NETWORK_IS_ACTIVE, { net }),
    asking.read(CALLS.NETWORK_IS_PERSISTENT, { net }),
  ]);
  return { active: active === 1, persistent: persistent === 1 };
}

/** Tells whether a daemon is of a release before the operation. */
async function isTooOld(operation: Operation, asking: Asking): Promise<boolean> {
  const { missing } = await capabilitiesOf(asking);
  return missing.includes(operation);
}

/** Reads the document of a call that brings one. */
async function documentOf({ operation, input }: RefusedCall): Promise<NetworkDocument | undefined> {
  if ((operation !== 'network.define' && operation !== 'network.create') || !('xml' in input)) return undefined;
  const { findInNetwork } = await import('../schema/network/read.js');
  return typeof input.xml === 'string' ? findInNetwork(input.xml).document : undefined;
}

/** Tells whether a network has the name or the uuid of a document. */
async function isTaken(call: RefusedCall, asking: Asking): Promise<boolean> {
  const document = await documentOf(call);
  if (document === undefined) return false;
  const { name, uuid } = document;
  const found = await Promise.all([
    orUndefined(asking.read(CALLS.NETWORK_LOOKUP_BY_NAME, { name })),
    uuid === undefined ? undefined : orUndefined(asking.read(CALLS.NETWORK_LOOKUP_BY_UUID, { uuid })),
  ]);
  return found.some((one) => one !== undefined);
}

/** Tells whether another network has the bridge of a document. */
async function isBridgeTaken(call: RefusedCall, asking: Asking): Promise<boolean> {
  const document = await documentOf(call);
  const wanted = document?.bridge?.name;
  if (document === undefined || wanted === undefined) return false;
  const { nets } = await asking.read(CALLS.CONNECT_LIST_ALL_NETWORKS, { need_results: 1, flags: 0 });
  const others = nets.filter(({ name }) => name !== document.name);
  const bridges = await Promise.all(others.map((net) => bridgeOf(net, asking)));
  return bridges.includes(wanted);
}

/** Returns the bridge of a network; many a network has none. */
const bridgeOf = (net: NetworkName, asking: Asking): Promise<string | undefined> =>
  asking.read(CALLS.NETWORK_GET_BRIDGE_NAME, { net }).then(
    ({ name }) => name,
    () => undefined,
  );
