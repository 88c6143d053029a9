import type { GuestHandle, Guests } from 'libvirt-network/guests';
import { expect } from 'vitest';

export const MAC = ['52:54:00:00:00:01', '52:54:00:00:00:02', '52:54:00:00:00:03'] as const;

export const nic = (network: string, mac: string, more = ''): string =>
  `<interface type='network'><mac address='${mac}'/><source network='${network}'/><model type='virtio'/>${more}</interface>`;

const PLAIN = "<interface type='network'><source network='one'/><model type='virtio'/></interface>";

const escaped = (name: string): string => name.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** A machine without an operating system: it lets no NIC go. */
export const machine = (name: string, nics: readonly string[]): string =>
  `<domain type='qemu'><name>${escaped(name)}</name><memory unit='MiB'>32</memory><vcpu>1</vcpu>
<os><type arch='x86_64' machine='pc'>hvm</type></os><features><acpi/></features><devices>
<emulator>/run/sandbox/vm/qemu-system-x86_64</emulator>${nics.join('')}</devices></domain>`;

/** A host with virtual machines, and the way to its virsh. */
interface Scene {
  readonly all: Guests;
  readonly ask: (line: string) => string;
  /** Writes a file for virsh. @returns its path */
  readonly file: (xml: string) => string;
}

/** Defines a guest for a piece of work, in place of one of its name. */
async function withGuest(
  { all, ask, file }: Scene,
  nics: readonly string[],
  work: (guest: GuestHandle) => Promise<void>,
): Promise<void> {
  ask(`define ${file(machine('target', nics))}`);
  try {
    await work(await all.get('target'));
  } finally {
    ask('undefine target');
  }
}

const NAMES = ['5', 'a b', '$(reboot)', "it's", '-q', 'x;y', '<&>', 'ü', '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11'];

/** Calls that might meet another guest or another NIC than the one that is meant. */
export const TARGET_CASES: Readonly<Record<string, (scene: Scene) => Promise<void>>> = {
  'of any name are found, and no other': async ({ all, ask, file }) => {
    const macOf = (i: number) => `52:54:00:00:01:0${i}`;
    for (const [i, name] of NAMES.entries()) ask(`define ${file(machine(name, [nic('one', macOf(i))]))}`);
    try {
      const listed = (await all.list({ active: false })).map(({ state }) => state.name);
      expect(listed.filter((name) => NAMES.includes(name))).toEqual([...NAMES].sort());
      for (const [i, name] of NAMES.entries()) {
        const found = await all.get(name);
        expect(found.name).toBe(name);
        expect((await found.nics()).map(({ mac }) => mac)).toEqual([macOf(i)]);
        await found.detach(macOf(i));
      }
      await expect(all.get('nosuch')).rejects.toMatchObject({ code: 'GUEST_NOT_FOUND' });
    } finally {
      for (const { handle } of await all.list({ active: false }))
        if (NAMES.includes(handle.name)) ask(`undefine ${handle.uuid}`);
    }
  },
  'with one MAC address on two NICs are refused by it, and others are still found': (scene) =>
    withGuest(scene, [nic('one', MAC[0]), nic('two', MAC[0]), nic('two', MAC[1])], async (guest) => {
      for (const call of [
        () => guest.detach(MAC[0]),
        () => guest.setLink(MAC[0], 'down'),
        () => guest.bandwidth(MAC[0]),
      ])
        await expect(call()).rejects.toMatchObject({ code: 'NIC_AMBIGUOUS' });
      await expect(guest.attach(nic('one', MAC[1]))).rejects.toMatchObject({ code: 'MAC_IN_USE' });
      await guest.detach(MAC[1]);
      expect((await guest.nics()).map(({ mac }) => mac)).toEqual([MAC[0], MAC[0]]);
    }),
  'get a MAC address for each NIC that has none': (scene) =>
    withGuest(scene, [PLAIN, PLAIN], async (guest) => {
      const made = [await guest.attach(PLAIN), await guest.attach(PLAIN)];
      const macs = (await guest.nics()).map(({ mac }) => mac);
      expect(new Set(macs).size).toBe(4);
      expect(macs.slice(2)).toEqual(made.map(({ mac }) => mac));
    }),
  'with many NICs change the right one': (scene) =>
    withGuest(
      scene,
      Array.from({ length: 50 }, () => PLAIN),
      async (guest) => {
        const macs = (await guest.nics()).map(({ mac = '' }) => mac);
        expect(new Set(macs).size).toBe(50);
        const [mac = ''] = macs.slice(24);
        await guest.setLink(mac, 'down');
        const stored = await guest.nics({ stored: true });
        expect(stored.filter(({ document }) => document.link?.state === 'down').map((one) => one.mac)).toEqual([mac]);
        await guest.detach(mac);
        expect((await guest.nics()).map((one) => one.mac)).toEqual(macs.filter((one) => one !== mac));
      },
    ),
};
