// A program of its own that keeps the contract with the daemon of a URI, where libvirt's own sockets are; it prints what fails. The
// second argument says how many cases are one of those that run.
import { socket } from '../../src/socket/index.js';
import { transportContract } from '../../src/testing/index.js';

const [, , uri = '', every = '1'] = process.argv;
const cases = transportContract(() => socket({ uri })).filter((_, i) => i % Number(every) === 0);
for (const { name, run } of cases) await run().catch((error: unknown) => console.log(`${name}: ${String(error)}`));
