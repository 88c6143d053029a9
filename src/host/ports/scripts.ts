import type { HostFile } from '../../preview/port-forward/index.js';
import { LOCK } from '../../preview/port-forward/lock.js';
import { quote } from '../../shell/quote.js';

/** A hook on a host. */
export interface FoundHook {
  /** As it should be. */
  readonly file: HostFile;
  /** As it is. */
  readonly before: Pick<HostFile, 'content'> | undefined;
  /** Path of the network's hook from an early version. */
  readonly early: string | undefined;
}

export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));

/** Takes the lock that each hook takes too while it runs, and has it until the script ends. */
const BEGIN = `
${LOCK}
trap 'exit 1' HUP INT TERM
trap 'rm -rf "$new"; unlock' EXIT
new=
lock "$folder" || { echo 'port forwards are being changed by somebody else' >&2; exit 1; }
export LIBVIRT_NETWORK_LOCKED=\${LIBVIRT_NETWORK_LOCKED:-none}
call() { "$1" "$network" "$2" begin -; }
`;

/** The new file is made in a folder of its own: libvirt runs every program that it finds beside the hooks. */
const INSTALL = `
[ -z "$early" ] || [ ! -e "$early" ] || { call "$early" stopped || :; rm -f "$early"; }
if [ -f "$path" ] && [ -x "$path" ] && [ "$(cat "$path" && echo .)" = "$content." ]; then
  call "$path" check || call "$path" reload
  exit 0
fi
[ -z "$retired" ] || [ ! -x "$path" ] || call "$path" stopped || :
new=$(mktemp -d "$folder/.new.XXXXXX")
printf %s "$content" >"$new/hook"
chmod "$mode" "$new/hook"
mv -f "$new/hook" "$path"
call "$path" reload
`;

/** The script that makes a file of a hook what it should be, and its rules. */
export function installScript(network: string, { file, before, early = '' }: FoundHook): string {
  const { path, content, mode } = file;
  const folder = folderOf(path);
  // The new hook does not know the rules of another firewall.
  const retired = before !== undefined && backendIn(before.content) !== backendIn(content) ? 'yes' : '';
  const values = { folder, path, content, mode: mode.toString(8), network, early, retired };
  return `set -e\n${variables(values)}mkdir -p "$folder"${BEGIN}${INSTALL}`;
}

const variables = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${quote(value)}\n`)
    .join('');

const backendIn = (content: string): string | undefined =>
  /^# Made by libvirt-network\. .* with (\w+)\./m.exec(content)?.[1];

/** A hook that lost its permission is run all the same: it knows its rules. */
const REMOVE = `
for hook in "$early" "$path"; do
  [ -n "$hook" ] && [ -e "$hook" ] || continue
  [ -x "$hook" ] || chmod u+x "$hook"
  call "$hook" stopped
  rm -f "$hook"
done
`;

/** The script that takes a network's rules and its hooks away. */
export const removeScript = (network: string, { file: { path }, early = '' }: FoundHook): string =>
  `set -e\n${variables({ folder: folderOf(path), path, network, early })}${BEGIN}${REMOVE}`;
