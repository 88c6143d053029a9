// #region setup
import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { connect, type Host, LibvirtError, NatNetwork, OperationError } from 'libvirt-network';
import { type MockTransport, mockTransport } from 'libvirt-network/testing';
import { addressOf, admit, bringUp, report, takeDown } from './labs.js';

const lab = NatNetwork.create('lab').subnet('192.168.50.1/24', (s) => s.dhcp('192.168.50.100', '192.168.50.199'));
const guest = { mac: '52:54:00:00:00:07', name: 'db', ip: '192.168.50.7' };

let mock: MockTransport;
let host: Host;
beforeEach(() => {
  mock = mockTransport();
  host = connect(mock);
});

test('a new lab runs, and will after the next boot', async () => {
  await bringUp(host, lab);
  assert.deepEqual(await report(host), ['lab: up, starts with the host']);
});
// #endregion

test('a lab that runs is not started again', async () => {
  await bringUp(host, lab);
  await bringUp(host, lab);
  assert.equal(mock.calls.filter(({ operation }) => operation === 'network.start').length, 1);
});

test('a lab that runs keeps its definition until the next start', async () => {
  const net = await bringUp(host, lab);
  await bringUp(host, lab.domain('lab.test'));
  assert.equal((await net.read()).document.domain, undefined);
  assert.deepEqual((await net.read({ inactive: true })).document.domain, { name: 'lab.test' });
});

test('a guest is admitted to the running lab and to the stored one, once', async () => {
  const net = await bringUp(host, lab);
  await admit(net, guest);
  await admit(net, guest);
  for (const inactive of [false, true])
    assert.deepEqual((await net.read({ inactive })).document.ips?.[0]?.dhcp?.hosts, [guest]);
});

test('a lease gives the address of its guest', async () => {
  const net = await bringUp(host, lab);
  mock.addLease('lab', { mac: guest.mac, family: 'ipv4', address: guest.ip, prefix: 24 });
  assert.equal(await addressOf(net, guest, 1000), guest.ip);
});

test('a guest that never asks has no address', async () => {
  const net = await bringUp(host, lab);
  assert.equal(await addressOf(net, guest, 1), undefined);
});

test('a subnet that is taken is reported with what to do', async () => {
  await bringUp(host, lab);
  const twin = NatNetwork.create('twin').subnet('192.168.50.1/24');
  await assert.rejects(bringUp(host, twin), { code: 'SUBNET_IN_USE', hint: /pick another subnet/ });
});

test('a start that fails leaves the lab stored', async () => {
  mock.once('network.start', { error: new OperationError('FIREWALL_FAILED', 'nft failed') });
  await assert.rejects(bringUp(host, lab), { code: 'FIREWALL_FAILED' });
  assert.deepEqual(await report(host), ['lab: down']);
});

test('a daemon that hangs is given up', async () => {
  mock.once('network.start', { hang: true });
  await assert.rejects(bringUp(host, lab, { timeoutMs: 1 }), { code: 'TIMEOUT' });
});

test('after a lost connection the same call brings the lab up', async () => {
  mock.once('network.start', { disconnect: true });
  await assert.rejects(bringUp(host, lab), { code: 'CONNECTION_FAILED' });
  mock.reconnect();
  await bringUp(host, lab);
  assert.deepEqual(await report(host), ['lab: up, starts with the host']);
});

test('a lab is taken away from any state', async () => {
  for (const state of ['up', 'down', 'transient', 'gone']) {
    if (state === 'up') await bringUp(host, lab);
    if (state === 'down') await host.networks.define(lab);
    if (state === 'transient') await host.networks.create(lab);
    await takeDown(host, 'lab');
    assert.deepEqual(await report(host), []);
  }
});

test('an old libvirt refuses what it does not have', async () => {
  const old = connect(mockTransport({ libvirt: '9.0.0' }));
  const net = await bringUp(old, lab);
  await assert.rejects(net.setTitle('The lab'), (error) => LibvirtError.is(error) && error.code === 'CLIENT_TOO_OLD');
});
