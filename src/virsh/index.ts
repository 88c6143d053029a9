export type { Exec, ExecRequest, ExecResult } from '../process/exec.js';
export { localExec } from '../process/local.js';
export type { VirshOptions } from './options.js';
export { VirshTransport, virsh } from './transport.js';
