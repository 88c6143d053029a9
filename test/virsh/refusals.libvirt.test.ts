import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ErrorCode, LibvirtError } from '../../src/index.js';
import { type Exec, type ExecResult, localExec, type VirshTransport, virsh } from '../../src/virsh/index.js';
import { type Daemon, RELEASES, type Release, startDaemon } from '../lab/index.js';
import { caught } from '../support/caught.js';
import { needs } from '../support/needs.js';
import { file, type Sample, samples } from './refusal-samples.js';

needs('daemon of every release');

const xml = (name: string, body = ''): string => `<network><name>${name}</name>${body}</network>`;
const uuid = '6c9f9a54-5a40-4d9b-a4d5-9a7a2b6c1a11';
const network = 'refused';
const bridge = "<bridge name='refbr'/>";
const copies = { live: true, config: false } as const;

/** A way to be refused. `host` is what must be done to the host first and undone afterwards, as shell scripts. */
interface Provocation {
  readonly code: ErrorCode;
  readonly what: string;
  readonly host?: readonly [before: string, after: string];
  /** The one release that refuses it so. */
  readonly only?: Release;
  /** Options of the transport, where they are at fault. */
  readonly options?: (daemon: Daemon) => Parameters<typeof virsh>[0];
  /** Calls of which the last is refused. */
  readonly calls: readonly ((transport: VirshTransport) => Promise<unknown>)[];
}

const define = (document: string) => (transport: VirshTransport) => transport.call('network.define', { xml: document });
const create = (document: string) => (transport: VirshTransport) => transport.call('network.create', { xml: document });
const start = (transport: VirshTransport) => transport.call('network.start', { network });
const list = (transport: VirshTransport) => transport.call('network.list', {});
const add = (section: 'dns-txt' | 'dns-host' | 'ip-dhcp-host', entry: string) => (transport: VirshTransport) =>
  transport.call('network.update', { network, section, command: 'add-last', xml: entry, ...copies });
const remove = (section: 'dns-txt' | 'dns-srv' | 'ip-dhcp-host', entry: string) => (transport: VirshTransport) =>
  transport.call('network.update', { network, section, command: 'delete', xml: entry, ...copies });

const subnet = (third: number, more = '') => `<ip address='10.231.${third}.1' prefix='24'>${more}</ip>`;
const running = create(xml(network, `${bridge}${subnet(1)}`));

