import { afterEach, describe, expect, it } from 'vitest';
import { applyRendering } from '../../src/host/apply.js';
import { type HostLab, hasNamespaces, startLab } from '../support/host-lab.js';
import { EXPECTED, IPROUTE2 } from '../support/renderings.js';

const labs: HostLab[] = [];
const newLab = async (): Promise<HostLab> => {
  const lab = await startLab();
  labs.push(lab);
  return lab;
};
afterEach(() => {
  for (const lab of labs.splice(0)) lab.end();
});

describe.runIf(hasNamespaces())('a bridge on a host', () => {
  it('comes up with ports, addresses and routes, and the LAN answers', async () => {
    const lab = await newLab();
    const before = lab.sh('find /run');
    const phases: string[] = [];
    const outcome = await applyRendering(IPROUTE2, EXPECTED, {
      runner: lab.runner,
      timeoutMs: 10_000,
      onProgress: ({ phase }) => phases.push(phase),
    });
    expect(outcome.state).toBe('committed');
    expect(phases).toEqual(['planned', 'begun', 'applied', 'verified', 'committed']);
    expect(lab.reaches()).toBe(true);
    expect(lab.sh('ip -j addr show dev br0')).toContain('10.77.0.10');
    expect(lab.sh('find /run')).toBe(before);
  });
});
