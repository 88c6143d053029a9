// `npm run bench:guests`: lists 500 guests with two NICs each over the socket, against python-libvirt with lxml doing the same.
// Both ask a real libvirtd for every definition and read the NICs of it. Needs what `npm run test:libvirt` needs, python3-libvirt and
// python3-lxml. Never fails because of a figure.
import { execFileSync } from 'node:child_process';
import { connect } from 'libvirt-network';
import { guests } from 'libvirt-network/guests';
import { socket } from 'libvirt-network/socket';
import { startDaemon } from '../test/lab/index.js';

const GUESTS = 500;
const ROUNDS = 9;
const GOAL = 2.5;

const PYTHON = `
import json, sys, time, libvirt
from lxml import etree
connection = libvirt.open(sys.argv[1])
times = []
for _ in range(${ROUNDS}):
    begin = time.perf_counter()
    found = []
    for domain in connection.listAllDomains():
        state, _ = domain.state()
        active, persistent = domain.isActive(), domain.isPersistent()
        nics = []
        for nic in etree.fromstring(domain.XMLDesc()).findall('devices/interface'):
            nics.append({child.tag: dict(child.attrib) for child in nic} | dict(nic.attrib))
        found.append((domain.name(), domain.UUIDString(), state, active, persistent, nics))
    times.append((time.perf_counter() - begin) * 1000)
print(json.dumps({'times': times, 'nics': sum(len(one[5]) for one in found)}))
`;

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;

const nic = (which) =>
  `<interface type='network'><mac address='52:54:00:${which}'/><source network='default'/><model type='virtio'/></interface>`;
const DOMAIN = `<domain type='qemu'><name>gNUMBER</name><memory unit='MiB'>32</memory><vcpu>1</vcpu><os><type arch='x86_64' machine='pc'>hvm</type></os><devices><emulator>/run/sandbox/vm/qemu-system-x86_64</emulator>${nic('01:HEX')}${nic('02:HEX')}</devices></domain>`;

/** Defines the guests with one virsh. */
function defineGuests(daemon) {
  daemon.inside(`for i in $(seq 0 ${GUESTS - 1}); do
  echo "${DOMAIN}" | sed "s/NUMBER/$i/; s/HEX/$(printf %02x:%02x $((i / 256)) $((i % 256)))/g" > /tmp/g$i.xml
  echo define /tmp/g$i.xml
done | virsh -q -c qemu:///system >/dev/null`);
}

async function ownTimes(uri) {
  const host = connect(socket({ uri }));
  const times = [];
  let nics = 0;
  for (let i = 0; i < ROUNDS; i++) {
    const begin = performance.now();
    const found = await guests(host).list();
    times.push(performance.now() - begin);
    nics = found.reduce((sum, one) => sum + one.nics.length, 0);
  }
  await host.close();
  return { times, nics };
}

const daemon = startDaemon('9.0');
try {
  defineGuests(daemon);
  const uri = daemon.uriOf('qemu');
  const python = JSON.parse(execFileSync('/usr/bin/python3', ['-c', PYTHON, uri], { encoding: 'utf8' }));
  const own = await ownTimes(uri);
  if (own.nics !== python.nics || own.nics !== 2 * GUESTS)
    throw new Error(`${own.nics} and ${python.nics} NICs were read`);
  const [ours, theirs] = [middle(own.times), middle(python.times)];
  console.log(
    `${GUESTS} guests with 2 NICs: library ${ours.toFixed(0)} ms, python-libvirt and lxml ${theirs.toFixed(0)} ms, ratio ${(ours / theirs).toFixed(2)}   goal <= ${GOAL}`,
  );
} finally {
  daemon.stop();
}
