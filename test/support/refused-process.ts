// A program of its own that lists the networks with the options that it is given, and prints how that is refused.
import { LibvirtError } from '../../src/index.js';
import { socket } from '../../src/socket/index.js';

const transport = socket(JSON.parse(process.argv[2] ?? ''));
await transport.call('network.list', {}).catch((error: unknown) => {
  if (LibvirtError.is(error)) console.log(JSON.stringify({ code: error.code, hint: error.hint }));
});
await transport.close();
