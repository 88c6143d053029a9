import { REMEDIES } from '../../errors/remedies.js';
import type { NetworkDocument } from '../../schema/network/network.js';
import { clashesBetween, type PortForward, portsText } from '../../schema/port-forward.js';
import { portForwardsIn } from '../../schema/port-forward-metadata.js';
import type { Conflict, Neighbour } from './types.js';

/** A network and the ports of the host that it forwards. */
export interface ForwardingNetwork {
  readonly name: string;
  readonly forwards: readonly PortForward[];
}

/** Finds the ports of the host that other networks forward too, running or stored. libvirt does not look at them. */
export const portConflicts = (desired: NetworkDocument, others: readonly Neighbour[]): Conflict[] =>
  portConflictsWith(
    portForwardsIn(desired),
    others.map(({ name, live, stored }) => ({
      name,
      forwards: [live, stored].flatMap((document) => (document === undefined ? [] : portForwardsIn(document))),
    })),
  );

/** The same for forwards that are known. */
export const portConflictsWith = (forwards: readonly PortForward[], others: readonly ForwardingNetwork[]): Conflict[] =>
  others.flatMap(({ name, forwards: theirs }) => {
    const messages = clashesBetween(forwards, theirs).map(
      ({ forward, other }) => `${portsText(forward)} is forwarded to ${other.to.ip} by network "${name}"`,
    );
    // A network that runs has most of its forwards twice.
    return [...new Set(messages)].map((message) => ({
      code: 'PORT_IN_USE',
      path: 'metadata',
      message,
      owner: { kind: 'network', name },
      refused: false,
      hint: REMEDIES.PORT_IN_USE,
    }));
  });
