import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import * as here from '../src/index.js';
import { noteUncertain } from '../src/transport-entry.js';
import { thrown } from './support/caught.js';

/** A second copy of the library, as another version of it in the dependency tree is. */
async function secondCopy(): Promise<typeof here> {
  const { outputFiles } = await build({
    entryPoints: ['src/index.ts'],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    write: false,
  });
  const text = outputFiles[0]?.text ?? '';
  return import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
}

const there = await secondCopy();

const errors = (library: typeof here) => [
  new library.LibvirtError('CLOSED', 'a'),
  thrown(() => library.Network.parse('<network/>')),
  thrown(() => library.Network.parse('<network')),
  new library.OperationError('LIBVIRT', 'a', { libvirtNumber: 5 }),
  new library.TransportError('TIMEOUT', 'a', { mayHaveChanged: true }),
];

describe('two copies of the library', () => {
  it('know each other’s errors by class and code', () => {
    const { LibvirtError, ValidationError, XmlSyntaxError, OperationError, TransportError } = here;
    const classes = { LibvirtError, ValidationError, XmlSyntaxError, OperationError, TransportError };
    const names = Object.keys(classes);
    errors(there).forEach((error, i) => {
      const own = Object.entries(classes).flatMap(([name, one]) => (error instanceof one ? [name] : []));
      expect(own).toEqual([...new Set(['LibvirtError', names[i]])]);
    });
    expect(new Error('a') instanceof here.LibvirtError).toBe(false);
    class Mine extends here.LibvirtError {}
    expect(errors(there).some((error) => error instanceof Mine)).toBe(false);
  });

  it('agree on what may have changed', () => {
    const reason = new Error('aborted');
    noteUncertain(reason);
    expect([here.mayHaveChanged(reason), there.mayHaveChanged(reason)]).toEqual([true, true]);
    expect(errors(there).map(here.mayHaveChanged)).toEqual([false, false, false, false, true]);
  });

  it('take each other’s networks', () => {
    const lab = there.NatNetwork.create('lab').subnet('192.168.50.1/24');
    expect([lab instanceof here.Network, lab instanceof here.BaseNetwork, lab instanceof here.NatNetwork]).toEqual([
      true,
      true,
      true,
    ]);
    expect(lab instanceof here.RoutedNetwork).toBe(false);
    expect(here.editXml(lab.toXml(), (network) => there.Network.from(network.document).title('t') as never)).toContain(
      '<title>t',
    );
    expect(here.NatNetwork.from(lab.document).equals(lab)).toBe(true);
  });
});

describe('errors as data', () => {
  it('keep code, message and what else they say through JSON and structuredClone', () => {
    for (const error of errors(here)) {
      if (!here.LibvirtError.is(error)) throw new Error('not one of ours');
      const { name, message, code } = error;
      const { issues } = error as Partial<here.ValidationError>;
      for (const data of [JSON.parse(JSON.stringify(error)), structuredClone(error.toJSON())]) {
        expect(data).toMatchObject({ name, message, code, ...(issues === undefined ? {} : { issues }) });
        expect(here.mayHaveChanged(data)).toBe(here.mayHaveChanged(error));
      }
    }
    const outer = new here.LibvirtError('CLOSED', 'a', { cause: new here.LibvirtError('TIMEOUT', 'b') });
    expect(JSON.parse(JSON.stringify(outer)).cause).toEqual({ name: 'LibvirtError', message: 'b', code: 'TIMEOUT' });
  });
});
