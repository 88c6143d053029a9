import { describe, expect, it } from 'vitest';
import { ValidationError, XmlSyntaxError } from '../../src/errors/index.js';
import { editDomainXml, nicsOf } from '../../src/guests/index.js';
import { BridgeNic } from '../../src/model/guest-nic/host-nics.js';
import { NetworkNic } from '../../src/model/guest-nic/network-nic.js';
import { thrown } from '../support/caught.js';
import { domainText, goodNicText } from '../support/nic-texts.js';
import { announce, runs } from '../support/random.js';
import { expectUntouched } from '../support/untouched.js';

const DOMAIN = `<domain type='kvm'>
  <name>web</name>
  <devices>
    <!-- the LAN -->
    <interface type="bridge">
      <mac address='52:54:00:00:00:01'/>
      <source bridge="br0"/>   <!-- of the rack -->
    </interface>
    <interface type='user'/>
  </devices>
</domain>
`;

describe('nicsOf', () => {
  it('reads the NICs of a domain in their order', () => {
    expect(nicsOf(DOMAIN).map(String)).toEqual(['BridgeNic on br0', 'UserNic']);
  });

  it('passes over comments, CDATA, metadata and devices of other elements', () => {
    const text = `<domain><!-- <devices><interface type='user'/></devices> --><metadata><a:devices xmlns:a="urn:a"><interface/></a:devices>
<![CDATA[<devices><interface/>]]></metadata><x a="<devices><interface/></devices>"/><devices><disk><interface/></disk></devices></domain>`;
    expect(nicsOf(text.replace('a="<devices><interface/></devices>"', 'a="&lt;devices>"'))).toEqual([]);
  });

  it.each([
    ['domainsnapshot', /snapshot is not edited/],
    ['domstatus', /virsh dumpxml/],
    ['interface', /GuestNic.parse/],
    ['network', /pass the domain/],
  ])('refuses <%s> and says what to do', (root, hint) => {
    const error = thrown(() => nicsOf(`<${root}><devices/></${root}>`));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', hint: expect.stringMatching(hint) });
  });

  it('reads past what libvirt refuses of one NIC, which lists it with its place in the whole text', () => {
    const text = DOMAIN.replace("<interface type='user'/>", "<interface type='user'><mtu size='x'/></interface>");
    const [bridge, user] = nicsOf(text);
    expect(user?.validate()).toMatchObject([{ code: 'ATTR_INVALID', line: 9, column: 33 }]);
    expect(() => user?.toXml()).toThrow(ValidationError);
    expect(bridge?.validate()).toEqual([]);
    const unknown = nicsOf(DOMAIN.replace("type='user'", "type='wifi'"))[1];
    expect([unknown?.kind, unknown?.validate()[0]?.code]).toEqual(['other', 'ATTR_ENUM']);
    expect(thrown(() => nicsOf(DOMAIN.replace('</devices>', '')))).toBeInstanceOf(XmlSyntaxError);
  });

  it.each([
    ['<!--', 2000],
    ['<a', 20_000],
    ['<![CDATA[', 20_000],
    ['<?', 20_000],
    ['<a b="', 20_000],
    ['<a/', 20_000],
  ])('looks at each character of %s once, however often it stands there', (text, count) => {
    expect(thrown(() => nicsOf(`<domain>${text.repeat(count)}`))).toBeInstanceOf(XmlSyntaxError);
  });

  it.each([
    ['text after the domain', `${DOMAIN}x`],
    ['a second root', `${DOMAIN}<a/>`],
    ['a document type', `<!DOCTYPE domain>${DOMAIN}`],
    ['text before the domain', `x${DOMAIN}`],
  ])('refuses %s', (_, text) => {
    expect(thrown(() => nicsOf(text))).toBeInstanceOf(XmlSyntaxError);
    expect(thrown(() => editDomainXml(text, (nics) => nics))).toBeInstanceOf(XmlSyntaxError);
  });

  it('takes elements of another namespace for no NICs', () => {
    expect(nicsOf(DOMAIN.replace('<devices>', '<devices xmlns="urn:x">'))).toEqual([]);
    expect(nicsOf(DOMAIN.replace("<interface type='user'/>", "<interface xmlns='urn:x' type='user'/>"))).toHaveLength(
      1,
    );
    expect(nicsOf(`<?xml version="1.0"?><!-- a -->${DOMAIN}<!-- b -->\n`)).toHaveLength(2);
  });

  it('and so does validate() of each NIC', () => {
    const text = DOMAIN.replace("<interface type='user'/>", "<interface type='user'><mtu size='9'/><b/></interface>");
    expect(nicsOf(text)[1]?.validate()).toContainEqual(
      expect.objectContaining({ code: 'UNKNOWN_ELEMENT', line: 9, column: 43 }),
    );
  });
});

