import { describe, expect, it } from 'vitest';
import { normalizedBridge } from '../../src/host-bridge/canonical.js';
import { readHostBridge } from '../../src/host-bridge/read/index.js';
import { needs } from '../support/needs.js';
import { PROFILE_CASES, profileWith, UUIDS } from '../support/nm-profiles.js';
import { nmcliOffline } from '../support/parsers.js';

needs('host network programs');

const asked = (content: string) => nmcliOffline(['connection', 'modify', 'connection.id', 'br0'], content);
const understood = (content: string) =>
  normalizedBridge(readHostBridge('networkmanager', [{ path: 'br0', content }]).bridge.document);

describe('NetworkManager’s own library agrees with what is expected of the reader', () => {
  for (const { name, settings, wanted } of PROFILE_CASES) {
    it(name, () => {
      const { status, profile, said } = asked(profileWith(settings));
      expect(status === 0, said).toBe(wanted !== 'refused');
      // What it prints has one form for everything: the plain one.
      if (wanted !== 'refused') expect(understood(profileWith(settings))).toEqual(understood(profile));
    });
  }

  for (const [uuid, isAccepted] of UUIDS)
    it(`on the uuid ${uuid}`, () => {
      expect(asked(profileWith('', uuid)).status === 0).toBe(isAccepted);
    });
});
