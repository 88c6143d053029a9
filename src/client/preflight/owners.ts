import type { HostDevice } from '../state/host-view.js';
import type { ConflictOwner } from './types.js';

/** Names that programs give to the devices that they make. */
const PROGRAMS: readonly (readonly [program: string, name: RegExp])[] = [
  ['Docker', /^(?:docker\d+|docker_gwbridge|br-[0-9a-f]{12})$/],
  ['Podman', /^(?:podman\d+|cni-podman\d+)$/],
  ['Kubernetes', /^(?:cni\d+|flannel\.\d+|cali.+|cilium_.+|kube-ipvs\d+|weave)$/],
  ['LXD or Incus', /^(?:lxdbr\d+|incusbr\d+)$/],
  ['LXC', /^lxcbr\d+$/],
  ['VirtualBox', /^vboxnet\d+$/],
  ['VMware', /^vmnet\d+$/],
  ['WireGuard', /^wg\d+$/],
  ['Tailscale', /^tailscale\d+$/],
  ['a VPN', /^(?:tun|tap|ppp)\d+$/],
  ['Multipass', /^mpqemubr\d+$/],
];

/** A device as an owner. */
export function ownerOfDevice({ name, kind }: Pick<HostDevice, 'name' | 'kind'>): ConflictOwner {
  const program = PROGRAMS.find(([, pattern]) => pattern.test(name))?.[0];
  const known = program ?? (kind === 'wireguard' ? 'WireGuard' : undefined);
  return { kind: 'device', name, ...(known === undefined ? {} : { program: known }) };
}

/** An owner in words: `network "lab"`, `device docker0 (Docker)`. */
export function describeOwner({ kind, name, program }: ConflictOwner): string {
  if (kind === 'network') return `network "${name}"`;
  return `${kind} ${name}${program === undefined ? '' : ` (${program})`}`;
}
