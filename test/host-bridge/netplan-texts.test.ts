import { describe, expect, it } from 'vitest';
import { HostBridge, readHostNetwork } from '../../src/host-bridge/index.js';
import { thrown } from '../support/caught.js';

const path = '/etc/netplan/01.yaml';
const read = (content: string) => readHostNetwork('netplan', [{ path, content }]);
const card = (settings: string): string => `network:\n  ethernets:\n    eno1: ${settings}\n`;

describe('a text that is not YAML is refused with its line, in plain words', () => {
  const cases: Readonly<Record<string, readonly [content: string, line: number, why: string]>> = {
    'a tab': ['network:\n  ethernets:\n\teno1: {}\n', 3, 'tabs cannot indent'],
    'an open brace': [card('{dhcp4: true'), 4, 'indentation'],
    'a key out of its column': [
      'network:\n  ethernets:\n    eno1:\n     dhcp4: true\n   mtu: 1400\n',
      5,
      'the indentation is inconsistent',
    ],
    'an alias of nothing': [card('*card'), 3, "there is nothing called '&card' before '*card'"],
    'an alias inside of what it stands for': [card('&card {match: *card}'), 3, "nothing called '&card'"],
    'endless nesting': [card('{a: '.repeat(5000) + '}'.repeat(5000)), 3, 'nested too deeply'],
    'lists of lists': [card('['.repeat(100_000)), 3, 'nested too deeply'],
    'a list as a key': [card('{? [a] : b}'), 3, 'a key must be a word'],
  };
  for (const [name, [content, line, why]] of Object.entries(cases))
    it(name, () => {
      const { code, message } = thrown(() => read(content));
      expect(code).toBe('VALIDATION');
      expect(message).toContain(`${path}, line ${line}: `);
      expect(message).toContain(why);
      expect(message).not.toMatch(/parse|stack|implicit|scalar/i);
    });

  it('aliases that grow without end', () => {
    const names = 'abcdefgh';
    const lines = [...names].map((name, i) => {
      const one = i === 0 ? '1' : `*${names[i - 1]}`;
      return `x${name}: &${name} [${Array(9).fill(one).join(', ')}]\n`;
    });
    expect(thrown(() => read(lines.join(''))).message).toContain('aliases stand for too much');
  });
});

it('numbers are read as netplan reads them: with a plus and with zeros in front', () => {
  const mtus = ['1500', '+1500', '01500'].map((mtu) => read(card(`{mtu: ${mtu}}`)).devices[0]?.port);
  expect(mtus).toEqual(Array(3).fill({ type: 'nic', name: 'eno1', mtu: 1500 }));
  for (const mtu of ['-1', '0x5dc', '1_500', '1500.0', '99999999999'])
    expect(thrown(() => read(card(`{mtu: ${mtu}}`))).message).toContain(`'${mtu}' is not a whole number`);
});

describe('one anchor for many devices is read and edited', () => {
  const names = Array.from({ length: 150 }, (_, i) => `eno${i}`);
  const lines = names.map((name, i) => `    ${name}: ${i === 0 ? '&card {dhcp4: true}' : '*card'}\n`);
  const network = read(`network:\n  ethernets:\n${lines.join('')}`);

  it('all have its settings', () => {
    expect(network.devices.map(({ ipv4 }) => ipv4?.auto)).toEqual(names.map(() => 'dhcp'));
  });

  it('a change of one of them is for that one alone', () => {
    const { files } = HostBridge.takeOver('eno0', network).mac('52:54:00:00:00:01').render('netplan');
    const { devices } = readHostNetwork('netplan', files);
    const silent = devices.filter(({ type, ipv4 }) => type === 'nic' && ipv4?.auto === undefined);
    expect(silent.map(({ name }) => name)).toEqual(['eno0']);
  });
});

describe('an edited file keeps the lines that are not concerned', () => {
  const edited = (content: string, device = 'eno1'): string => {
    const bridge = HostBridge.takeOver(device, read(content)).mac('52:54:00:00:00:01');
    return bridge.render('netplan').files.find((file) => file.path === path)?.content ?? '';
  };
  const silence = (indent: string, feed = '\n'): string =>
    ['dhcp4: false', 'dhcp6: false', 'accept-ra: false', 'link-local: []'].map((line) => indent + line + feed).join('');

  it('with their indentation and comments', () => {
    const content = `# head
network:
    version: 2
    ethernets:
        # the uplink
        eno1:
            dhcp4: true   # from the router
            addresses:
                - 10.0.0.2/24   # first
                # second
                - 10.0.0.3/24
            mtu: 1400 # keep
        eno2: {dhcp4: true,   mtu: 9000}
    # the end
`;
    expect(edited(content)).toBe(`# head
network:
    version: 2
    ethernets:
        # the uplink
        eno1:
                # second
            mtu: 1400 # keep
${silence('            ')}        eno2: {dhcp4: true,   mtu: 9000}
    # the end
`);
  });

  it('in braces', () => {
    const flow = 'dhcp4: false, dhcp6: false, accept-ra: false, link-local: []';
    expect(edited(card('{dhcp4: true}'))).toBe(card(`{${flow}}`));
    expect(edited(card('{mtu: 1400, dhcp4: true, wakeonlan: true}'))).toBe(
      card(`{mtu: 1400, wakeonlan: true, ${flow}}`),
    );
    expect(edited(card('{dhcp4: true, mtu: 1400,}'))).toBe(card(`{mtu: 1400, ${flow},}`));
    expect(edited(card('{}'))).toBe(card(`{${flow}}`));
  });

  it('without a line break at the end, and with those of Windows', () => {
    const lines = ['network:', '  ethernets:', '    eno1:', '      mtu: 1400', '      dhcp4: true'];
    const begin = lines.slice(0, 4);
    expect(edited(lines.join('\n'))).toBe(`${begin.join('\n')}\n${silence('      ')}`);
    expect(edited(`${lines.join('\r\n')}\r\n`)).toBe(`${begin.join('\r\n')}\r\n${silence('      ', '\r\n')}`);
  });

  it('where a device is there twice', () => {
    const content = 'network:\n  ethernets:\n    eno1: {dhcp4: true}\n    eno1: {addresses: [10.0.0.2/24]}\n';
    expect(edited(content)).not.toMatch(/true|addresses/);
  });

  it('and what comes after the first document', () => {
    expect(edited(`${card('{dhcp4: true}')}---\nnetwork: {}\n`)).toMatch(/\n---\nnetwork: {}\n$/);
  });
});

describe('the renderer of a device is that of the bridge in its place', () => {
  it('written at the bridge where the host has another', () => {
    const network = read(card('{renderer: NetworkManager, dhcp4: true}'));
    const { files } = HostBridge.takeOver('eno1', network).mac('52:54:00:00:00:01').render('netplan');
    const { devices, renderer } = readHostNetwork('netplan', files);
    expect(renderer).toBe('networkd');
    expect(devices.map(({ name, renderer: own }) => [name, own])).toEqual([
      ['eno1', 'NetworkManager'],
      ['br0', 'NetworkManager'],
    ]);
  });

  it('and not where the host has the same', () => {
    const content = 'network:\n  renderer: NetworkManager\n  ethernets:\n    eno1: {dhcp4: true}\n';
    const { files } = HostBridge.takeOver('eno1', read(content)).mac('52:54:00:00:00:01').render('netplan');
    expect(files.find((file) => file.path.endsWith('br0.yaml'))?.content).not.toContain('renderer');
  });
});
