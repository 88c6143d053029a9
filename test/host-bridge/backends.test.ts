import { describe, expect, it } from 'vitest';
import { BACKENDS, backendNamed, backendsFor, mayChange } from '../../src/host-bridge/render/backends.js';
import type { BackendName } from '../../src/index.js';

describe('the backends for a system', () => {
  it.each([
    ['netplan', 'netplan'],
    ['networkmanager', 'networkmanager, nmcli, nmstate, ifcfg'],
    ['networkd', 'networkd'],
    ['ifupdown', 'ifupdown'],
    ['ifcfg', 'ifcfg, libvirt'],
    ['wicked', 'wicked'],
  ] as const)('%s are %s, the usual one first', (system, names) => {
    expect(backendsFor(system).join(', ')).toBe(names);
  });

  it('leave out iproute2, which changes devices of every system until the next restart', () => {
    const iproute2 = backendNamed('iproute2');
    for (const { ownedBy } of BACKENDS) for (const system of ownedBy) expect(mayChange(iproute2, system)).toBe(true);
  });
});

describe('a backend', () => {
  it('has the name under which it is found', () => {
    for (const backend of BACKENDS) expect(backendNamed(backend.name)).toBe(backend);
  });

  it('that does not exist is an error that lists the others', () => {
    for (const name of ['ifconfig', 'toString'])
      expect(() => backendNamed(name as BackendName)).toThrow(
        expect.objectContaining({ code: 'INVALID_ARGUMENT', hint: expect.stringContaining('netplan') }),
      );
  });
});
