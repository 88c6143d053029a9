import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { BridgedNetwork, type Transport } from '../../src/index.js';
import { virsh } from '../../src/virsh/index.js';
import { caught } from '../support/caught.js';
import { beyond, type Holdings, holdings, startedWith } from '../support/leaks.js';

/** Name of the network that the tests define. */
export const network = 'faulty';
/** The definition of the network that the tests define. */
export const document = BridgedNetwork.create({ name: network, bridge: 'br0' }).toXml();

/** Time that the test runner gets to end timers of its own, by which it reports. */
const RUNNER_MS = 2000;

/** Checks after each test of a file that this process holds nothing more than before it. */
export class LeakCheck {
  /** The folder for temporary files while a test runs. */
  readonly temporary = mkdtempSync(join(tmpdir(), 'libvirt-network-faults-'));
  readonly #before = process.env['TMPDIR'];
  #held: Holdings | undefined;

  /** Registers the hooks. */
  static install(): LeakCheck {
    const check = new LeakCheck();
    // execa and what it loads stay.
    beforeAll(async () => void (await caught(virsh({ path: 'false' }).call('network.dump', { network }))));
    beforeEach(() => check.#begin());
    afterEach(() => check.#compare());
    afterAll(() => rmSync(check.temporary, { recursive: true, force: true }));
    return check;
  }

  /** Puts the folder for temporary files back that the process had. */
  restore(): void {
    if (this.#before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = this.#before;
  }

  /** Resolves with the id of a program that was started here, once it runs with these words in its command line. */
  async running(words: string): Promise<number> {
    const end = Date.now() + 30_000;
    while (Date.now() < end) {
      const found = startedWith(this.temporary).find((line) => line.includes(words));
      if (found !== undefined) return Number.parseInt(found, 10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    throw new Error(`no program with '${words}' in its command line was started within 30 seconds`);
  }

  async #begin(): Promise<void> {
    process.env['TMPDIR'] = this.temporary;
    this.#held = await this.#settled();
  }

  /** What this process holds once the test runner has ended its timers, or does not end them in time. */
  async #settled(): Promise<Holdings> {
    const end = performance.now() + RUNNER_MS;
    let held = await holdings(this.temporary);
    while ((held.handles['Timeout'] ?? 0) > 0 && performance.now() < end) held = await holdings(this.temporary);
    return held;
  }

  async #compare(): Promise<void> {
    if (this.#held === undefined) throw new Error('nothing was noted before the test');
    const { handles: heldHandles, ...heldRest } = this.#held;
    const { handles, ...rest } = await this.#settled();
    this.restore();
    expect(rest).toEqual(heldRest);
    expect(beyond(handles, heldHandles)).toEqual({});
  }
}

/** Defines the network, and resolves with the error. */
export const define = (transport: Transport, timeoutMs = 60_000): Promise<unknown> =>
  caught(transport.call('network.define', { xml: document, name: network }, { timeoutMs }));

/** Reads the network, and resolves with the error. */
export const dump = (transport: Transport, timeoutMs = 60_000): Promise<unknown> =>
  caught(transport.call('network.dump', { network }, { timeoutMs }));
