import type { Facts, NetworkFacts } from './facts.js';

/** The zone that a device is in: one that no zone names is in the default zone. */
export function zoneOf({ evidence }: Facts, device: string): string | undefined {
  const text = evidence.looks.firewalld ?? '';
  const fallback = /^default (\S+)/m.exec(text)?.[1];
  let zone: string | undefined;
  for (const line of text.split('\n')) {
    if (/^\S/.test(line)) zone = line.split(' ')[0];
    else if (/^\s+interfaces:/.test(line) && line.split(/[\s:]+/).includes(device)) return zone;
  }
  return fallback;
}

/** The zone that libvirt puts the bridge of a network into. */
export const wantedZone = ({ preview, network }: NetworkFacts): string =>
  network.document.bridge?.zone ?? (preview?.mode === 'route' ? 'libvirt-routed' : 'libvirt');
