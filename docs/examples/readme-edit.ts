const text = "<network><name>office</name><forward/><ip address='10.0.0.1' prefix='24'/></network>";

// #region edit
import { editXml, Network } from 'libvirt-network';

const office = Network.parse(text);
if (office.kind === 'nat') console.log(office.subnets.map(String));

const edited = editXml(text, (network) => network.title('The office network'));
// #endregion

console.log(edited);
