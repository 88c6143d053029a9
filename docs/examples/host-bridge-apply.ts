// #region apply
import { HostBridge, LibvirtError } from 'libvirt-network';
import { applyHostBridge, localRunner, sshRunner } from 'libvirt-network/host';

const kvm = process.env['KVM_HOST'];
const runner = kvm === undefined ? localRunner() : sshRunner(kvm);
const lan = HostBridge.create('br0').port('eno1').address('192.168.1.10/24').gateway('192.168.1.1');

try {
  const { plan, warnings } = await applyHostBridge(lan, { runner, backend: 'netplan', dryRun: true });
  for (const { path, before } of plan.files) console.log(before === undefined ? 'new' : 'changed', path);
  for (const { message } of warnings) console.log(message);
} catch (error) {
  if (!LibvirtError.is(error)) throw error;
  console.log(String(error)); // everything that speaks against it, such as a port that is not there
}
// #endregion
