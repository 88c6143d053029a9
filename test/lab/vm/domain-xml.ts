export type VmOptions = VmNic & {
  /** True if it has a stored definition, so that it can be started again. Default: false. */
  readonly stored?: boolean;
};

type VmNic =
  | {
      /** The running network that its NIC is in. */
      readonly network: string;
      /** MAC address of the NIC; libvirt makes one by default. */
      readonly mac?: string;
    }
  | {
      /** Its NIC. */
      readonly nic: { toXml(): string };
    };

/** Where a daemon sees the part of the cache with QEMU, and its own files of virtual machines. */
const [PARTS, FILES] = ['/run/sandbox/vm', '/var/lib/libvirt/vm'];

/** The domain of a virtual machine with one NIC; its processor is emulated, so that it runs everywhere. */
export const domainXml = (name: string, options: VmOptions): string =>
  `<domain type='qemu'><name>${name}</name><memory unit='MiB'>96</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type><kernel>${PARTS}/vmlinuz</kernel><initrd>${PARTS}/initrd.gz</initrd>
<cmdline>console=ttyS0 quiet panic=1 guest=${name}</cmdline></os><features><acpi/><apic/></features>
<devices><emulator>${PARTS}/qemu-system-x86_64</emulator>
${nicXml(options)}
<serial type='file'><source path='${FILES}/${name}.log'/><target port='0'/></serial>
<channel type='unix'><source mode='bind' path='${FILES}/${name}.sock'/><target type='virtio' name='shell'/></channel>
</devices></domain>
`;

function nicXml(options: VmNic): string {
  if ('nic' in options) return options.nic.toXml();
  const { network, mac } = options;
  return `<interface type='network'>${mac === undefined ? '' : `<mac address='${mac}'/>`}<source network='${network}'/><model type='virtio'/></interface>`;
}
