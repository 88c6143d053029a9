import { connect, type Host } from 'libvirt-network';
import { type Diagnosis, type DiagnosisTarget, diagnose } from 'libvirt-network/doctor';
import { virsh } from 'libvirt-network/virsh';
import { viewThrough } from '../lab/index.js';
import { FirewallHost } from '../preview/firewalls/host.js';
import { GUESTS } from '../preview/firewalls/networks.js';
import type { Recipe } from './recipes.js';

/** A host with networks and guests that something is broken on, and that is diagnosed over virsh and a shell there. */
export class DoctorHost {
  readonly lab: FirewallHost;
  readonly #libvirt: Host;

  constructor(release: '9.0' | '12.9') {
    this.lab = new FirewallHost(release, undefined, true);
    const { uri, virsh: path } = this.lab.daemon;
    this.#libvirt = connect(virsh({ uri, path }));
  }

  async stop(): Promise<void> {
    await this.#libvirt.close();
    this.lab.stop();
  }

  diagnose(target: DiagnosisTarget): Promise<Diagnosis> {
    return diagnose(this.#libvirt, target, { view: viewThrough(this.lab.daemon.enter) });
  }

  break({ breaks }: Recipe): void {
    for (const step of breaks) this.#run(step);
  }

  restore({ restores }: Recipe): void {
    for (const step of restores) this.#run(step);
  }

  #run(step: string): void {
    const { daemon } = this.lab;
    const [, place, script = ''] = /^(g\w+|outside): (.*)$/s.exec(step) ?? [];
    if (step === 'REMAKE') this.lab.remake();
    else if (step.startsWith('virsh ')) daemon.ask(step.slice('virsh '.length));
    else if (place === 'outside') daemon.onOutside(script);
    else if (place !== undefined) daemon.guestShell(place, script);
    else if (step !== '') daemon.inside(`set -e; ${this.#taps()} ${step}`);
  }

  /** The devices of guests, as variables of a shell. */
  #taps(): string {
    return GUESTS.map(({ name }) => `${name}=${this.lab.tapOf(name)};`).join(' ');
  }
}
