import { expect, it } from 'vitest';
import * as main from '../src/index.js';
import * as xml from '../src/xml-entry.js';

it('the main entry exports this and nothing else', () => {
  expect(Object.keys(main).sort()).toMatchInlineSnapshot(`
    [
      "BaseNetwork",
      "BridgedNetwork",
      "DirectNetwork",
      "FAILURES",
      "Host",
      "HostdevNetwork",
      "Interfaces",
      "IsolatedNetwork",
      "LibvirtError",
      "NEWEST_RELEASE",
      "NatNetwork",
      "Network",
      "NetworkHandle",
      "Networks",
      "OpenNetwork",
      "OtherNetwork",
      "RULES",
      "RoutedNetwork",
      "Subnet",
      "SubnetBuilder",
      "TaggedNetwork",
      "TransportError",
      "ValidationError",
      "VirtualNetwork",
      "XmlSyntaxError",
      "bridgeNameFor",
      "checkNetwork",
      "connect",
      "defaultNetwork",
      "editXml",
      "formatIssue",
      "macFor",
      "readHostInterface",
      "readNetworkPort",
      "redact",
      "writeHostInterface",
      "writeNetworkPort",
    ]
  `);
});

it('the xml entry exports this and nothing else', () => {
  expect(Object.keys(xml).sort()).toMatchInlineSnapshot(`
    [
      "LibvirtError",
      "Lines",
      "NEWEST_RELEASE",
      "ValidationError",
      "XmlSyntaxError",
      "attributeSpans",
      "checkNetwork",
      "editXml",
      "formatIssue",
      "inspectNetwork",
      "isElement",
      "readHostInterface",
      "readNetwork",
      "readNetworkPort",
      "readXml",
      "textOf",
      "writeHostInterface",
      "writeNetwork",
      "writeNetworkPort",
      "writeXml",
    ]
  `);
});
