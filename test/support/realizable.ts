import type { NetworkDocument } from '../../src/index.js';

/**
 * A definition without what a sandbox's kernel or programs cannot start: rate limits, a bridge that libvirt manages the
 * MAC table of, devices that are not there, a TFTP folder, DHCP options that dnsmasq cannot read.
 */
export function realizable({ bandwidth: _, ...document }: NetworkDocument): NetworkDocument {
  const { macTableManager: __, ...bridge } = document.bridge ?? {};
  return {
    ...document,
    ...(document.bridge === undefined ? {} : { bridge }),
    ...(document.ips === undefined ? {} : { ips: document.ips.map(({ tftp: ___, localPtr: ____, ...ip }) => ip) }),
    ...(document.dnsmasq === undefined
      ? {}
      : {
          dnsmasq: {
            options: (document.dnsmasq.options ?? []).map((_, i) => ({ value: `cname=alias${i}.test,real.test` })),
          },
        }),
  };
}
