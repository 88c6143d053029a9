import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, FilterBinding, type Host } from 'libvirt-network';
import {
  type Diagnosis,
  type DiagnosisTarget,
  diagnose,
  gatherEvidence,
  type HostEvidence,
} from 'libvirt-network/doctor';
import { virsh } from 'libvirt-network/virsh';
import { expect } from 'vitest';
import { viewThrough } from '../lab/index.js';
import { FirewallHost } from '../preview/firewalls/host.js';
import { GUESTS } from '../preview/firewalls/networks.js';
import { runOrThrow } from '../support/run.js';
import type { Packet } from './recipes/recipe.js';

/** A host with networks and guests that something is broken on, and that is diagnosed over virsh and a shell there. */
export class DoctorHost {
  readonly lab: FirewallHost;
  readonly #libvirt: Host;

  /** @param virtual - the name of a guest that is started as a virtual machine */
  constructor(release: '9.0' | '12.9', virtual?: string) {
    this.lab = new FirewallHost(release, virtual, true);
    const { daemon } = this.lab;
    const uri = virtual === undefined ? daemon.uri : daemon.uriOf('qemu');
    this.#libvirt = connect(virsh({ uri, path: daemon.virsh }));
  }

  async stop(): Promise<void> {
    await this.#libvirt.close();
    this.lab.stop();
  }

  diagnose(target: DiagnosisTarget, probe = false): Promise<Diagnosis> {
    return diagnose(this.#libvirt, target, { view: viewThrough(this.lab.daemon.enter), probe });
  }

  /** What is found on the host, to be judged for several targets. */
  look(): Promise<HostEvidence> {
    return gatherEvidence(this.#libvirt, { view: viewThrough(this.lab.daemon.enter) });
  }

  /** Carries out the steps of a recipe, in their order. */
  run(steps: readonly string[]): void {
    for (const step of steps) this.#run(step);
  }

  /** Takes back what a remedy may have taken back already. */
  tryToRun(steps: readonly string[]): void {
    for (const step of steps) {
      try {
        this.#run(step);
      } catch {
        // It was undone before.
      }
    }
  }

  /** Runs the commands of a remedy, as a shell of the host's administrator does. */
  heal(commands: readonly string[]): void {
    for (const command of commands) {
      // The hosts of the lab have no systemd.
      if (command.startsWith('systemctl ')) this.lab.remake();
      else this.#run(command);
    }
  }

  #run(step: string): void {
    const { daemon } = this.lab;
    const [, place, script = ''] = /^(g\w+|outside): (.*)$/s.exec(step) ?? [];
    if (step === 'REMAKE') this.lab.remake();
    else if (step === 'FORWARD') this.lab.makeForwards();
    else if (step === 'KILL') daemon.killLibvirt();
    else if (step === 'START') daemon.startLibvirt();
    else if (step.startsWith('BIND ')) this.#bind(step.split(' ').slice(1));
    else if (step.startsWith('UNBIND '))
      this.#filters('nwfilter-binding-delete', this.lab.tapOf(step.slice('UNBIND '.length)));
    else if (step.startsWith('virsh ')) daemon.ask(step.slice('virsh '.length));
    else if (step.startsWith('fails: ')) expect(() => daemon.ask(step.slice('fails: '.length))).toThrow();
    else if (place === 'outside') daemon.onOutside(script);
    else if (place !== undefined) daemon.guestShell(place, script);
    else if (step !== '') daemon.inside(`set -e; ${this.#taps()} ${step}`);
  }

  /** Puts a filter in force on the device of a guest. */
  #bind([guest = '', filter = '', mac = '', ip]: readonly string[]): void {
    const file = join(this.lab.daemon.dir, 'binding.xml');
    const base = FilterBinding.from({
      owner: { name: guest, uuid: '8b1ce9c2-2e3f-4f4e-9a53-5a6a5c1d1a11' },
      portdev: { name: this.lab.tapOf(guest) },
      mac: { address: mac },
      filterref: { filter, parameters: ip === undefined ? [] : [{ name: 'IP', value: ip }] },
    });
    writeFileSync(file, base.toXml());
    this.#filters('nwfilter-binding-create', file);
  }

  #filters(...words: readonly string[]): void {
    const { daemon } = this.lab;
    runOrThrow(daemon.virsh, ['-q', '-c', daemon.uriOf('qemu'), ...words]);
  }

  /** True if a packet arrives and is answered. */
  arrives([from, ...words]: Packet): boolean {
    return this.lab.daemon.probe(from, ...words).ok;
  }

  /** The devices of guests, as variables of a shell. */
  #taps(): string {
    return GUESTS.map(({ name }) => `${name}=${this.lab.tapOf(name)};`).join(' ');
  }
}
