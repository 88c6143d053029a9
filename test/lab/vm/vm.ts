import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { vmPart } from '../parts.js';
import { folderOf } from '../sandbox.js';
import { domainXml, type VmOptions } from './domain-xml.js';
import { VmShell } from './shell.js';
import { waitForText } from './wait-for-text.js';

export type { VmOptions };

/** A virtual machine boots in ten seconds when the machine is idle, since its processor is emulated. */
const BOOT_LIMIT_MS = 100_000;

/** What a virtual machine was lent. */
export interface VmLease {
  readonly address: string;
  /** Absent where the network names no router. */
  readonly gateway?: string;
}

/** What {@link Vm} needs of the daemon. */
interface VmHost {
  readonly dir: string;
  uriOf(driver: 'qemu'): string;
  ask(...args: string[]): string;
}

/** A real virtual machine: QEMU, with a Linux that takes a lease on every NIC and answers TCP on port 7777 with its name. */
export class Vm {
  readonly name: string;
  readonly #host: VmHost;
  #shell: VmShell;

  private constructor(host: VmHost, name: string) {
    this.name = name;
    this.#host = host;
    this.#shell = new VmShell(fileOf(host, name, 'sock'));
  }

  /** Starts a virtual machine and waits until it takes commands. */
  static async start(host: VmHost, name: string, options: VmOptions): Promise<Vm> {
    folderOf(vmPart());
    const vm = new Vm(host, name);
    mkdirSync(dirname(vm.#log), { recursive: true });
    const file = fileOf(host, name, 'xml');
    writeFileSync(file, domainXml(name, options));
    if (options.stored === true) vm.ask('define', file);
    await vm.#boot(...(options.stored === true ? ['start', name] : ['create', file]));
    return vm;
  }

  async #boot(...command: string[]): Promise<void> {
    writeFileSync(this.#log, '');
    this.ask(...command);
    await waitForText(this.#log, /^READY/m, BOOT_LIMIT_MS);
  }

  /** Pulls its plug, starts it from its stored definition, and waits until it takes commands. */
  async reboot(): Promise<void> {
    this.destroy();
    this.#shell = new VmShell(fileOf(this.#host, this.name, 'sock'));
    await this.#boot('start', this.name);
  }

  /** Runs virsh on the driver of virtual machines. @returns what it printed */
  ask(...args: string[]): string {
    return this.#host.ask('-c', this.#host.uriOf('qemu'), ...args);
  }

  /** Runs a shell script inside, as root. @returns what it printed, without blanks at the ends */
  exec(script: string): Promise<string> {
    return this.#shell.run(script);
  }

  /** Waits for the first lease of a NIC; `eth0` by default. */
  async lease(nic = 'eth0'): Promise<VmLease> {
    const pattern = new RegExp(`^LEASE ${nic} (\\S+) gw (\\S*)\\r?\\n`, 'm');
    const [, address = '', gateway = ''] = await waitForText(this.#log, pattern, BOOT_LIMIT_MS);
    return gateway === '' ? { address } : { address, gateway };
  }

  /** Pulls its plug. */
  destroy(): void {
    this.ask('destroy', this.name);
  }

  get #log(): string {
    return fileOf(this.#host, this.name, 'log');
  }
}

const fileOf = (host: VmHost, name: string, suffix: string): string => join(host.dir, 'lib/vm', `${name}.${suffix}`);
