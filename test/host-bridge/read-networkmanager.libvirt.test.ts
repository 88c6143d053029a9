import { describe, expect, it } from 'vitest';
import { ValidationError } from '../../src/errors/index.js';
import { normalizedBridge } from '../../src/host-bridge/canonical.js';
import { readHostBridge } from '../../src/host-bridge/read/index.js';
import { needs } from '../support/needs.js';
import { PROFILE_CASES, profileWith, UUIDS } from '../support/nm-profiles.js';
import { nmcliOffline } from '../support/parsers.js';
import { announce, runs } from '../support/random.js';
import { randomProfile } from '../support/random-profile.js';

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

  it('on random profiles: what it loads is read as it understands it, and what is refused it refuses', {
    timeout: runs(900_000, 60_000),
  }, () => {
    const count = runs(3000, 150);
    const random = announce('random profiles of NetworkManager', count);
    let loaded = 0;
    for (let i = 0; i < count; i++) {
      const content = profileWith(randomProfile(random));
      const { status, profile, said } = asked(content);
      const read = outcome(content);
      if (status === 0) expect(read, content).toEqual(outcome(profile));
      // It has reasons of its own to refuse more, such as a client identifier without a value.
      if (read instanceof ValidationError) expect(status, `${content}\n${read.message}\n${said}`).not.toBe(0);
      if (status === 0) loaded++;
    }
    expect(loaded).toBeGreaterThan(count / 3);
  });
});

/** What the reader understands, or the error by which it refuses. */
function outcome(content: string): unknown {
  try {
    return understood(content);
  } catch (error) {
    return error;
  }
}
