import { chmodSync, writeFileSync } from 'node:fs';
import type { Daemon } from '../lab/index.js';

/** What goes wrong with the program virsh itself, before or after the daemon did what it was asked. */
export const VIRSH_FAULTS = [
  'virsh killed',
  'virsh killed after the effect',
  'virsh hangs',
  'virsh hangs after the effect',
] as const;
export type VirshFault = (typeof VIRSH_FAULTS)[number];

const CHANGES =
  'net-define|net-create|net-start|net-destroy|net-undefine|net-autostart|net-update|net-desc|net-port-create|net-metadata';

/** A program in virsh's place that lets the n-th change from now on go wrong. */
export class FaultyVirsh {
  readonly path: string;
  readonly #dir: string;

  constructor({ dir, virsh }: Pick<Daemon, 'dir' | 'virsh'>) {
    this.#dir = dir;
    this.path = `${dir}/faulty-virsh`;
    writeFileSync(this.path, script(dir, virsh));
    chmodSync(this.path, 0o755);
  }

  breakAt(n: number, fault: VirshFault): void {
    for (const [name, text] of Object.entries({ count: '0', at: `${n}`, fault }))
      writeFileSync(`${this.#dir}/virsh-${name}`, text);
  }
}

const script = (dir: string, virsh: string): string => `#!/bin/sh
change=
for word; do case $word in ${CHANGES}) change=yes; esac; done
[ "$change" ] || exec '${virsh}' "$@"
count=$(($(cat ${dir}/virsh-count) + 1)); echo $count >${dir}/virsh-count
[ $count = $(cat ${dir}/virsh-at) ] || exec '${virsh}' "$@"
fault=$(cat ${dir}/virsh-fault)
case $fault in *after*) '${virsh}' "$@" >/dev/null; esac
case $fault in *killed*) kill -KILL $$; esac
exec sleep infinity
`;
