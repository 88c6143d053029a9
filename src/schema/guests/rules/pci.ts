import type { PlugAddress } from '../../network/forward.js';

/** An address of which only the parts on a PCI bus count. */
interface Pci {
  readonly domain?: number;
  readonly bus?: number | string;
  readonly slot?: number;
  readonly function?: number;
}

/** The parts of an address that are numbers on a PCI bus. */
export const pciOf = ({ domain = 0, bus = 0, slot = 0, function: fn = 0 }: Pci): PlugAddress => ({
  domain,
  bus: Number(bus),
  slot,
  function: fn,
});
