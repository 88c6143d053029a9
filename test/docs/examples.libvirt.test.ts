import { expect, it } from 'vitest';
import { needs } from '../support/needs.js';
import { runOf, WITH_VIRSH } from './examples.js';

needs('virsh');

it.each(WITH_VIRSH)("%s runs on libvirt's test driver", (file) => {
  const { stderr, status, stdout } = runOf(file);
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout.length).toBeGreaterThan(0);
});
