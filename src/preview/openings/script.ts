import { shellWord } from '../../shell/quote.js';
import { LOCK } from '../port-forward/lock.js';
import { firewalldFunctions } from './firewalld-script.js';
import { iptablesFunctions } from './iptables-script.js';
import { nftFunctions } from './nft-script.js';
import type { Opening } from './opening.js';
import { isNative } from './rule-text.js';
import { ufwFunctions } from './ufw-script.js';

/** Beginning of the line by which the script of an opening says which one it is, in JSON. */
export const OPENING_NOTE = '# Opening: ';

/** Mark near the top of every file of an opening. */
export const OPENING_MARK = '# Made by libvirt-network for an opening.';

/** The folder of the scripts: libvirt sees it too where it has an /etc of its own, as in a container. */
export const OPENINGS_FOLDER = '/etc/libvirt/hooks/openings';

export const scriptPath = ({ name }: Pick<Opening, 'name'>): string => `${OPENINGS_FOLDER}/${name}`;

/**
 * The script of an opening: `apply` makes its rules where they are not in place, `reload` makes them in any case,
 * `remove` takes away exactly them, and `check` fails where they are not in place.
 */
export const openingScript = (opening: Opening): string => `#!/bin/sh
${OPENING_MARK} ${opening.firewall}
${OPENING_NOTE}${JSON.stringify(opening)}
# Usage: ${scriptPath(opening)} apply | reload | remove | check
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C

${LOCK}
# One run at a time on a host: libvirt starts several guests at once.
lock ${shellWord(OPENINGS_FOLDER)} || { echo 'openings are being changed by others for too long' >&2; exit 1; }
trap unlock EXIT
trap 'exit 1' HUP INT TERM

${functionsFor(opening)}
fail() { echo "opening ${opening.name} $1: run $0 apply" >&2; exit 1; }

case $1 in
  apply) intact || make || make || fail 'cannot be made' ;;
  reload) make || make || fail 'cannot be made' ;;
  remove) absent || unmake || unmake || fail 'cannot be removed' ;;
  check) intact || fail 'is not in place' ;;
  *) echo "usage: $0 apply | reload | remove | check" >&2; exit 2 ;;
esac
`;

/** The shell functions `make`, `unmake`, `intact` and `absent`. */
function functionsFor(opening: Opening): string {
  if (opening.firewall === 'ufw') return ufwFunctions(opening);
  if (opening.firewall === 'firewalld') return firewalldFunctions(opening);
  return isNative(opening) ? nftFunctions(opening) : iptablesFunctions(opening);
}