describe('editDomainXml', () => {
  it('changes the bytes of one NIC', () => {
    const down = editDomainXml(DOMAIN, ([first, ...others]) => (first ? [first.withLink('down'), ...others] : []));
    expect(down).toBe(DOMAIN.replace('<!-- of the rack -->\n', "<!-- of the rack -->\n      <link state='down'/>\n"));
  });

  it('takes a NIC out with its line, and adds one after the others', () => {
    expect(editDomainXml(DOMAIN, ([first]) => (first ? [first] : []))).toBe(
      DOMAIN.replace("    <interface type='user'/>\n", ''),
    );
    const added = editDomainXml(DOMAIN, (nics) => [...nics, NetworkNic.create('lan')]);
    expect(added).toBe(
      DOMAIN.replace(
        "<interface type='user'/>\n",
        "<interface type='user'/>\n    <interface type='network'>\n      <source network='lan'/>\n      <model type='virtio'/>\n    </interface>\n",
      ),
    );
  });

  it('puts another type of NIC in the place of one', () => {
    const text = editDomainXml(DOMAIN, ([first]) => (first ? [first, BridgeNic.create('br1')] : []));
    expect(text).toContain("<interface type='bridge'>\n      <source bridge='br1'/>\n      <model type='virtio'/>");
    expect(text.slice(0, text.indexOf("<interface type='bridge'>"))).toBe(
      DOMAIN.slice(0, DOMAIN.indexOf("<interface type='user'")),
    );
  });

  it('moves the bytes of NICs that change places, comments included', () => {
    const [bridge, user] = [
      /<interface type="bridge">[\s\S]*?<\/interface>/.exec(DOMAIN)?.[0] ?? '',
      "<interface type='user'/>",
    ];
    const swapped = editDomainXml(DOMAIN, (nics) => nics.toReversed());
    expect(swapped).toBe(DOMAIN.replace(user, '@').replace(bridge, user).replace('@', bridge));
    expect(editDomainXml(swapped, (nics) => nics.toReversed())).toBe(DOMAIN);
  });

  it('gives a list that nobody changes, and writes for the release that is named', () => {
    expect(() => editDomainXml(DOMAIN, (nics) => [...nics, (nics as never[]).push()].slice(0, 2) as never)).toThrow(
      TypeError,
    );
    const older = editDomainXml(DOMAIN, (nics) => nics.map((nic) => nic.with({ acpi: { index: 3, nodeset: '0' } })), {
      libvirt: '11.3.0',
    });
    expect(older).toContain("<acpi index='3'/>");
  });

  it('leaves a NIC alone that libvirt refuses, and refuses to change it', () => {
    const broken = DOMAIN.replace("<interface type='user'/>", "<interface type='user'><mtu size='x'/></interface>");
    const change = (which: number) => () =>
      editDomainXml(broken, (nics) => nics.map((nic, i) => (i === which ? nic.withLink('down') : nic)));
    expect(change(0)()).toContain("<mtu size='x'/>");
    expect(thrown(change(1))).toMatchObject({ issues: [{ code: 'ATTR_INVALID', path: 'mtu.size' }] });
  });

  it('gives a domain without devices its first NIC', () => {
    const text = editDomainXml("<domain type='kvm'>\n  <name>a</name>\n</domain>", () => [BridgeNic.create('br0')]);
    expect(nicsOf(text).map(String)).toEqual(['BridgeNic on br0']);
  });

  it('keeps NICs of a type that this library does not know', () => {
    const text = DOMAIN.replace("type='user'", "type='newer'");
    expect(editDomainXml(text, (nics) => nics.map((nic) => nic.withLink('down')))).toMatch(
      /<interface type='newer'>\s*<link state='down'\/>/,
    );
  });

  it('refuses a changed NIC that libvirt would refuse, and leaves others alone', () => {
    const broken = DOMAIN.replace("<interface type='user'/>", "<interface type='user'><mtu size='1400'/></interface>");
    expect(editDomainXml(broken, ([first, ...others]) => (first ? [first.withLink('down'), ...others] : []))).toContain(
      "<mtu size='1400'/>",
    );
    expect(
      thrown(() => editDomainXml(DOMAIN, (nics) => nics.map((nic) => nic.withMac('01:00:00:00:00:00')))),
    ).toMatchObject({
      code: 'VALIDATION',
    });
    expect(thrown(() => editDomainXml(DOMAIN, () => JSON.parse('[1]')))).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('changes nothing but the touched NICs of generated domains', () => {
    const count = runs(1000, 40);
    const random = announce('domains with NICs', count);
    for (let i = 0; i < count; i++)
      expectUntouched(
        domainText(
          random,
          random.list(0, 3, () => goodNicText(random)),
        ),
      );
  });
});
