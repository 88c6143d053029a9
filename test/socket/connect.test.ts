import { afterEach, describe, expect, it, vi } from 'vitest';
import { connect } from '../../src/node-entry.js';
import { CALLS } from '../../src/socket/wire/procedures.js';
import { caught } from '../support/caught.js';
import { body, FakeDaemon } from './fake-daemon.js';

describe('connect with a URI', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('speaks the protocol to a daemon', async () => {
    const nothing = body(CALLS.CONNECT_LIST_ALL_NETWORKS, { nets: [], ret: 0 });
    const daemon = await FakeDaemon.start(() => nothing);
    const host = connect('qemu:///system', { path: daemon.path });
    await expect(host.networks.states()).resolves.toEqual([]);
    await host.close();
    await daemon.stop();
  });

  it('takes the URI from LIBVIRT_DEFAULT_URI, and that of the system without one', () => {
    vi.stubEnv('LIBVIRT_DEFAULT_URI', 'qemu+ssh://root@kvm1/system');
    expect(connect().label).toBe('qemu+ssh://***@kvm1/system');
    vi.stubEnv('LIBVIRT_DEFAULT_URI', undefined);
    expect(connect().label).toBe('qemu:///system');
  });

  it('leaves the test driver to virsh', () => {
    expect(connect('test:///default').label).toBe('test:///default');
  });

  it.each([
    ['qemu://system', 'system is where the host stands: write qemu:///system'],
    ['qemu://session', 'session is where the host stands: write qemu:///session'],
    ['qemu:/system', 'it does not have the form of qemu:///system or qemu+ssh://host/system'],
  ])('says what is wrong with %s', (uri, why) => {
    expect(() => connect(uri)).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(why) }),
    );
  });

  it.each(['ca', 'cert', 'key'])('refuses a path where it needs the content of tls.%s', async (what) => {
    const host = connect('qemu+tls://127.0.0.1:1/system', { tls: { [what]: '/etc/pki/x.pem' } });
    const error = await caught(host.networks.states());
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: `tls.${what} is not text in PEM` });
  });

  it('names the certificate of an authority that is missing', async () => {
    const host = connect('qemu+tls://127.0.0.1:1/system?pkipath=/nowhere');
    const error = await caught(host.networks.states());
    expect(error).toMatchObject({
      code: 'CERTIFICATE_FAILED',
      message: expect.stringMatching(/Cannot read CA certificate '.*cacert\.pem': No such file or directory$/),
    });
  });

  it('names virsh() for what only virsh can reach', () => {
    expect(() => connect('qemu+libssh2://kvm1/system')).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', hint: expect.stringContaining('virsh()') }),
    );
  });
});
