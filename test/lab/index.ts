/** The lab: real libvirt daemons with guests and virtual machines, for tests. README.md introduces it. */
import { Daemon, type DaemonOptions } from './daemon.js';
import { LabHost } from './host/host.js';
import { Ovn, type OvnOptions } from './ovn/ovn.js';
import type { DaemonRelease } from './recipes.js';

export type { Daemon } from './daemon.js';
export type { Guest, GuestOptions } from './guest.js';
export type { LabHost } from './host/host.js';
export { OUTSIDE } from './outside.js';
export type { OvnGuest } from './ovn/guest.js';
export { LibvirtHosts } from './ovn/libvirt-hosts.js';
export type { Ovn } from './ovn/ovn.js';
export { OvsdbServers } from './ovn/ovsdb.js';
export { PingingGuest } from './pinging-guest.js';
export type { Probe } from './probe.js';
export { RELEASES, type Release } from './recipes.js';
export { viewThrough } from './view.js';
export type { Vm } from './vm/vm.js';

/** Starts a daemon of a release on a host of its own. It ends with this process at the latest. */
export const startDaemon = (release: DaemonRelease, options?: DaemonOptions): Daemon => Daemon.start(release, options);

/** Starts a host without libvirt, with a NIC and a LAN. It ends with this process at the latest. */
export const startHost = (): Promise<LabHost> => LabHost.start();

export const lab = {
  /** Starts hosts with Open vSwitch and OVN. They end with this process at the latest. */
  ovn: (options?: OvnOptions): Ovn => Ovn.start(options),
};
