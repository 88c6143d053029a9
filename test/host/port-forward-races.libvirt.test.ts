import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NatNetwork } from 'libvirt-network';
import { installPortForwards, localRunner, removePortForwards } from 'libvirt-network/host';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { earlyHookFileName, hookFileName } from '../../src/preview/port-forward/identity.js';
import { type Daemon, startDaemon } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { announce, runs } from '../support/random.js';
import { start } from '../support/run.js';

needs('daemon 11.3', 'daemon 9.0');

const FOLDER = '/etc/libvirt/hooks/network.d';

const plain = NatNetwork.create('lab')
  .bridge('br-lab', { stp: false })
  .subnet('192.168.150.1/24')
  .subnet('fd00:150::1/64');
const web = plain.forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: '192.168.150.10', port: 80 } });
/** Several forwards of both families, one of them shifted. */
const many = web
  .forwardPort({ protocol: 'udp', hostPort: { start: 9000, end: 9003 }, to: { ip: '192.168.150.11', port: 7000 } })
  .forwardPort({ protocol: 'tcp', hostPort: 8080, to: { ip: 'fd00:150::10', port: 80 } });
/** Their names have the same 32 bits of FNV-1a: early versions gave them one file and one set of chains. */
const TWINS = ['twin-npd6', 'twin-6vl8'] as const;

/** What happens to rules on hosts: they are missing, doubled or cut. */
const HARM = {
  iptables: [
    'iptables -t nat -F',
    'iptables -A FORWARD -j $(iptables-save | sed -n "s/^:\\(LVN_[^ ]*FWD\\) .*/\\1/p")',
    'ip6tables -F',
  ],
  nftables: [
    'nft flush chain ip libvirt_network forward',
    'nft insert rule ip libvirt_network forward accept comment $(nft list tables | sed -n "s/.* ip \\(libvirt_forward.*\\)/\\1/p")',
    'nft delete table ip6 $(nft list tables | sed -n "s/.* ip6 \\(libvirt_forward.*\\)/\\1/p")',
  ],
} as const;

/** What libvirt makes for a guest that starts. */
const PORT = (uuid: string) => `<networkport>
  <uuid>${uuid}</uuid>
  <owner><name>g</name><uuid>a5a5a5a5-0000-4000-8000-000000000001</uuid></owner>
  <mac address="52:54:00:00:00:09"/>
  <plug type="bridge" bridge="br-lab"/>
</networkport>`;

