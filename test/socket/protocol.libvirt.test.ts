import { describe, expect, it } from 'vitest';
import { FILTER_CALLS } from '../../src/socket/wire/filter-procedures.js';
import { GUEST_CALLS, GUEST_EVENTS } from '../../src/socket/wire/guest-procedures.js';
import { CALLS, EVENTS } from '../../src/socket/wire/procedures.js';
import { DATA_RELEASES, libvirtData } from '../support/corpus.js';
import { needs } from '../support/needs.js';
import { Protocol } from './protocol.js';

needs('libvirt data of every release');

const procedures = Object.entries({ ...CALLS, ...FILTER_CALLS, ...GUEST_CALLS, ...EVENTS, ...GUEST_EVENTS });

const SINCE_9_7 = ['NETWORK_SET_METADATA', 'NETWORK_GET_METADATA', 'NETWORK_EVENT_CALLBACK_METADATA_CHANGE'];

describe.each(DATA_RELEASES)("the table of procedures is that of libvirt %s's own description", (release) => {
  const protocol = new Protocol(libvirtData(release).read('src/remote', 'remote_protocol.x'));

  it('lacks what is newer, and nothing else', () => {
    const missing = procedures.flatMap(([name]) => (protocol.has(name) ? [] : [name]));
    expect(missing).toEqual(release === '9.0' ? SINCE_9_7 : []);
  });

  it.each(procedures.filter(([name]) => protocol.has(name)))('%s', (name, { number, args, reply }) => {
    expect({ number, args: args.layout, reply: reply.layout }).toEqual(protocol.procedure(name));
  });
});
