export type { Exec, ExecRequest, ExecResult } from './exec.js';
export { localExec } from './local.js';
export type { VirshOptions } from './options.js';
export { VirshTransport, virsh } from './transport.js';