describe.each([
  { release: '9.0', backend: 'iptables' },
  { release: '11.3', backend: 'nftables' },
] as const)('port forwards with $backend', ({ release, backend }) => {
  let daemon: Daemon;
  beforeAll(() => {
    daemon = startDaemon(release);
    daemon.useOwnNft();
    // libvirt looks for hooks when it starts.
    daemon.installHook({ path: `${FOLDER}/00-nothing`, content: '#!/bin/sh\n', mode: 0o755 });
    writeFileSync(join(daemon.dir, 'lab.xml'), plain.toXml({ libvirt: release }));
    daemon.ask('net-define', join(daemon.dir, 'lab.xml'));
  });
  afterAll(() => daemon.stop());

  const options = () => ({ backend, runner: localRunner({ prefix: daemon.enter }) });
  const install = (network: NatNetwork) => installPortForwards(network, options());
  const remove = (network: NatNetwork) => removePortForwards(network, options());

  /** The rules of this library, as the kernel has them. */
  const rules = (): string =>
    daemon.inside(
      backend === 'iptables'
        ? 'iptables-save | grep LVN_; ip6tables-save | grep LVN_; :'
        : 'nft -s list ruleset | sed -n "/^table ip6* libvirt_forward/,/^}/p; /comment .libvirt_forward/p"',
    );
  const isRunning = () => daemon.ask('net-list', '--name').split('\n').includes('lab');
  const hook = () => daemon.inside(`cat ${FOLDER}/${hookFileName('lab')} 2>/dev/null; :`);

  /** Runs a program on the host beside others. @throws Error with what it printed when it fails */
  const beside = async (file: string, ...args: string[]): Promise<void> => {
    const child = start(file, args);
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (printed += String(text)));
    const [status] = await once(child, 'close');
    if (status !== 0) throw new Error(printed.trim());
  };
  const ask = (...words: string[]) => beside(daemon.virsh, '-q', '-c', daemon.uri, ...words);
  const plugIn = () => {
    const path = join(daemon.dir, `port-${randomUUID()}.xml`);
    writeFileSync(path, PORT(randomUUID()));
    return ask('net-port-create', 'lab', path);
  };
  const shell = (script: string) => beside(daemon.enter[0], ...daemon.enter.slice(1), 'sh', '-c', script);
  const call = (operation: string) => shell(`${FOLDER}/${hookFileName('lab')} lab ${operation} begin - </dev/null`);

  /** Everything that may happen at once; a loser may fail. */
  const OPERATIONS: Readonly<Record<string, () => Promise<unknown>>> = {
    'install one': () => install(web),
    'install many': () => install(many),
    remove: () => remove(web),
    start: () => ask('net-start', 'lab'),
    stop: () => ask('net-destroy', 'lab'),
    guest: () => plugIn(),
    updated: () => call('port-created'),
    reload: () => call('reload'),
    'firewall reload': () => shell('kill -HUP $(pgrep -x libvirtd); :'),
  };

  it('are all there, or none, whatever happens at once', async () => {
    const count = runs(200, 5);
    const random = announce(`port forwards at once, ${backend}`, count);
    daemon.ask('net-start', 'lab');
    const expected = new Map<string, string>();
    for (const network of [web, many]) {
      const { file } = await install(network);
      expected.set(file.content.trim(), rules());
    }
    expect([...expected.values()].map((text) => text.split('\n').length)).not.toContain(1);
    for (let round = 0; round < count; round++) {
      const names = random.list(2, 5, () => random.pick(Object.keys(OPERATIONS)));
      const ends = await Promise.allSettled(names.map((name) => OPERATIONS[name]?.()));
      const failures = ends.flatMap((end) => (end.status === 'rejected' ? [String(end.reason)] : []));
      expect(rules(), [...names, ...failures].join(', ')).toBe(isRunning() ? (expected.get(hook()) ?? '') : '');
      // Every other round begins with everything in place.
      if (!isRunning() && random.chance(0.7)) daemon.ask('net-start', 'lab');
      if (hook() === '' && random.chance(0.7)) await install(web);
    }
    if (isRunning()) daemon.ask('net-destroy', 'lab');
    await remove(web);
    expect(daemon.inside(`ls -A ${FOLDER}`)).toBe('00-nothing');
  }, 1_800_000);

  it('are not made again when nothing has changed, but when they are missing, doubled or cut', async () => {
    daemon.ask('net-start', 'lab');
    await install(many);
    const whole = rules();
    // Rules that are made again get other handles, also those of iptables.
    const made = () => daemon.inside('nft -s -a list ruleset');
    const before = made();
    expect(await install(many)).toMatchObject({ changed: false });
    expect(made()).toBe(before);
    for (const command of HARM[backend]) {
      daemon.inside(command);
      expect(rules(), command).not.toBe(whole);
      expect(await install(many)).toMatchObject({ changed: false });
      expect(rules(), command).toBe(whole);
    }
    daemon.ask('net-destroy', 'lab');
    await remove(many);
  });

  it('are checked and made again in the network of the caller, whatever /sys shows', async () => {
    daemon.ask('net-start', 'lab');
    await install(web);
    const whole = rules();
    const path = `${FOLDER}/${hookFileName('lab')}`;
    const without = (operation: string) =>
      shell(`unshare --mount sh -c 'mount -t tmpfs none /sys && exec ${path} lab ${operation} begin -' </dev/null`);
    await without('check');
    await without('reload');
    expect(rules()).toBe(whole);
    daemon.inside(HARM[backend][0]);
    await expect(without('check')).rejects.toThrow(`are not as they should be: run ${path} lab reload`);
    daemon.ask('net-destroy', 'lab');
    await remove(web);
  });

  it('of two networks whose names have the same short hash stay apart', async () => {
    const [one, other] = TWINS.map((name) => web.named(name));
    if (one === undefined || other === undefined) throw new Error('there are two');
    expect(earlyHookFileName(one.name)).toBe(earlyHookFileName(other.name));
    const first = await install(one);
    const second = await install(other);
    expect(first.file.path).not.toBe(second.file.path);
    await remove(one);
    expect(daemon.inside(`ls ${FOLDER}`)).toContain(hookFileName(other.name));
    await remove(other);
  });

  it('of a hook that is not executable are noticed and mended', async () => {
    const { file } = await install(web);
    daemon.inside(`chmod -x ${file.path}`);
    expect(await install(web)).toMatchObject({ changed: true });
    daemon.ask('net-start', 'lab');
    expect(rules()).not.toBe('');
    daemon.ask('net-destroy', 'lab');
    expect(rules()).toBe('');
    await remove(web);
  });

  it('of an early hook are replaced, those of another network stay', async () => {
    const early = `${FOLDER}/${earlyHookFileName('lab')}`;
    const write = (name: string) =>
      daemon.inside(
        `printf '%s\\n' '#!/bin/sh' '# Made by libvirt-network.' '[ "$1" = ${name} ] || exit 0' 'echo "$2" >/run/early' >${early}; chmod 755 ${early}`,
      );
    write('other');
    await install(web);
    expect(daemon.inside(`ls ${FOLDER}`)).toContain(earlyHookFileName('lab'));
    write('lab');
    expect(await install(web)).toMatchObject({ changed: true });
    expect(daemon.inside(`ls ${FOLDER}; cat /run/early`).split('\n')).toEqual([
      '00-nothing',
      hookFileName('lab'),
      'stopped',
    ]);
    await remove(web);
  });
});
