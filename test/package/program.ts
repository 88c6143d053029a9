/** Imports from two entries of the installed package, as `kind` of module says, and uses them together. */
export const programOf = (kind: 'import' | 'require'): string => `${IMPORTS[kind]}${PROGRAM}`;

const IMPORTS = {
  import: `import { NatNetwork, Network, LibvirtError } from 'libvirt-network';
import { readXml } from 'libvirt-network/xml';`,
  require: `const { NatNetwork, Network, LibvirtError } = require('libvirt-network');
const { readXml } = require('libvirt-network/xml');`,
};

const PROGRAM = `
const xml = NatNetwork.create('a').subnet('10.0.0.1/24').toXml();
if (!(Network.parse(xml) instanceof NatNetwork)) throw new Error('not a NatNetwork');
let caught;
try { readXml('<a'); } catch (error) { caught = error; }
if (!LibvirtError.is(caught) || !(caught instanceof LibvirtError)) throw new Error('entries have classes of their own');
console.log('fine');
`;
