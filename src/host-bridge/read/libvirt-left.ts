import { isElement, type XmlElement } from '../../xml/node.js';
import { Lines } from '../../xml/position.js';
import { readXml } from '../../xml/read.js';
import type { ReadContext, SourceFile } from './context.js';

/** An element that the model has a place for, with its attributes and the elements in it. */
interface Known {
  readonly attributes?: readonly string[];
  readonly elements?: Readonly<Record<string, Known>>;
}

const PROTOCOL: Known = {
  attributes: ['family'],
  elements: {
    dhcp: { attributes: ['peerdns'] },
    autoconf: {},
    ip: { attributes: ['address', 'prefix'] },
    route: { attributes: ['gateway'] },
  },
};

/** A device below another one: its name and type say all. */
const DEVICE: Known = { attributes: ['type', 'name'] };

const PORT: Known = {
  ...DEVICE,
  elements: {
    vlan: { attributes: ['tag'], elements: { interface: DEVICE } },
    bond: { attributes: ['mode'], elements: { miimon: { attributes: ['freq'] }, interface: DEVICE } },
  },
};

const BRIDGE: Known = {
  ...DEVICE,
  elements: {
    start: { attributes: ['mode'] },
    mtu: { attributes: ['size'] },
    protocol: PROTOCOL,
    bridge: { attributes: ['stp', 'delay'], elements: { interface: PORT } },
  },
};

/** Reports every element and attribute that the model has no place for, where it is. */
export function tellLeft(file: SourceFile, { leaveOut }: ReadContext): void {
  const { root, source } = readXml(file.content);
  const lines = new Lines(source);
  const tell = (element: XmlElement, what: string): void => leaveOut(file, lines.at(element.start ?? 0).line, what);
  walk(root, BRIDGE, 'the bridge', tell);
}

function walk(
  element: XmlElement,
  { attributes = [], elements = {} }: Known,
  owner: string,
  tell: (element: XmlElement, what: string) => void,
): void {
  const named =
    element.name === 'interface'
      ? `${element.attributes['type'] ?? 'interface'} ${element.attributes['name'] ?? ''}`
      : owner;
  for (const [name, value] of Object.entries(element.attributes)) {
    const isHotplug = element.name === 'start' && value === 'hotplug';
    if (!attributes.includes(name) || isHotplug)
      tell(element, `${name}='${value}' in <${element.name}> of ${named.trim()}`);
  }
  for (const child of element.children.filter(isElement)) {
    const known = Object.hasOwn(elements, child.name) ? elements[child.name] : undefined;
    if (known === undefined) tell(child, `<${child.name}> of ${named.trim()}`);
    else walk(child, known, named, tell);
  }
}
