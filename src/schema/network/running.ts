import type { NetworkDocument } from './network.js';

/** The document as libvirt prints it while the network runs: a NAT network shows the ports that masquerading uses. */
export function runningNetwork(document: NetworkDocument): NetworkDocument {
  const { forward } = document;
  const translates =
    forward !== undefined &&
    (forward.mode ?? 'nat') === 'nat' &&
    (document.ips ?? []).some(({ family }) => family !== 'ipv6' || forward.nat?.ipv6);
  if (!translates || forward.nat?.port !== undefined) return document;
  return { ...document, forward: { ...forward, nat: { ...forward.nat, port: { start: 1024, end: 65_535 } } } };
}
