// #region check
import { formatIssue, Network } from 'libvirt-network';

const text = `<network>
  <name>lab</name>
  <forward mode='nat'/>
  <ip address='10.0.0.0' netmask='24'/>
</network>`;

for (const issue of Network.parse(text).validate()) console.log(formatIssue(issue));
// #endregion
