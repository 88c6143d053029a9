import { expectTypeOf, it } from 'vitest';
import { type EnsureOptions, type EnsurePreview, type EnsureResult, type Host, NatNetwork } from '../../src/index.js';

declare const host: Host;
const lab = NatNetwork.create('lab');

it('what ensure gives follows from whether it is a dry run', () => {
  expectTypeOf(host.networks.ensure(lab)).resolves.toEqualTypeOf<EnsureResult<NatNetwork>>();
  expectTypeOf(host.networks.ensure(lab, { dryRun: true })).resolves.toEqualTypeOf<EnsurePreview<NatNetwork>>();
});

it('options that are put together elsewhere are taken', () => {
  const options: EnsureOptions = { running: true };
  expectTypeOf(host.networks.ensure(lab, options)).resolves.toEqualTypeOf<EnsurePreview<NatNetwork>>();
});
