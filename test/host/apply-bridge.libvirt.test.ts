import { HostBridge, ValidationError } from 'libvirt-network';
import { applyHostBridge, localRunner, recordingRunner } from 'libvirt-network/host';
import { describe, expect, it } from 'vitest';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';

needs('namespaces');

/** A host with nothing but loopback: every look at it is a new one. */
const runner = localRunner({ prefix: ['unshare', '-n'], label: 'an empty host' });

const refused = async (bridge: HostBridge): Promise<readonly string[]> => {
  const error = await caught(applyHostBridge(bridge, { runner, backend: 'iproute2' }));
  if (error instanceof ValidationError) return error.issues.map(({ code, message }) => `${code} ${message}`);
  throw error;
};

describe('applying a host bridge', () => {
  const lan = HostBridge.create('br0').address('192.168.1.10/24');

  it('says which card is not there, although its MAC address was to be copied', async () => {
    expect(await refused(lan.port('eno1'))).toEqual(['HOST_PORT_MISSING there is no device eno1']);
  });

  it('looks for the cards below bonds and VLAN devices, which it makes itself', async () => {
    expect(await refused(lan.bond('bond0', { devices: ['eno1', 'eno2'], mode: 'active-backup' }))).toEqual([
      'HOST_PORT_MISSING there is no device eno1',
      'HOST_PORT_MISSING there is no device eno2',
    ]);
    expect(await refused(lan.vlanPort('eno1', 42))).toEqual(['HOST_PORT_MISSING there is no device eno1']);
  });

  it('looks at the host once before it plans', async () => {
    const recorder = recordingRunner(runner);
    const outcome = await applyHostBridge(lan, { runner: recorder, backend: 'iproute2', dryRun: true });
    expect(outcome.state).toBe('planned');
    const looks = recorder.requests.filter(({ args }) => args.join(' ').includes('ip -j -d link show'));
    expect(looks).toHaveLength(1);
  });

  it('says what is wrong with the bridge itself before it looks further', async () => {
    const error = await caught(applyHostBridge(lan.mtu(20), { runner, backend: 'iproute2' }));
    expect(error).toBeInstanceOf(ValidationError);
  });
});
