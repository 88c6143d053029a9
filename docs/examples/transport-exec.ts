// #region exec
import { type Exec, localExec, virsh } from 'libvirt-network/virsh';

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Runs virsh on a machine that is reached over ssh, through a jump host. */
const overSsh: Exec = ({ file, args, env, input, ...request }) => {
  const words = ['env', ...Object.entries(env).map(([name, value]) => `${name}=${value}`), file, ...args];
  // ssh gives its command a socket as standard input, and virsh needs a pipe or a file.
  const command = `${input === undefined ? '' : 'cat | '}${words.map(quoted).join(' ')}`;
  const ssh = ['-o', 'BatchMode=yes', '-J', 'jump.example.com', 'kvm1.example.com', command];
  return localExec({ ...request, file: 'ssh', args: ssh, env: {}, ...(input === undefined ? {} : { input }) });
};

const transport = virsh({ uri: 'qemu:///system', exec: overSsh });
// #endregion
console.log(transport.label, typeof overSsh);
await transport.close();