const PROVOCATIONS: readonly Provocation[] = [
  { code: 'NETWORK_NOT_FOUND', what: 'no such network', calls: [start] },
  {
    code: 'NETWORK_EXISTS',
    what: 'the name belongs to another uuid',
    calls: [define(xml(network, bridge)), define(xml(network, `<uuid>${uuid}</uuid>`))],
  },
  {
    code: 'NETWORK_EXISTS',
    what: 'the uuid belongs to another name',
    calls: [define(xml(network, `<uuid>${uuid}</uuid>${bridge}`)), define(xml('other', `<uuid>${uuid}</uuid>`))],
  },
  { code: 'NETWORK_ACTIVE', what: 'started twice', calls: [define(xml(network, bridge)), start, start] },
  {
    code: 'NETWORK_ACTIVE',
    what: 'created twice',
    calls: [
      create(xml(network, `<uuid>${uuid}</uuid>${bridge}`)),
      create(xml(network, `<uuid>${uuid}</uuid>${bridge}`)),
    ],
  },
  {
    code: 'NETWORK_INACTIVE',
    what: 'stopped, although it does not run',
    calls: [define(xml(network, bridge)), (transport) => transport.call('network.destroy', { network })],
  },
  {
    code: 'NETWORK_INACTIVE',
    what: 'changed live, although it does not run',
    calls: [define(xml(network, bridge)), add('dns-txt', "<txt name='a' value='b'/>")],
  },
  {
    code: 'NETWORK_TRANSIENT',
    what: 'undefined, although it is not stored',
    calls: [running, (transport) => transport.call('network.undefine', { network })],
  },
  {
    code: 'NETWORK_TRANSIENT',
    what: 'autostart of what is not stored',
    calls: [running, (transport) => transport.call('network.autostart', { network, enabled: true })],
  },
  {
    code: 'NETWORK_TRANSIENT',
    what: 'the stored copy of what is not stored is changed',
    calls: [
      running,
      (transport) =>
        transport.call('network.update', {
          network,
          section: 'dns-txt',
          command: 'add-last',
          xml: "<txt name='a' value='b'/>",
          live: false,
          config: true,
        }),
    ],
  },
  {
    code: 'UPDATE_REFUSED',
    what: 'the reservation is there',
    calls: [
      running,
      add('ip-dhcp-host', "<host mac='52:54:00:00:00:01' ip='10.231.1.5'/>"),
      add('ip-dhcp-host', "<host mac='52:54:00:00:00:01' ip='10.231.1.5'/>"),
    ],
  },
  {
    code: 'UPDATE_REFUSED',
    what: 'the reservation is not there',
    calls: [running, remove('ip-dhcp-host', "<host ip='10.231.1.5'/>")],
  },
  {
    code: 'UPDATE_REFUSED',
    what: 'the reservation to be changed is not there',
    calls: [
      running,
      (transport) =>
        transport.call('network.update', {
          network,
          section: 'ip-dhcp-host',
          command: 'modify',
          xml: "<host mac='52:54:00:00:00:01' ip='10.231.1.5'/>",
          ...copies,
        }),
    ],
  },
  {
    code: 'UPDATE_REFUSED',
    what: 'the TXT record is there',
    calls: [running, add('dns-txt', "<txt name='a' value='b'/>"), add('dns-txt', "<txt name='a' value='b'/>")],
  },
  {
    code: 'UPDATE_REFUSED',
    what: 'two SRV records are meant',
    calls: [
      create(
        xml(
          network,
          `${bridge}<dns><srv service='a' protocol='tcp'/><srv service='b' protocol='tcp'/></dns>${subnet(1)}`,
        ),
      ),
      remove('dns-srv', "<srv protocol='tcp'/>"),
    ],
  },
  {
    code: 'UPDATE_REFUSED',
    what: 'a range is changed in place',
    calls: [
      running,
      (transport) =>
        transport.call('network.update', {
          network,
          section: 'ip-dhcp-range',
          command: 'modify',
          xml: "<range start='10.231.1.5' end='10.231.1.6'/>",
          ...copies,
        }),
    ],
  },
  {
    code: 'UPDATE_REFUSED',
    what: 'a TXT record is changed to nothing',
    calls: [
      running,
      add('dns-txt', "<txt name='a' value='b'/>"),
      (transport) =>
        transport.call('network.update', {
          network,
          section: 'dns-txt',
          command: 'modify',
          xml: "<txt name='a'/>",
          ...copies,
        }),
    ],
  },
  {
    code: 'UPDATE_REFUSED',
    what: 'a section that cannot be changed',
    calls: [
      running,
      (transport) =>
        // Not in the types, since it is always refused.
        transport.call('network.update', {
          network,
          section: 'ip' as 'dns-txt',
          command: 'delete',
          xml: '<ip/>',
          ...copies,
        }),
    ],
  },
  {
    code: 'CLIENT_TOO_OLD',
    what: 'a title, and a virsh without net-desc',
    only: '9.0',
    calls: [running, (transport) => transport.call('text.set', { network, kind: 'title', text: 'x', ...copies })],
  },
  {
    code: 'UPDATE_REFUSED',
    what: 'a second port group is made the default',
    calls: [
      create(xml(network, `${bridge}<portgroup name='a' default='yes'/>${subnet(1)}`)),
      (transport) =>
        transport.call('network.update', {
          network,
          section: 'portgroup',
          command: 'add-last',
          xml: "<portgroup name='b' default='yes'/>",
          ...copies,
        }),
    ],
  },
  {
    code: 'UPDATE_REFUSED',
    what: 'the reservation is of another family than its subnet',
    calls: [
      running,
      (transport) =>
        transport.call('network.update', {
          network,
          section: 'ip-dhcp-host',
          command: 'add-last',
          xml: "<host name='a' ip='fd00::5'/>",
          parentIndex: 0,
          ...copies,
        }),
    ],
  },
  {
    code: 'UPDATE_REFUSED',
    what: 'there is no such subnet',
    calls: [
      running,
      (transport) =>
        transport.call('network.update', {
          network,
          section: 'ip-dhcp-host',
          command: 'add-last',
          xml: "<host name='a' ip='10.231.1.5'/>",
          parentIndex: 7,
          ...copies,
        }),
    ],
  },
  {
    code: 'BRIDGE_IN_USE',
    what: 'two networks with one bridge',
    calls: [define(xml(network, bridge)), define(xml('other', bridge))],
  },
  {
    code: 'BRIDGE_EXISTS',
    what: 'the bridge is a device of the host',
    host: ['ip link add refbr type bridge', 'ip link del refbr || true'],
    calls: [create(xml(network, bridge))],
  },
  {
    code: 'BRIDGE_NAME_TOO_LONG',
    what: 'the bridge name has 22 bytes',
    calls: [create(xml(network, "<bridge name='abcdefghijklmnopqrstuv'/>"))],
  },
  {
    code: 'SUBNET_IN_USE',
    what: 'two networks with one subnet',
    calls: [running, create(xml('other', `<bridge name='refbr2'/>${subnet(1)}`))],
  },
  {
    code: 'SUBNET_IN_USE',
    what: 'two networks with one route',
    calls: [
      create(xml(network, `${bridge}${subnet(1)}<route address='10.232.0.0' prefix='16' gateway='10.231.1.2'/>`)),
      create(
        xml(
          'other',
          `<bridge name='refbr2'/>${subnet(2)}<route address='10.232.0.0' prefix='16' gateway='10.231.2.2'/>`,
        ),
      ),
    ],
  },
  {
    code: 'DNSMASQ_FAILED',
    what: 'a line that dnsmasq does not know',
    calls: [
      create(
        `<network xmlns:d='http://libvirt.org/schemas/network/dnsmasq/1.0'><name>${network}</name>${bridge}${subnet(1)}<d:options><d:option value='nonsense=1'/></d:options></network>`,
      ),
    ],
  },
  {
    code: 'DNSMASQ_PORT_IN_USE',
    what: 'another server has port 53 of all addresses',
    host: [
      `python3 -c "
import socket, os, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('0.0.0.0', 53))
if os.fork() == 0: open('/run/refused.pid', 'w').write(str(os.getpid())); [os.close(i) for i in (0, 1, 2)]; time.sleep(60)
"`,
      'kill $(cat /run/refused.pid); rm /run/refused.pid',
    ],
    calls: [running],
  },
  {
    code: 'FIREWALLD_ZONE_MISSING',
    what: 'a zone, and no firewalld',
    calls: [create(xml(network, "<bridge name='refbr' zone='lab'/>"))],
  },
  {
    code: 'FIREWALL_FAILED',
    what: 'a firewall program that fails',
    host: ['for f in $FIREWALL; do mount --bind /bin/false $f; done', 'for f in $FIREWALL; do umount $f; done'],
    calls: [create(xml(network, `<forward mode='nat'/>${bridge}${subnet(1)}`))],
  },
  {
    code: 'NOT_FOUND',
    what: 'no such port',
    calls: [running, (transport) => transport.call('port.dump', { network, port: uuid })],
  },
  {
    code: 'NOT_FOUND',
    what: 'no such interface',
    options: (daemon) => ({ uri: daemon.uriOf('interface') }),
    calls: [(transport) => transport.call('interface.dump', { name: 'nosuch' })],
  },
  {
    code: 'INVALID_ARGUMENT',
    what: 'a MAC address that is none',
    calls: [running, (transport) => transport.call('network.leases', { network, mac: 'zz' })],
  },
  {
    code: 'INVALID_ARGUMENT',
    what: 'a definition of more than 10 MiB',
    calls: [define(xml('a'.repeat(10_485_760)))],
  },
  {
    code: 'READ_ONLY',
    what: 'a change over a read-only connection',
    options: () => ({ readOnly: true }),
    calls: [define(xml(network))],
  },
  {
    code: 'ACCESS_DENIED',
    what: 'a socket that belongs to others',
    options: () => ({ exec: asNobody }),
    calls: [list],
  },
  {
    code: 'SESSION_DAEMON',
    what: 'a bridge made by a session daemon',
    options: (daemon) => ({ uri: 'network:///session', exec: inSession(daemon) }),
    calls: [create(xml(network, bridge))],
  },
  {
    code: 'SOCKET_MISSING',
    what: 'no daemon',
    options: ({ uri }) => ({ uri: `${uri}x` }),
    calls: [list],
  },
  {
    code: 'CONNECTION_FAILED',
    what: 'nobody listens there',
    options: () => ({ uri: 'qemu+tcp://127.0.0.1:1/system' }),
    calls: [list],
  },
  {
    code: 'CERTIFICATE_FAILED',
    what: 'TLS without certificates',
    options: () => ({ uri: 'qemu+tls://127.0.0.1:1/system?pkipath=/nosuch' }),
    calls: [list],
  },
  {
    code: 'SSH_FAILED',
    what: 'no ssh server',
    options: () => ({ uri: 'qemu+ssh://127.0.0.1:1/system' }),
    calls: [list],
  },
  {
    code: 'SSH_FAILED',
    what: 'no such host',
    options: () => ({ uri: 'qemu+ssh://nosuch.invalid/system' }),
    calls: [list],
  },
  {
    code: 'UNSUPPORTED',
    what: 'the driver has no interfaces',
    calls: [(transport) => transport.call('host.interfaces', {})],
  },
  { code: 'LIBVIRT', what: 'a definition that is not XML', calls: [define('<network>')] },
];

