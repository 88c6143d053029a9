import { describe, expect, it } from 'vitest';
import type { Subject } from '../../src/transport/libvirt-error.js';
import { batchOf } from '../../src/virsh/batch.js';
import { eventOf } from '../../src/virsh/events.js';
import { guestEventOf } from '../../src/virsh/guest-events.js';
import { documentOf, interfacesOf, leasesOf, stateOf, uuidsOf } from '../../src/virsh/output.js';
import { wordsOf } from '../../src/virsh/stderr.js';

const subject: Subject = { operation: 'network.leases', network: 'a', label: 'here' };

/** A table as virsh 9.0 pads it: each column as wide as its widest value, and three blanks. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = headings.map((heading, i) => Math.max(heading.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    ` ${cells.map((cell, i) => cell.padEnd((widths[i] ?? 0) + 3)).join('')}`.trimEnd();
  return [line(headings), '-'.repeat(90), ...rows.map(line), '', ''].join('\n');
}

describe('tables are read by their columns', () => {
  const headings = ['Expiry Time', 'MAC address', 'Protocol', 'IP address', 'Hostname', 'Client ID or DUID'];
  const row = (hostname: string, id = '01:52:54') => [
    '2026-11-24 10:20:30',
    '52:54:00:00:00:01',
    'ipv4',
    '192.168.50.101/24',
    hostname,
    id,
  ];

  it('leases with their end in UTC', () => {
    expect(leasesOf(table(headings, [row('db')]), subject)).toEqual([
      {
        expiry: new Date('2026-11-24T10:20:30Z'),
        mac: '52:54:00:00:00:01',
        family: 'ipv4',
        address: '192.168.50.101',
        prefix: 24,
        hostname: 'db',
        clientId: '01:52:54',
      },
    ]);
  });

  it('leases without an end, name and id; and no leases', () => {
    const [, ...rest] = row('-', '-');
    expect(leasesOf(table(headings, [['1970-01-01 00:00:00', ...rest]]), subject)).toEqual([
      { mac: '52:54:00:00:00:01', family: 'ipv4', address: '192.168.50.101', prefix: 24 },
    ]);
    expect(leasesOf(table(headings, []), subject)).toEqual([]);
  });

  it('host names that look like columns', () => {
    const names = ['a   b  ipv4  c', 'ipv6', '192.168.1.1/24', '\\x1b[31m', '-x', '   x', 'Client ID or DUID'];
    const leases = leasesOf(
      table(
        headings,
        names.map((name) => row(name)),
      ),
      subject,
    );
    expect(leases.map(({ hostname }) => hostname)).toEqual(names);
    expect(leases.every(({ clientId }) => clientId === '01:52:54')).toBe(true);
  });

  it('a table of another shape is not guessed at', () => {
    for (const text of [
      '',
      'something else\n',
      table(['Name', 'State'], []),
      table(headings, [['x', ...row('a').slice(1)]]),
    ])
      expect(() => leasesOf(text, subject)).toThrow(/cannot be read/);
  });

  it('interfaces', () => {
    const text = table(
      ['Name', 'State', 'MAC Address'],
      [
        ['lo', 'inactive', '00:00:00:00:00:00'],
        ['eth0', 'active', '52:54:00:00:00:01'],
      ],
    );
    expect(interfacesOf(text, subject)).toEqual([
      { name: 'lo', active: false, mac: '00:00:00:00:00:00' },
      { name: 'eth0', active: true, mac: '52:54:00:00:00:01' },
    ]);
  });
});

describe('net-info is read by its column', () => {
  const uuid = '273e08b4-ea0d-4f9c-9fe1-ee0733578bee';
  const info = (name: string) =>
    `Name:           ${name}\nUUID:           ${uuid}\nActive:         no\nPersistent:     yes\nAutostart:      no autostart\nBridge:         virbr0\n`;

  it('names may look like labels', () => {
    for (const name of ['a', ' a ', 'UUID:', 'x: y', 'yes'])
      expect(stateOf(info(name), subject)).toEqual({ name, uuid, active: false, persistent: true, autostart: false });
  });

  it('half of it is not guessed at', () => {
    expect(() => stateOf('Name:           a\n', subject)).toThrow(/no name and uuid/);
    expect(() => stateOf('', subject)).toThrow(/no name and uuid/);
  });
});

describe('documents and lists', () => {
  it('a document ends with its own end', () => {
    expect(documentOf('<network>\n</network>\n\n', subject)).toBe('<network>\n</network>\n');
    expect(documentOf("<interface type='ethernet' name='lo'/>\n", subject)).toBe(
      "<interface type='ethernet' name='lo'/>\n",
    );
    for (const text of ['', '<network>\n', '<network>\n  <name/>', 'error', '<network></other>'])
      expect(() => documentOf(text, subject)).toThrow(/part of one/);
  });

  it('uuids are uuids', () => {
    expect(uuidsOf('273e08b4-ea0d-4f9c-9fe1-ee0733578bee\n\n', subject)).toHaveLength(1);
    expect(() => uuidsOf('273e08b4\n', subject)).toThrow(/something else/);
  });
});

describe('events', () => {
  it('of networks with odd names', () => {
    for (const network of ['a', 'a: b', "event 'lifecycle' for network x: Stopped", ' '])
      expect(eventOf(`2026-11-24 13:04:11.131+0000: event 'lifecycle' for network ${network}: Started`)).toEqual({
        type: 'started',
        network,
        at: new Date('2026-11-24T13:04:11.131Z'),
      });
  });

  it('of changed metadata', () => {
    const line = "2026-11-24 13:04:11.131+0000: event 'metadata-change' for network a b: type element, uri urn:x";
    expect(eventOf(line)).toMatchObject({ type: 'metadata-changed', network: 'a b' });
  });

  it('that nobody knows are gaps, and other lines are none', () => {
    expect(eventOf("2026-11-24 13:04:11.131+0000: event 'lifecycle' for network a: Melted")).toMatchObject({
      type: 'gap',
    });
    expect(eventOf('events received: 3')).toBeUndefined();
    for (const network of ['a\u2028b', 'a\u2029b', 'a\u0085b'])
      expect(eventOf(`2026-11-24 13:04:11.131+0000: event 'lifecycle' for network ${network}: Started`)).toMatchObject({
        type: 'started',
        network,
      });
  });
});

describe('events of guests', () => {
  const told = (rest: string) => guestEventOf(`2026-11-24 13:04:11.131+0000: event ${rest}`);
  const at = new Date('2026-11-24T13:04:11.131Z');

  it('of guests with odd names', () => {
    for (const guest of [
      'a',
      "it's",
      "x': Stopped Destroyed",
      "event 'lifecycle' for domain 'x': Stopped",
      '\u2028',
      ' ',
    ])
      expect(told(`'lifecycle' for domain '${guest}': Started Booted`)).toEqual({ type: 'started', guest, at });
  });

  it('of devices', () => {
    for (const type of ['device-added', 'device-removed', 'device-removal-failed'])
      expect(told(`'${type}' for domain 'a b': net1`)).toEqual({ type, guest: 'a b', device: 'net1', at });
  });

  it('that nobody knows are gaps, and events of other kinds and other lines are none', () => {
    expect(told("'lifecycle' for domain 'a': Melted Down")).toEqual({ type: 'gap', guest: '', at });
    expect(told("'rtc-change' for domain 'a': 3")).toBeUndefined();
    expect(guestEventOf('\tcur: 131072')).toBeUndefined();
  });
});

describe('many commands in one process', () => {
  it('are separated by marks that nothing can hold', () => {
    const { line, outputs } = batchOf(['net-list', 'net-info a']);
    const [first = '', second = ''] = [...line.matchAll(/echo (\w+:\d)/g)].map(([, mark]) => mark ?? '');
    expect(line).toContain('net-info a;');
    const stdout = `a\n${first}b\n${second}`;
    const stderr = `error: ${first}\nerror: no\nerror: ${second}\n`;
    expect(outputs({ exitCode: 0, stdout, stderr })).toEqual([
      { stdout: 'a\n', stderr: '' },
      { stdout: 'b\n', stderr: 'error: no\n' },
    ]);
    expect(outputs({ exitCode: 0, stdout: `a\n${first}b\n`, stderr })).toBeUndefined();
    expect(batchOf(['a']).line).not.toBe(batchOf(['a']).line);
  });
});

describe("virsh's words are distinguished from libvirt's", () => {
  const cases: readonly (readonly [what: string, stderr: string, message: string])[] = [
    [
      "virsh's own line is passed over",
      'error: Failed to start network lab\nerror: Requested operation is not valid: network is already active\n',
      'Requested operation is not valid: network is already active',
    ],
    ['a line of virsh that stands alone is kept', "error: failed to get network 'x'\n", "failed to get network 'x'"],
    [
      'words of several lines are kept whole',
      'error: Failed to define network from /dev/stdin\nerror: at line 3: mismatch\n</ip>\n----^\n',
      'at line 3: mismatch\n</ip>\n----^',
    ],
    [
      'warnings of ssh do not count',
      "Warning: Permanently added 'h' to the list of known hosts.\nerror: failed to get network 'x'\nerror: Network not found: no\n",
      'Network not found: no',
    ],
    [
      'a lost connection counts more than what came of it',
      'error: Disconnected from x due to end of file\nerror: internal error: client socket is closed\n',
      'Disconnected from x due to end of file',
    ],
    ['nothing was said', '', ''],
  ];
  for (const [what, stderr, message] of cases) {
    it(what, () => {
      expect(wordsOf(stderr).message).toBe(message);
    });
  }

  it('whether there was a connection', () => {
    expect(wordsOf('error: failed to connect to the hypervisor\nerror: no\n').connected).toBe(false);
    expect(wordsOf('error: no\n').connected).toBe(true);
  });
});
