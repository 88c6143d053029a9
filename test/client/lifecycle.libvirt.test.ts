import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type BaseNetwork,
  BridgedNetwork,
  connect,
  type Host,
  IsolatedNetwork,
  LibvirtError,
  NatNetwork,
  RoutedNetwork,
} from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';
import { type Daemon, RELEASES, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { programOf } from '../support/program.js';
import { runs } from '../support/random.js';
import { run } from '../support/run.js';
import { TRANSPORTS } from '../support/transports.js';

needs('daemon of every release');

const networks: readonly BaseNetwork[] = [
  NatNetwork.create('life-nat').subnet('10.201.0.1/24', (subnet) => subnet.dhcp('10.201.0.10', '10.201.0.99')),
  RoutedNetwork.create('life-routed').subnet('10.202.0.1/24'),
  IsolatedNetwork.create('life-isolated').subnet('10.203.0.1/24'),
  BridgedNetwork.create({ name: 'life-bridged', bridge: 'br0' }),
];

const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'no error',
    (error: unknown) => (LibvirtError.is(error) ? error.code : String(error)),
  );

/** What the first example prints of a network's life. */
function lifeOn(env: Readonly<Record<string, string>>): string[] {
  const settings = { env: { ...process.env, ...env } };
  const { stdout } = run(process.execPath, [programOf('docs/examples/start.ts')], settings);
  // Events come when they come, and here nobody asks for a lease.
  const life = stdout.slice(stdout.indexOf('with its events')).split('\n').slice(1);
  return life.filter((line) => !/lent/.test(line)).sort();
}

let known: string[] | undefined;
/** The same on the mock, which lives it once for all releases. */
function lifeOnMock(): string[] {
  known ??= lifeOn({});
  return known;
}

