import { describe, expect, it } from 'vitest';
import { readHostBridge } from '../../src/host-bridge/read/index.js';
import { HEAD_LINES, PROFILE_CASES, profileWith, UUIDS } from '../support/nm-profiles.js';

const read = (content: string) => readHostBridge('networkmanager', [{ path: 'br0.nmconnection', content }]);

describe('profiles of NetworkManager are read as its own library reads them', () => {
  for (const { name, settings, wanted, left = [] } of PROFILE_CASES) {
    it(name, () => {
      if (wanted === 'refused') {
        expect(() => read(profileWith(settings))).toThrow(/br0\.nmconnection, line \d+/);
        return;
      }
      const { bridge, warnings } = read(profileWith(settings));
      expect(bridge.document).toMatchObject(wanted);
      expect(bridge.document.routes ?? []).toEqual(wanted.routes ?? []);
      expect(warnings.map(({ line = 0 }) => line - HEAD_LINES)).toEqual(left);
    });
  }

  for (const [uuid, isAccepted] of UUIDS) {
    it(`the uuid ${uuid} is ${isAccepted ? 'read' : 'refused with its line'}`, () => {
      const reading = () => read(profileWith('', uuid));
      if (isAccepted) expect(reading).not.toThrow();
      else expect(reading).toThrow(`br0.nmconnection, line 3: '${uuid}' is not a UUID`);
    });
  }

  it('a bridge without a device name is refused', () => {
    expect(() => read('[connection]\nid=br0\ntype=bridge\n')).toThrow(/line 2: connection.interface-name/);
    expect(read('[connection]\nid=x\ntype=bridge\n[bridge]\ninterface-name=br0\n').bridge.name).toBe('br0');
  });

  it('a port without a device name is listed', () => {
    const port =
      '[connection]\nid=Wired\ntype=ethernet\nmaster=br0\nslave-type=bridge\n[ethernet]\nmac-address=52:54:00:00:00:01\n';
    const { warnings } = readHostBridge('networkmanager', [
      { path: 'br0.nmconnection', content: profileWith('') },
      { path: 'wired.nmconnection', content: port },
    ]);
    expect(warnings.map(({ line, message }) => [line, message.includes('wired.nmconnection')])).toEqual([
      [2, true],
      [7, true],
    ]);
  });
});
