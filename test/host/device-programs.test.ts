import { describe, expect, it } from 'vitest';
import { isContainerDevice, programOfDevice } from '../../src/host-facts/device-programs.js';

const ENGINES: readonly (readonly [device: string, program: string])[] = [
  ['docker0', 'Docker'],
  ['docker_gwbridge', 'Docker'],
  ['br-0123456789ab', 'Docker'],
  ['podman1', 'Podman'],
  ['cni-podman0', 'Podman'],
  ['cni0', 'Kubernetes'],
  ['lxdbr0', 'LXD or Incus'],
  ['incusbr0', 'LXD or Incus'],
  ['lxcbr0', 'LXC'],
];

describe('the program that makes a device', () => {
  it.each(ENGINES)('%s is known by its name as a device of %s, a container engine', (name, program) => {
    expect(programOfDevice({ name })).toBe(program);
    expect(isContainerDevice(name)).toBe(true);
  });

  it('can be one that has nothing to do with containers', () => {
    expect(programOfDevice({ name: 'vboxnet0' })).toBe('VirtualBox');
    expect(programOfDevice({ name: 'office', kind: 'wireguard' })).toBe('WireGuard');
    expect(isContainerDevice('vboxnet0')).toBe(false);
  });

  it('is not known for names that people give', () => {
    for (const name of ['br0', 'br-lan', 'dockerbr', 'eno1']) {
      expect(programOfDevice({ name, kind: 'bridge' })).toBeUndefined();
      expect(isContainerDevice(name)).toBe(false);
    }
  });
});
