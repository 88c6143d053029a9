// #region labs
import {
  type CallOptions,
  type Host,
  LibvirtError,
  type NatNetwork,
  type NetworkHandle,
  type NetworkState,
} from 'libvirt-network';

/** A virtual machine that is to have the same address always. */
export interface Guest {
  readonly mac: string;
  readonly name: string;
  readonly ip: string;
}

const isCode = (error: unknown, code: string): boolean => LibvirtError.is(error) && error.code === code;

/** Stores a lab, and sees to it that it runs now and after the next boot. A lab that runs goes on as it is. */
export async function bringUp(host: Host, lab: NatNetwork, options: CallOptions = {}): Promise<NetworkHandle> {
  await host.networks.define(lab, options);
  const net = await host.networks.get(lab.name, options);
  if (!(await net.info(options)).active) await net.start(options);
  await net.setAutostart(true, options);
  return net;
}

/** Reserves an address for a guest, if that has not been done, without stopping anything. */
export async function admit(net: NetworkHandle, guest: Guest): Promise<void> {
  try {
    await net.update('ip-dhcp-host', 'add-last', guest);
  } catch (error) {
    if (!isCode(error, 'UPDATE_REFUSED')) throw error;
  }
}

/** The address that a guest has asked for and got. */
export async function addressOf(net: NetworkHandle, { mac }: Guest, timeoutMs: number): Promise<string | undefined> {
  try {
    return (await net.waitForLease({ mac }, { timeoutMs })).address;
  } catch (error) {
    if (isCode(error, 'TIMEOUT')) return undefined;
    throw error;
  }
}

/** Takes a lab away, whatever state it is in. */
export async function takeDown(host: Host, name: string): Promise<void> {
  const net = await host.networks.get(name).catch((error: unknown) => {
    if (!isCode(error, 'NETWORK_NOT_FOUND')) throw error;
  });
  if (net === undefined) return;
  const { active, persistent } = await net.info();
  if (active) await net.destroy();
  if (persistent) await net.undefine();
}

/** One line for each lab. */
export async function report(host: Host): Promise<string[]> {
  const line = ({ name, active, autostart }: NetworkState) =>
    `${name}: ${active ? 'up' : 'down'}${autostart ? ', starts with the host' : ''}`;
  return (await host.networks.states()).map(line);
}
// #endregion
