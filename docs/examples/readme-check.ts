// #region check
import { formatIssue, NatNetwork, ValidationError } from 'libvirt-network';

const broken = NatNetwork.create('lab').subnet('192.168.50.1/24', (subnet) =>
  subnet.dhcp('192.168.51.2', '192.168.51.9'),
);
for (const issue of broken.validate({ libvirt: '9.0.0' })) console.log(formatIssue(issue));

try {
  broken.toXml();
} catch (error) {
  if (error instanceof ValidationError) console.log(error.issues.length, 'to fix');
}
// #endregion
