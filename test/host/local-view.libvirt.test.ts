import { describe, expect, it } from 'vitest';
import { localView } from '../../src/host/index.js';
import { needs } from '../support/needs.js';

needs('ip');

describe('a view of this machine', () => {
  it('has at least its loopback device', async () => {
    const { devices } = await localView().look();
    expect(devices.find(({ name }) => name === 'lo')?.addresses).toContainEqual(
      expect.objectContaining({ address: '127.0.0.1', prefix: 8 }),
    );
  });

  it('reports what ip says of a device that does not exist', async () => {
    await expect(localView().attach?.('nowhere0', 'nowhere1')).rejects.toMatchObject({
      code: 'UNEXPECTED_REPLY',
      message: expect.stringContaining('nowhere'),
      mayHaveChanged: true,
    });
  });
});
