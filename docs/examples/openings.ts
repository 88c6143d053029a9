console.log('--- lost');

// #region read
import { NatNetwork } from 'libvirt-network';
import { checkFirewall, readHostFirewall } from 'libvirt-network/preview';

// What `nft -s list ruleset` prints on a host whose administrator drops what is not listed.
const ruleset = `table inet filter {
	chain input {
		type filter hook input priority filter; policy drop;
		ct state established,related accept
		meta l4proto { icmp, ipv6-icmp } accept
	}
	chain forward {
		type filter hook forward priority filter; policy drop;
		ct state established,related accept
	}
}
`;
const lab = NatNetwork.create('lab')
  .bridge('virbr10')
  .subnet('192.168.50.1/24', (subnet) => subnet.dhcp('192.168.50.100', '192.168.50.199'));

const firewall = readHostFirewall({ nft: ruleset });
const { needs } = checkFirewall(lab, firewall, { backend: 'nftables' });
const lost = needs.filter(({ state }) => state !== 'met');
for (const { need, rule } of lost) console.log(`${need}: ${rule}`);
// #endregion

console.log('--- openings');

// #region openings
import { openingsFor, withOpenings } from 'libvirt-network/preview';

const { openings, closed } = openingsFor(lab, firewall, { backend: 'nftables' });
for (const { firewall: owner, rules } of openings)
  for (const { hook, in: device, protocol = 'all', port } of rules)
    console.log(`${owner}, ${hook}: from ${device}, ${protocol} ${port?.start ?? ''}`.trim());

const after = checkFirewall(lab, withOpenings(firewall, openings), { backend: 'nftables' });
console.log('still lost:', after.needs.filter(({ state }) => state !== 'met').length, 'not openable:', closed.length);

// #endregion

// #region install
import { installedOpenings, installOpenings, removeOpenings, sshRunner } from 'libvirt-network/host';

const planned = await installOpenings(openings, { dryRun: true }); // changes nothing
const commands = planned.map(({ command }) => command.join(' '));

async function onHost() {
  const runner = sshRunner('root@kvm1.example.com');
  await installOpenings(openings, { runner });
  await removeOpenings(await installedOpenings({ runner }), { runner });
}
// #endregion

console.log('--- files');

// #region files
import { renderOpening } from 'libvirt-network/preview';

for (const opening of openings) {
  const { script, hook, services, apply, remove } = renderOpening(opening);
  for (const file of [script, hook, ...services]) console.log(file?.path);
  console.log(apply.join(' '), 'or', remove.join(' '));
}

// #endregion

// #region allow
import { allow } from 'libvirt-network/preview';

const office = NatNetwork.create('office').bridge('virbr11').subnet('192.168.51.1/24');
const web = allow({ from: office, to: lab, protocol: 'tcp', ports: 443 }, firewall, { backend: 'nftables' });
const ssh = allow(
  {
    from: { subnet: '198.51.100.0/24' },
    to: { network: lab, address: '192.168.50.10' },
    protocol: 'tcp',
    ports: 22,
  },
  firewall,
  { backend: 'nftables', outside: [{ device: 'eno1', host: ['198.51.100.1/24'], outside: ['198.51.100.2/24'] }] },
);
await installOpenings([...web.openings, ...ssh.openings], { dryRun: true });

// #endregion

// #region own
import { ownAddress } from 'libvirt-network/preview';

const guest = { network: lab, address: '192.168.50.10' };
const source = ownAddress(guest, '198.51.100.77', { backend: 'nftables', device: 'eno1' });
await installOpenings([source], { dryRun: true });
// #endregion

// #region keep
const kept = ownAddress(guest, guest.address, { backend: 'nftables', device: 'virbr11' });
await installOpenings([kept], { dryRun: true });
// #endregion

void commands;
void onHost;
