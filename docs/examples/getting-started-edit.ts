// #region edit
import { editXml } from 'libvirt-network';

const before = `<network>
    <name>lab</name>    <!-- ours -->
    <domain name="lab.test"/>
</network>
`;
const after = editXml(before, (network) => network.with({ domain: { name: 'lab.example' } }));

console.log(after === before.replace('lab.test', 'lab.example')); // true
// #endregion