const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups'];
const asNobody: Exec = (request) =>
  localExec({ ...request, file: 'setpriv', args: [...NOBODY, request.file, ...request.args] });

/** A libvirt daemon of user nobody, in the namespaces of another daemon; it ends with them. */
const inSession =
  ({ dir, enter: [file, ...enter] }: Daemon): Exec =>
  ({ args, input = '', ...request }) => {
    const home = join(dir, 'home');
    mkdirSync(home, { recursive: true });
    // The folder is nobody's, and nobody can read the file in it: /dev/stdin would be root's.
    writeFileSync(join(home, 'in.xml'), input);
    chownSync(home, 65_534, 65_534);
    chmodSync(dir, 0o711);
    const words = args.map((word) => (word === '--file=/dev/stdin' ? `--file=${home}/in.xml` : word));
    const env = ['env', `HOME=${home}`, `XDG_RUNTIME_DIR=${home}`, 'LC_ALL=C'];
    return localExec({ ...request, file, args: [...enter, 'setpriv', ...NOBODY, ...env, request.file, ...words] });
  };

/** Programs that put firewall rules in place, as a daemon of a release runs them. */
const firewallOf = ({ root }: Daemon): string =>
  root === '' ? '$(readlink -f /usr/sbin/iptables)' : `${root}/usr/sbin/nft`;

