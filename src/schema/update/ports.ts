import type { ForwardInterface } from '../network/forward.js';
import type { NetworkDocument } from '../network/network.js';
import type { PortGroup } from '../network/ports.js';
import { added, without } from './lists.js';
import { refuse } from './refusal.js';
import type { UpdateCommand } from './request.js';

/** Adds a device to the pool or takes one out that nobody uses. */
export function updateInterface(
  document: NetworkDocument,
  command: UpdateCommand,
  device: ForwardInterface,
): NetworkDocument {
  if (command === 'modify')
    refuse(
      'UPD_IF_MODIFY',
      'forward interface entries cannot be modified, only added or deleted',
      'OPERATION_UNSUPPORTED',
    );
  const { forward } = document;
  const interfaces = forward?.interfaces ?? (forward?.dev === undefined ? [] : [{ dev: forward.dev }]);
  const place = interfaces.findIndex(({ dev }) => dev === device.dev);
  // An isolated network has nowhere to keep a device: libvirt says yes and forgets it.
  if (forward === undefined && command !== 'delete') return document;
  const next =
    command === 'delete'
      ? removed(document.name, interfaces, place, device.dev)
      : entered(document.name, interfaces, place, device, command);
  // The shorthand always names the first of the list.
  const { dev: _, ...rest } = forward ?? {};
  return { ...document, forward: { ...rest, interfaces: next } };
}

function removed(
  name: string,
  interfaces: readonly ForwardInterface[],
  place: number,
  dev: string,
): ForwardInterface[] {
  const found = interfaces[place];
  if (found === undefined)
    return refuse(
      'UPD_IF_MISSING',
      `couldn't find an interface entry in network '${name}' matching <interface dev='${dev}'>`,
    );
  if ((found.connections ?? 0) > 0) {
    refuse(
      'UPD_IF_BUSY',
      `unable to delete interface '${dev}' in network '${name}'. It is currently being used  by ${found.connections} domains.`,
    );
  }
  return without(interfaces, place);
}

function entered(
  name: string,
  interfaces: readonly ForwardInterface[],
  place: number,
  device: ForwardInterface,
  command: UpdateCommand,
): ForwardInterface[] {
  if (place !== -1)
    refuse(
      'UPD_IF_EXISTS',
      `there is an existing interface entry in network '${name}' that matches "<interface dev='${device.dev}'>"`,
    );
  return added(interfaces, device, command);
}

/** Adds, replaces or takes away a port group; they are known by their name. */
export function updatePortGroup(document: NetworkDocument, command: UpdateCommand, group: PortGroup): NetworkDocument {
  const { name, portgroups: groups = [] } = document;
  const place = groups.findIndex((other) => other.name === group.name);
  if (place === -1 && (command === 'modify' || command === 'delete')) {
    refuse(
      'UPD_PG_MISSING',
      `couldn't find a portgroup entry in network '${name}' matching <portgroup name='${group.name}'>`,
    );
  }
  if (place !== -1 && command !== 'modify' && command !== 'delete') {
    refuse(
      'UPD_PG_EXISTS',
      `there is an existing portgroup entry in network '${name}' that matches "<portgroup name='${group.name}'>"`,
    );
  }
  if (command === 'delete') return { ...document, portgroups: without(groups, place) };
  const other = groups.find((one, i) => i !== place && one.default);
  if (group.default && other !== undefined) {
    refuse(
      'UPD_PG_DEFAULT',
      `a different portgroup entry in network '${name}' is already set as the default. Only one default is allowed.`,
    );
  }
  return { ...document, portgroups: command === 'modify' ? groups.with(place, group) : added(groups, group, command) };
}
