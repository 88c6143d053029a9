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
  readonly #shell: VmShell;

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
    writeFileSync(vm.#log, '');
    writeFileSync(fileOf(host, name, 'xml'), domainXml(name, options));
    vm.ask('create', fileOf(host, name, 'xml'));
    await waitForText(vm.#log, /^READY/m, BOOT_LIMIT_MS);
    return vm;
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
