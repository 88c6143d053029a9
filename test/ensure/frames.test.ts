import { expect, it } from 'vitest';
import { connect, NatNetwork, type Transport } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';

const AT_MOST = 7;

/** The functions of the library between a program and its transport, as a stack trace shows them. */
function framesOf({ stack = '' }: Error): string[] {
  return stack.split('\n').filter((line) => /[/\\]src[/\\]/.test(line));
}

// Reading a definition back is deeper: both copies are read in parallel.
const CHANGES = ['network.define', 'network.start', 'network.autostart', 'network.destroy', 'network.undefine'];

it(`changes of ensure and ensureAbsent reach the transport through at most ${AT_MOST} functions`, async () => {
  const mock = mockTransport();
  const deepest = new Map<string, number>();
  const transport: Transport = {
    label: mock.label,
    call: (operation, input, options) => {
      const frames = framesOf(new Error(operation)).length;
      deepest.set(operation, Math.max(frames, deepest.get(operation) ?? 0));
      return mock.call(operation, input, options);
    },
    events: (options) => mock.events(options),
    close: () => mock.close(),
  };
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 100;
  try {
    const { networks } = connect(transport);
    await networks.ensure(NatNetwork.create('lab').subnet('10.0.0.1/24'), { running: true, autostart: true });
    await networks.ensureAbsent('lab');
  } finally {
    Error.stackTraceLimit = limit;
  }
  console.log([...deepest].map(([operation, frames]) => `${operation} ${frames}`).join(', '));
  const frames = CHANGES.map((operation) => deepest.get(operation) ?? Number.POSITIVE_INFINITY);
  expect(Math.max(...frames)).toBeLessThanOrEqual(AT_MOST);
});
