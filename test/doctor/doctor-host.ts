import { connect, type Host } from 'libvirt-network';
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

  #run(step: string): void {
    const { daemon } = this.lab;
    const [, place, script = ''] = /^(g\w+|outside): (.*)$/s.exec(step) ?? [];
    if (step === 'REMAKE') this.lab.remake();
    else if (step === 'FORWARD') this.lab.makeForwards();
    else if (step.startsWith('virsh ')) daemon.ask(step.slice('virsh '.length));
    else if (step.startsWith('fails: ')) expect(() => daemon.ask(step.slice('fails: '.length))).toThrow();
    else if (place === 'outside') daemon.onOutside(script);
    else if (place !== undefined) daemon.guestShell(place, script);
    else if (step !== '') daemon.inside(`set -e; ${this.#taps()} ${step}`);
  }

  /** The devices of guests, as variables of a shell. */
  #taps(): string {
    return GUESTS.map(({ name }) => `${name}=${this.lab.tapOf(name)};`).join(' ');
  }
}