for (const release of RELEASES) {
  describe(`a real daemon, libvirt ${release}`, () => {
    let daemon: Daemon;
    beforeAll(() => {
      daemon = startDaemon(release);
    });
    afterAll(() => daemon.stop());

    /** What plain virsh says, from outside. */
    const state = (name: string): string => {
      const fields = Object.fromEntries(
        daemon
          .ask('net-info', name)
          .split('\n')
          .map((line) => line.split(/:\s+/)),
      );
      return `${fields['Active']} ${fields['Persistent']} ${fields['Autostart']}`;
    };

    it('is of that release', async () => {
      expect(daemon.version.startsWith(release)).toBe(true);
      await using host = connect(virsh({ uri: daemon.uri, path: daemon.virsh }));
      expect((await host.info()).client?.startsWith(release)).toBe(true);
    });

    describe.each(Object.entries(TRANSPORTS))('over %s:', (_, transportTo) => {
      let host: Host;
      beforeAll(() => {
        host = connect(transportTo(daemon));
      });
      afterAll(() => host.close());

      for (const network of networks) {
        it(`the life of ${network.name}: define, start, autostart, destroy, undefine`, async () => {
          const handle = await host.networks.define(network);
          expect(state(network.name)).toBe('no yes no');
          await handle.start();
          expect(state(network.name)).toBe('yes yes no');
          expect((await handle.info()).active).toBe(true);
          await handle.setAutostart(true);
          expect(state(network.name)).toBe('yes yes yes');
          expect(await code(handle.start())).toBe('NETWORK_ACTIVE');
          const stored = await handle.read({ inactive: true });
          expect(
            stored.with({ uuid: undefined, mac: undefined, bridge: network.document.bridge }).equals(network),
          ).toBe(true);
          await handle.destroy();
          expect(state(network.name)).toBe('no yes yes');
          expect(await code(handle.destroy())).toBe('NETWORK_INACTIVE');
          await handle.undefine();
          expect(daemon.ask('net-list', '--all', '--name')).not.toContain(network.name);
          expect(await code(handle.info())).toBe('NETWORK_NOT_FOUND');
        });
      }

      it('defining again keeps uuid, MAC address and bridge name', async () => {
        const first = await host.networks.define(IsolatedNetwork.create('again').subnet('10.204.0.1/24'));
        const before = await first.read({ inactive: true });
        const second = await host.networks.define(IsolatedNetwork.create('again').subnet('10.205.0.1/24'));
        const after = await second.read({ inactive: true });
        expect([second.uuid, after.document.mac, after.document.bridge?.name]).toEqual([
          first.uuid,
          before.document.mac,
          before.document.bridge?.name,
        ]);
        await second.undefine();
      });

      it('entries are added and deleted in both copies, in the subnet where they belong', async () => {
        const network = IsolatedNetwork.create('changing')
          .subnet('10.206.0.1/24', (subnet) => subnet.dhcp('10.206.0.10', '10.206.0.20'))
          .subnet('fd00:206::1/64');
        const handle = await host.networks.define(network);
        await handle.start();
        await handle.update('ip-dhcp-host', 'add-last', { mac: '52:54:00:00:00:01', name: 'a', ip: '10.206.0.2' });
        await handle.update('ip-dhcp-host', 'add-last', { name: 'b', ip: 'fd00:206::2' });
        await handle.update('dns-txt', 'add-last', { name: 'note', value: 'it is & <fine>' });
        for (const inactive of [false, true]) {
          const { ips, dns } = (await handle.read({ inactive })).document;
          expect(ips?.map((ip) => ip.dhcp?.hosts?.map((one) => one.ip))).toEqual([['10.206.0.2'], ['fd00:206::2']]);
          expect(dns?.txts).toEqual([{ name: 'note', value: 'it is & <fine>' }]);
        }
        await handle.update('ip-dhcp-host', 'delete', { ip: '10.206.0.2' });
        expect((await handle.read()).document.ips?.[0]?.dhcp?.hosts).toBeUndefined();
        expect(await code(handle.update('ip-dhcp-host', 'delete', { ip: '10.206.0.2' }))).toBe('UPDATE_REFUSED');
        await handle.destroy();
        await handle.undefine();
      });

      it('a temporary network is gone at the end of its block', async () => {
        {
          await using net = await host.networks.temporary(IsolatedNetwork.create('scratch').subnet('10.207.0.1/24'));
          expect(state(net.name)).toBe('yes no no');
        }
        expect(await code(host.networks.get('scratch'))).toBe('NETWORK_NOT_FOUND');
      });

      it('names and values that could be taken for options, commands or syntax are only text', async () => {
        for (const name of [
          '--all',
          '-x',
          "it's; net-destroy changing",
          'a "b" $(c) `d`',
          'ünï cödé',
          ' blank ',
          '#',
        ]) {
          const handle = await host.networks.define(BridgedNetwork.create({ name, bridge: 'br0' }));
          expect((await host.networks.get(name)).uuid).toBe(handle.uuid);
          expect((await host.networks.states()).map((one) => one.name)).toContain(name);
          await handle.undefine();
          expect(await code(host.networks.get(name))).toBe('NETWORK_NOT_FOUND');
        }
      });

      it('events arrive as they happen', async () => {
        const events = host.networks.events();
        const seen: string[] = [];
        const reading = (async () => {
          for await (const event of events) {
            seen.push(`${event.type} ${event.network}`);
            if (event.type === 'undefined') break;
          }
        })();
        // Not every transport says when it listens: networks are made until one is noticed.
        let i = 0;
        while (seen.length === 0 && i < 50) {
          const handle = await host.networks.define(BridgedNetwork.create({ name: `heard-${i++}`, bridge: 'br0' }));
          await handle.undefine();
        }
        await reading;
        expect(seen.some((event) => event.startsWith('defined heard-') || event.startsWith('undefined heard-'))).toBe(
          true,
        );
      });

      it('a lost daemon is reported as such, and the next call after its return works', async () => {
        daemon.killLibvirt();
        rmSync(join(daemon.dir, 'run/libvirt-sock')); // as a daemon does that ends in an orderly way
        expect(await code(host.networks.states())).toBe('SOCKET_MISSING');
        daemon.startLibvirt();
        expect(await host.networks.states()).toEqual([]);
      });
    });

    it('many networks are listed with state and definition in few processes', async () => {
      const transport = virsh({ uri: daemon.uri, path: daemon.virsh });
      const count = runs(1000, 30);
      const xml = (i: number) => BridgedNetwork.create({ name: `many-${i}`, bridge: 'br0' }).toXml();
      await Promise.all(Array.from({ length: count }, (_, i) => transport.call('network.define', { xml: xml(i) })));
      const before = transport.processesStarted;
      expect((await connect(transport).networks.states()).length).toBe(count);
      expect(transport.processesStarted - before).toBe(1);
      expect((await connect(transport).networks.readAll()).length).toBe(count);
      expect(transport.processesStarted - before).toBe(1 + 1 + Math.ceil(count / 250));
      await Promise.all((await connect(transport).networks.list()).map((handle) => handle.undefine()));
      expect(daemon.ask('net-list', '--all', '--name')).toBe('');
    });

    it('the first example lives its life here as it does on the mock', () => {
      const here = lifeOn({ LIBVIRT_URI: daemon.uri, PATH: `${dirname(daemon.virsh)}:${process.env['PATH']}` });
      expect(here).toContain('left over: 0 of ours');
      expect(here).toEqual(lifeOnMock());
    });
  });
}
