import { connect, IsolatedNetwork, LibvirtError, type Transport } from 'libvirt-network';
import { nicsOf } from 'libvirt-network/guests';
import { socket } from 'libvirt-network/socket';
import { mockTransport } from 'libvirt-network/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Daemon, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { announce, type Random, runs } from '../support/random.js';

needs('daemon 9.0', 'virsh', 'virtual machines');

const RELEASE = '9.0.0';
const MACS = [1, 2, 3].map((i) => `52:54:00:00:00:0${i}`);
const SOURCES = [
  "type='network'><source network='one'/>",
  "type='network'><source network='two'/>",
  "type='network'><source network='off'/>",
  "type='network'><source network='gone'/>",
  "type='bridge'><source bridge='hostbr'/>",
  "type='user'>",
];
const MODELS = ['', "<model type='virtio'/>", "<model type='e1000'/>"];
const LINKS = ['', '', "<link state='down'/>"];
/** What a running guest, or any, is refused. */
const PARTS = [
  "<boot order='1'/>",
  "<rom bar='off'/>",
  "<rom enabled='no'/>",
  "<filterref filter='nosuch'/>",
  "<filterref filter='no-mac-broadcast'/>",
  "<alias name='ua-one'/>",
  "<address type='pci' domain='0x0000' bus='0x00' slot='0x1d' function='0x0'/>",
  "<mtu size='1400'/>",
  '<tune><sndbuf>1000</sndbuf></tune>',
  "<target dev='tapone'/>",
  "<script path='/bin/true'/>",
  "<driver queues='2'/>",
];

/** A step: what is asked, of which copies, with which NIC. */
interface Step {
  readonly operation: 'guest.attach' | 'guest.detach' | 'guest.update';
  readonly xml: string;
  readonly live: boolean;
  readonly config: boolean;
}

const pick = <T>(random: Random, list: readonly T[]): T => random.pick(list);

/** A NIC, mostly one with a MAC address that others may have too. */
function randomNic(random: Random): string {
  const mac = random.int(0, 5) === 0 ? '' : `<mac address='${pick(random, MACS)}'/>`;
  const source = pick(random, SOURCES);
  // Types of one's own network have rules of their own for these.
  const part = random.int(0, 2) === 0 && !source.includes("'user'") ? pick(random, PARTS) : '';
  return `<interface ${source}${mac}${pick(random, MODELS)}${part}${pick(random, LINKS)}</interface>`;
}

const STORED = { live: false, config: true };
const LIVE = { live: true, config: false };
const COPIES = [STORED, STORED, STORED, LIVE, { live: true, config: true }];

const storedSteps = (random: Random): readonly Step[] =>
  random.list(2, 8, () => ({
    operation: pick(random, ['guest.attach', 'guest.attach', 'guest.detach', 'guest.update'] as const),
    xml: randomNic(random),
    ...pick(random, COPIES),
  }));

/** Without an operating system a guest lets no NIC go, so that nothing is detached. */
const liveSteps = (random: Random): readonly Step[] =>
  random.list(2, 6, () => ({
    operation: pick(random, ['guest.attach', 'guest.update'] as const),
    xml: randomNic(random),
    ...pick(random, [LIVE, LIVE, STORED, { live: true, config: true }]),
  }));

/** What both say of a guest, without what is made at random. */
async function seen(transport: Transport, guest: string): Promise<unknown> {
  const { xml = '', inactiveXml } = await transport.call('guest.lookup', { guest, xml: true });
  return [xml, inactiveXml].map((text) =>
    text === undefined
      ? undefined
      : nicsOf(text).map(({ kind, mac = '', document, network }) => ({
          kind,
          mac: MACS.includes(mac) ? mac : 'made',
          network,
          bridge: network === undefined && kind === 'bridge' ? document.source : undefined,
          model: document.model?.type,
          link: document.link?.state,
        })),
  );
}

async function outcome(transport: Transport, guest: string, { operation, ...input }: Step): Promise<string> {
  try {
    await transport.call(operation, { guest, ...input });
    return 'done';
  } catch (error) {
    return LibvirtError.is(error) ? error.code : String(error);
  }
}

describe('the mock and a real daemon', () => {
  let daemon: Daemon;
  let real: Transport;
  const networks = ['one', 'two', 'off'].map((name) => IsolatedNetwork.create(name).bridge(`br-${name}`));
  beforeAll(async () => {
    daemon = startDaemon('9.0');
    daemon.inside('ip link add hostbr type bridge; ip link set hostbr up');
    real = socket({ uri: daemon.uriOf('qemu') });
    const host = connect(real);
    for (const network of networks) await host.networks.ensure(network, { running: network.name !== 'off' });
    daemon.inside(`cat > /run/d.xml <<'END'
<domain type='qemu'><name>d</name><memory unit='MiB'>32</memory><vcpu>1</vcpu><os><type arch='x86_64' machine='pc'>hvm</type></os>
<features><acpi/></features><devices><emulator>/run/sandbox/vm/qemu-system-x86_64</emulator></devices></domain>
END`);
  });
  afterAll(async () => {
    await real.close();
    daemon.stop();
  });

  /** Takes the same steps on both, and compares after each. */
  async function compare(steps: readonly Step[], active: boolean): Promise<void> {
    const virsh = (commands: string) => daemon.inside(`virsh -q -c qemu:///system "${commands}" >/dev/null`);
    virsh(`define /run/d.xml${active ? '; start --paused d' : ''}`);
    try {
      const mock = mockTransport({ networks, libvirt: RELEASE });
      const host = connect(mock);
      for (const name of ['one', 'two']) await (await host.networks.get(name)).start();
      mock.addGuest({ name: 'd', active, holdsNics: true });
      const { uuid } = await real.call('guest.lookup', { guest: 'd' });
      for (const [i, step] of steps.entries()) {
        const trace = JSON.stringify(steps.slice(0, i + 1), null, 1);
        expect(await outcome(mock, 'd', step), trace).toBe(await outcome(real, uuid, step));
        expect(await seen(mock, 'd'), trace).toEqual(await seen(real, uuid));
      }
    } finally {
      virsh(`${active ? 'destroy d; ' : ''}undefine d`);
    }
  }

  it('do the same to stored NICs', { timeout: 900_000 }, async () => {
    const count = runs(450, 20);
    const random = announce('sequences on stored NICs', count);
    for (let i = 0; i < count; i++) await compare(storedSteps(random), false);
  });

  it('do the same to NICs of a running guest', { timeout: 900_000 }, async () => {
    const count = runs(50, 2);
    const random = announce('sequences on NICs of a running guest', count);
    for (let i = 0; i < count; i++) await compare(liveSteps(random), true);
  });
});
