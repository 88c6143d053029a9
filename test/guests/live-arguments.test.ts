import { connect, IsolatedNetwork, LibvirtError, ValidationError } from 'libvirt-network';
import { guests } from 'libvirt-network/guests';
import { type MockTransport, mockTransport } from 'libvirt-network/testing';
import { describe, expect, it } from 'vitest';
import { caught } from '../support/caught.js';

const MAC = '52:54:00:00:00:01';
const NEW = '52:54:00:00:00:02';
const onLab = (mac: string, more = ''): string =>
  `<interface type='network'><mac address='${mac}'/><source network='lab'/><model type='virtio'/>${more}</interface>`;

async function withGuest(options: Partial<Parameters<MockTransport['addGuest']>[0]> = {}) {
  const mock = mockTransport({ networks: [IsolatedNetwork.create('lab').subnet('10.7.1.1/24')] });
  const host = connect(mock);
  await (await host.networks.get('lab')).start();
  mock.addGuest({ name: 'web', nics: [onLab(MAC)], ...options });
  return { mock, host, guest: await guests(host).get('web') };
}

const codeOf = async (call: Promise<unknown>): Promise<string> => {
  const error = await caught(call);
  return error instanceof ValidationError ? 'VALIDATION' : LibvirtError.is(error) ? error.code : String(error);
};

const isChange = ({ operation }: { readonly operation: string }): boolean => /attach|update|detach/.test(operation);

/** Texts that libvirt refuses: its parser, and what it looks at afterwards. */
const REFUSED = [
  "<interface type='user'><mtu size='x'/></interface>",
  "<interface type='user'><link state='sideways'/></interface>",
  "<interface type='network'/>",
  "<interface type='bridge'><source bridge='br0'/><bandwidth><inbound peak='5'/></bandwidth></interface>",
];

describe('a definition that libvirt would refuse', () => {
  for (const text of REFUSED)
    it(`is refused before anything is sent: ${text}`, async () => {
      const { mock, guest } = await withGuest();
      expect(await codeOf(guest.attach(text))).toBe('VALIDATION');
      expect(await codeOf(guest.change(MAC, text))).toBe('VALIDATION');
      expect(await codeOf(guest.change(MAC, () => text))).toBe('VALIDATION');
      expect(mock.calls.filter(isChange)).toEqual([]);
    });

  it('is told apart from words of a newer libvirt, which are sent', async () => {
    const { mock, guest } = await withGuest();
    await guest.attach(onLab(NEW, "<newer word='1'/>"));
    await guest.change(NEW, onLab(NEW, "<newer word='2'/>"));
    expect(mock.calls.filter(isChange).map(({ input }) => /<newer[^>]*>/.exec(String(input['xml']))?.[0])).toEqual([
      "<newer word='1'/>",
      "<newer word='2'/>",
      "<newer word='2'/>",
    ]);
  });

  it('does not keep the link of a NIC from being changed that libvirt has taken', async () => {
    const { guest } = await withGuest({ nics: [onLab(MAC, "<mtu size='x'/>")] });
    await guest.setLink(MAC, 'down', { live: false });
    expect(await guest.info()).toMatchObject({ active: true });
  });
});

describe('a NIC that libvirt prints in words that cannot be read', () => {
  it('is given as it was sent: the attach is done', async () => {
    const { mock, guest } = await withGuest({ nics: [] });
    const call = mock.call.bind(mock);
    mock.call = async (operation, input, options) => {
      const answer = await call(operation, input, options);
      return JSON.parse(JSON.stringify(answer ?? null).replaceAll("size='1400'", "size='many'")) ?? undefined;
    };
    expect((await guest.attach(onLab(NEW, "<mtu size='1400'/>"))).document).toMatchObject({
      mac: { address: NEW },
      mtu: { size: 1400 },
    });
  });
});
