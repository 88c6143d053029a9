import { describe, expect, it } from 'vitest';
import { NatNetwork, Network } from '../../src/index.js';

const read = (content: string) => Network.parse(`<network><name>n</name>${content}</network>`);

// That libvirt keeps the same is held against daemons in test/schema/define-parity.libvirt.test.ts.
describe('a network as libvirt keeps it', () => {
  it('has no unknown elements and attributes, and says so by its text', () => {
    const network = read(
      "<x/><ip address='10.0.0.1' prefix='24' y='1'><dhcp><range start='10.0.0.2' end='10.0.0.9'/><lease expiry='5'/></dhcp></ip>",
    );
    expect(network.toXml()).toMatch(/<x\/>/);
    expect(network.asStored().toXml()).not.toMatch(/<x\/>| y=|<lease/);
    expect(network.asStored().validate()).toEqual([]);
  });

  it('has no parts that are newer than the release, and keeps metadata as it is', () => {
    const network = read(
      "<metadata><a:b xmlns:a='urn:a'><a:c/></a:b></metadata><dns><forwarder addr='10.0.0.9' port='5353'/></dns>",
    );
    const [old, today] = [network.asStored({ libvirt: '11.3' }), network.asStored({ libvirt: '12.9' })];
    expect([old, today].map(({ document }) => document.dns?.forwarders?.[0]?.port)).toEqual([undefined, 5353]);
    expect(old.metadata('urn:a')?.children).toHaveLength(1);
  });

  // As a daemon of 9.0 keeps it.
  it('has the first metadata of each namespace, and none without one', () => {
    const network = read("<metadata><a/><b xmlns='u'/><c xmlns='u'/><d xmlns='v'/></metadata>");
    expect(network.asStored().document.metadata?.map(({ name }) => name)).toEqual(['b', 'd']);
  });

  it('is of the same class, and keeps what it keeps', () => {
    const stored = NatNetwork.create('lab').subnet('10.0.0.1/24').asStored({ libvirt: '9.0' });
    expect(stored).toBeInstanceOf(NatNetwork);
    expect(stored.asStored({ libvirt: '9.0' }).document).toEqual(stored.document);
  });

  it('is refused where libvirt refuses the network', () => {
    expect(() => NatNetwork.create('lab').with({ uuid: 'zz' }).asStored()).toThrow(/uuid/);
  });
});