const recorded: Sample[] = [];

for (const release of RELEASES) {
  describe(`refusals of a real daemon, libvirt ${release}`, () => {
    let daemon: Daemon;
    beforeAll(() => {
      daemon = startDaemon(release);
    });
    afterAll(() => daemon.stop());

    /** What virsh printed last. */
    let printed: ExecResult = { stdout: '', stderr: '' };
    const recording =
      (exec: Exec): Exec =>
      async (request) => {
        printed = await exec(request);
        return printed;
      };

    async function provoke({ calls, options = () => ({}) }: Provocation): Promise<unknown> {
      const { exec = localExec, ...wanted } = options(daemon) ?? {};
      const transport = virsh({ uri: daemon.uri, path: daemon.virsh, ...wanted, exec: recording(exec) });
      for (const call of calls.slice(0, -1)) await call(transport);
      return caught(calls.at(-1)?.(transport) ?? Promise.resolve());
    }

    function cleanUp(): void {
      const names = () => daemon.ask('net-list', '--all', '--name').split('\n').filter(Boolean);
      for (const name of daemon.ask('net-list', '--name').split('\n').filter(Boolean)) daemon.ask('net-destroy', name);
      for (const name of names()) daemon.ask('net-undefine', name);
    }

    for (const provocation of PROVOCATIONS) {
      const { code, what, host, only = release } = provocation;
      if (only !== release) continue;
      it(`${code}: ${what}`, async () => {
        const [before, after] = (host ?? []).map((script) => script.replaceAll('$FIREWALL', firewallOf(daemon)));
        try {
          if (before !== undefined) daemon.inside(before);
          const error = await provoke(provocation);
          expect(LibvirtError.is(error) ? error.code : error).toBe(code);
          recorded.push({ code, libvirt: daemon.version, what, ...printed });
        } finally {
          if (after !== undefined) daemon.inside(after);
          cleanUp();
        }
      });
    }
  });
}

// RECORD=1 keeps what was printed, beside what nothing here can provoke.
afterAll(() => {
  if (process.env['RECORD'] !== '1') return;
  const kept = samples.filter(({ byHand }) => byHand);
  const plain = recorded.map((sample) =>
    JSON.parse(JSON.stringify(sample).replaceAll(/\/tmp\/libvirt-network-[\w-]+/g, '/tmp/daemon')),
  );
  writeFileSync(file, `${JSON.stringify([...plain, ...kept], null, 2)}\n`);
});
