import { type DeviceFacts, type HostView, Network, type Operations, type Transport } from '../../src/index.js';
import { mockTransport } from '../../src/testing/index.js';

/**
 * A host in memory: a libvirt whose networks have bridges, and devices of guests in them. As on a real one a device is in
 * no bridge any more when its bridge goes away.
 */
export class FakeHost {
  readonly #mock = mockTransport();
  readonly #devices = new Map<string, DeviceFacts>();

  readonly view: HostView = {
    look: async () => ({ devices: [...this.#devices.values()], routes: [] }),
    attach: async (name, master) => this.#set(name, { master }),
    setAlias: async (name, alias) => this.#set(name, { alias }),
  };

  /** A device, as it is or to be added. */
  device(name: string): DeviceFacts | undefined {
    return this.#devices.get(name);
  }

  add(device: DeviceFacts): void {
    this.#devices.set(device.name, device);
  }

  remove(name: string): void {
    this.#devices.delete(name);
  }

  /** A connection of a program to it. */
  transport(): Transport {
    const mock = this.#mock;
    const call: Transport['call'] = async (operation, input, options) => {
      const bridge = operation === 'network.destroy' ? await this.#bridgeOf(input) : undefined;
      const output = await mock.call(operation, input, options);
      if (bridge !== undefined) this.#takeAway(bridge);
      const made = operation === 'network.start' ? await this.#bridgeOf(input) : undefined;
      if (made !== undefined) this.add({ name: made, kind: 'bridge', addresses: [] });
      return output;
    };
    return { label: mock.label, call, events: (options) => mock.events(options), close: async () => {} };
  }

  /** The bridge that libvirt makes for a network; others are the host's. */
  async #bridgeOf(input: object): Promise<string | undefined> {
    const { network = '' }: Partial<Operations['network.dump']['input']> = input;
    const found = Network.parse(await this.#mock.call('network.dump', { network }));
    return found.kind === 'bridge' ? undefined : found.document.bridge?.name;
  }

  #takeAway(bridge: string): void {
    this.#devices.delete(bridge);
    for (const { master, ...device } of this.#devices.values()) if (master === bridge) this.add(device);
  }

  #set(name: string, change: Partial<DeviceFacts>): void {
    const device = this.#devices.get(name);
    if (device === undefined) throw new Error(`there is no device ${name}`);
    this.#devices.set(name, { ...device, ...change });
  }
}
