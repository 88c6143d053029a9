/** A program that makes devices on hosts, and the names that it gives them. */
interface DeviceProgram {
  readonly name: string;
  readonly pattern: RegExp;
  /** True if its bridges connect containers. */
  readonly isContainerEngine: boolean;
}

const engine = (name: string, pattern: RegExp): DeviceProgram => ({ name, pattern, isContainerEngine: true });
const other = (name: string, pattern: RegExp): DeviceProgram => ({ name, pattern, isContainerEngine: false });

const PROGRAMS: readonly DeviceProgram[] = [
  engine('Docker', /^(?:docker\d+|docker_gwbridge|br-[0-9a-f]{12})$/),
  engine('Podman', /^(?:podman\d+|cni-podman\d+)$/),
  engine('Kubernetes', /^(?:cni\d+|flannel\.\d+|cali.+|cilium_.+|kube-ipvs\d+|weave)$/),
  engine('LXD or Incus', /^(?:lxdbr\d+|incusbr\d+)$/),
  engine('LXC', /^lxcbr\d+$/),
  other('VirtualBox', /^vboxnet\d+$/),
  other('VMware', /^vmnet\d+$/),
  other('WireGuard', /^wg\d+$/),
  other('Tailscale', /^tailscale\d+$/),
  other('a VPN', /^(?:tun|tap|ppp)\d+$/),
  other('Multipass', /^mpqemubr\d+$/),
];

/** The program that a device is made by, as far as its name and kind tell. */
export const programOfDevice = ({
  name,
  kind,
}: {
  readonly name: string;
  readonly kind?: string | undefined;
}): string | undefined =>
  PROGRAMS.find(({ pattern }) => pattern.test(name))?.name ?? (kind === 'wireguard' ? 'WireGuard' : undefined);

/** Tells whether a container engine gives its devices such a name. */
export const isContainerDevice = (name: string): boolean =>
  PROGRAMS.some(({ pattern, isContainerEngine }) => isContainerEngine && pattern.test(name));
