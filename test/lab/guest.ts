export interface GuestOptions {
  /** The running network that it is plugged into, or ... */
  readonly network?: string;
  /** ... the bridge of the host. */
  readonly bridge?: string;
  /** Made from the name by default. */
  readonly mac?: string;
  /** Addresses with their prefixes, such as `192.168.1.9/24`. Without any it asks for a lease. */
  readonly addresses?: readonly string[];
  readonly gateway?: string | undefined;
  /** Keeps it apart from the other isolated ports of the bridge. */
  readonly isolated?: boolean;
  /** Registers it as a port of the network, as is done for virtual machines. */
  readonly port?: boolean;
}

/** Runs a verb of the sandbox and returns what it prints. */
type Tool = (...words: string[]) => string;

/** A guest that is a network namespace with a device, as a virtual machine has. It answers TCP and UDP on port 7777. */
export class Guest {
  readonly name: string;
  readonly #tool: Tool;

  private constructor(tool: Tool, name: string) {
    this.#tool = tool;
    this.name = name;
  }

  static plug(tool: Tool, name: string, options: GuestOptions): Guest {
    tool('guest', 'add', name, ...wordsOf(options));
    return new Guest(tool, name);
  }

  /** Runs a shell script in the guest, as root. @returns what it printed, without blanks at the ends */
  sh(script: string): string {
    return this.#tool('guest', 'exec', this.name, '--', 'sh', '-c', script);
  }

  /** Unplugs and ends it. */
  remove(): void {
    this.#tool('guest', 'del', this.name);
  }
}

function wordsOf({ addresses = [], isolated, port, network, bridge, mac, gateway }: GuestOptions): string[] {
  const valued = { network, bridge, mac, gw: gateway };
  return [
    ...Object.entries(valued).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    ...addresses.flatMap((address) => ['--ip', address]),
    ...(isolated ? ['--isolated'] : []),
    ...(port ? ['--port'] : []),
  ];
}
