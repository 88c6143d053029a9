import type { Command, RenderedFile } from '../bridge/rendering.js';
import { quote } from '../process/argument.js';
import type { Change, StatePaths } from './change.js';

/** A command as one line of a POSIX script. */
export const lineOf = (command: Command): string => command.map(quote).join(' ');

/**
 * The one process that a transaction is on the host, detached from whoever started it. It watches the time from the
 * beginning, applies the change, waits for a decision and alone acts on it: whoever makes the symbolic link `decision`
 * first has decided, in one step that cannot be half done.
 *
 * Its parameters: folder of the transaction, folder of the state, id, seconds.
 */
const AGENT = `
tx=$1; state=$2; id=$3; limit=$4
cd "$tx" && [ ! -L "$state/results/$id" ] || exit 1
trap '' HUP INT QUIT PIPE
decide() { ln -s "$1" decision 2>/dev/null; }
trap 'decide interrupted' TERM
now() { read -r up rest </proc/uptime; up=\${up%%.*}; }
nap() { sleep 0.2 2>/dev/null || sleep 1; }
finish() {
  ln -s "$1" "$state/results/$id"
  [ "$(readlink "$state/lock")" != "$id" ] || rm -f "$state/lock"
  # Whoever waits for the end reads the logs and takes the folder away; when nobody does, it goes by itself.
  left=25
  while [ -d "$tx" ] && [ "$left" -gt 0 ]; do nap; left=$((left - 1)); done
  cd / && rm -rf "$tx"
  exit 0
}
. ./alive.sh
now
[ -e deadline ] || { echo "$((up + limit))" >deadline.new && mv deadline.new deadline; } || exit 1
read -r deadline <deadline
identify agent || exit 1
if [ ! -e started ] && [ ! -L decision ]; then
  if : >started; then setsid sh ./apply.sh </dev/null >apply.log 2>&1 & else decide failed; fi
fi
while [ ! -L decision ]; do
  case "$(readlink applied)" in ''|0) ;; *) decide failed; break ;; esac
  now
  [ "$up" -lt "$deadline" ] || { decide timeout; break; }
  nap
done
verdict=$(readlink decision)
if [ "$(readlink applied)" != 0 ]; then
  ! alive applier || kill -KILL -"$pid"
  [ "$verdict" != commit ] || verdict=failed
fi
if [ "$verdict" = commit ]; then
  if sh ./persist.sh >persist.log 2>&1; then finish committed; fi
  sh ./unpersist.sh >>persist.log 2>&1
  verdict=unpersisted
fi
sh ./rollback.sh >rollback.log 2>&1
finish "$verdict"
`;

/** Tells processes apart by their number and the time of their start, since numbers come again. */
const ALIVE = `
started_at() {
  read -r line <"/proc/$1/stat" || return 1
  line=\${line##*) }
  set -- $line
  # A process that nobody has asked after its end is not there any more.
  [ "$1" != Z ] || return 1
  start=\${20}
} 2>/dev/null
identify() { started_at $$ && echo "$$ $start" >"$1.new" && mv "$1.new" "$1"; }
alive() {
  [ -r "$1" ] && read -r pid since <"$1" && started_at "$pid" && [ "$start" = "$since" ]
}
`;

const APPLY_HEAD = `
. ./alive.sh
identify applier || exit 1
step() { number=$1; shift; "$@" || { ln -s "$?:$number" applied; exit 1; }; }
`;

/** Puts a file in place whole or not at all; what stood there is kept in the transaction. */
const PLACE = `
umask 022
place() {
  new="$2.libvirt-network"
  mkdir -p "\${2%/*}" || return 1
  [ ! -e "$2" ] || [ -e "old/$1" ] || cp -p "$2" "old/$1" || return 1
  cp "files/$1" "$new" && chmod "$3" "$new" && chown "$4" "$new" && mv -f "$new" "$2" || { rm -f "$new"; return 1; }
}
unplace() {
  rm -f "$2" "$2.libvirt-network"
  [ ! -e "old/$1" ] || cp -p "old/$1" "$2"
}
`;

/** No command may keep the way back from being gone to its end. */
const UNDO_HEAD = `
limited() { if command -v timeout >/dev/null; then timeout 20 "$@"; else "$@"; fi; }
`;

const PERSIST_HEAD = `
umask 022
make_folder() {
  [ -d "$1" ] || { make_folder "\${1%/*}" && mkdir "$1" && echo "$1" >>made; }
}
stage() {
  folder=\${2%/*}; name="$folder/.libvirt-network.$1"
  make_folder "$folder" && cp "files/$1" "$name.new" && chmod "$3" "$name.new" && chown "$4" "$name.new" || exit 1
  sync "$name.new" 2>/dev/null || sync
  keep "$1" "$2"
}
keep() {
  name="\${2%/*}/.libvirt-network.$1"
  [ ! -e "$2" ] || [ -e "$name.old" ] || ln "$2" "$name.old" 2>/dev/null || cp -p "$2" "$name.old" || exit 1
}
backup() { make_folder "\${2%/*}" && cp -p "$1" "$2" || exit 1; }
replace() { mv -f "\${2%/*}/.libvirt-network.$1.new" "$2" || exit 1; : >"replaced.$1"; }
discard() { rm -f "$2" || exit 1; : >"replaced.$1"; }
prune() { rmdir "$1" 2>/dev/null && prune "\${1%/*}"; }
settle() { rm -f "\${2%/*}/.libvirt-network.$1.old"; }
`;

const UNPERSIST_HEAD = `
restore() {
  name="\${2%/*}/.libvirt-network.$1"
  if [ -e "$name.old" ]; then mv -f "$name.old" "$2"; elif [ -e "replaced.$1" ]; then rm -f "$2"; fi
  rm -f "$name.new"
}
empty() {
  [ -e made ] || return 0
  sed '1!G;h;$!d' made | while read -r folder; do rmdir "$folder"; done
}
`;

const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** The files of a transaction, by their names in its folder. */
export function transactionFiles(change: Change): Readonly<Record<string, string>> {
  return {
    'agent.sh': AGENT,
    'alive.sh': ALIVE,
    'apply.sh': applyScript(change),
    'rollback.sh': rollbackScript(change),
    'persist.sh': persistScript(change),
    'unpersist.sh': unpersistScript(change),
    ...Object.fromEntries(change.trialFiles.map(({ file }, i) => [`files/t${i}`, file.content])),
    ...Object.fromEntries(change.write.map(({ file }, i) => [`files/w${i}`, file.content])),
  };
}

const place = (name: string, path: string, { mode, owner }: RenderedFile, verb: string): string =>
  `${verb} ${lineOf([name, path, octal(mode), owner])}`;

function applyScript({ trialFiles, apply }: Change): string {
  const files = trialFiles.map(({ file, path }, i) => `step file${i} ${place(`t${i}`, path, file, 'place')}`);
  const steps = apply.map((command, i) => `step ${i} ${lineOf(command)}`);
  return [APPLY_HEAD, PLACE, ...files, ...steps, 'ln -s 0 applied', ''].join('\n');
}

function rollbackScript({ trialFiles, undo }: Change): string {
  const files = trialFiles.map(({ path }, i) => `unplace t${i} ${quote(path)}`);
  return [PLACE, UNDO_HEAD, ...files, ...undo.map((command) => `limited ${lineOf(command)}`), ''].join('\n');
}

/** Everything that needs room on the disk comes before the first file is replaced. */
function persistScript({ trialFiles, write, remove, afterwards, prune }: Change): string {
  const targets = targetsOf(
    write.map(({ file }) => file.path),
    remove,
  );
  return [
    PERSIST_HEAD,
    PLACE,
    UNDO_HEAD,
    ...write.map(({ file }, i) => place(`w${i}`, file.path, file, 'stage')),
    ...remove.map((path, i) => `keep r${i} ${quote(path)}`),
    ...write.flatMap(({ file, backup }) => (backup === undefined ? [] : [`backup ${lineOf([file.path, backup])}`])),
    ...write.map(({ file }, i) => `replace w${i} ${quote(file.path)}`),
    ...remove.map((path, i) => `discard r${i} ${quote(path)}`),
    'sync',
    ...trialFiles.map(({ path }, i) => `unplace t${i} ${quote(path)}`),
    ...afterwards.map((command) => `limited ${lineOf(command)}`),
    ...targets.map(([name, path]) => `settle ${lineOf([name, path])}`),
    ...prune.map((folder) => `prune ${quote(folder)}`),
    'exit 0',
    '',
  ].join('\n');
}

const targetsOf = (write: readonly string[], remove: readonly string[]): readonly (readonly [string, string])[] => [
  ...write.map((path, i) => [`w${i}`, path] as const),
  ...remove.map((path, i) => [`r${i}`, path] as const),
];

function unpersistScript({ write, remove }: Change): string {
  const targets = targetsOf(
    write.map(({ file }) => file.path),
    remove,
  );
  const backups = write.flatMap(({ backup }) => (backup === undefined ? [] : [`rm -f ${quote(backup)}`]));
  return [UNPERSIST_HEAD, ...targets.map((target) => `restore ${lineOf(target)}`), ...backups, 'empty', ''].join('\n');
}

/** What a transaction is about, for whoever finds it later. */
export interface TransactionAbout {
  readonly id: string;
  readonly bridge: string;
  readonly action: 'apply' | 'remove';
}

const OPEN = `
umask 077
tx="$state/tx-$id"
fail() { echo "$1" >&2; exit "$2"; }
command -v setsid >/dev/null || fail 'setsid is missing' 70
mkdir -p "$state/results" || exit 71
stale() {
  other=$(readlink "$state/lock") || return 0
  for who in opener agent; do ( cd "$state/tx-$other" 2>/dev/null && . ./alive.sh && alive "$who" ) && return 1; done
  # A change that was begun and has lost its process waits for somebody to decide.
  [ ! -e "$state/tx-$other/started" ]
}
if ! ln -s "$id" "$state/lock" 2>/dev/null; then
  stale || fail "$(readlink "$state/lock")" 75
  gone=$(readlink "$state/lock"); rm -rf "$state/tx-\${gone:-none}" "$state/lock"
  ln -s "$id" "$state/lock" || fail "$(readlink "$state/lock")" 75
fi
given_up() {
  [ -e "$tx/agent" ] || { cd / && rm -rf "$tx" "$state/lock"; rmdir "$state/results" "$state" 2>/dev/null; }
}
trap given_up EXIT
mkdir "$tx" "$tx/files" "$tx/old" && cd "$tx" || exit 71
`;

const LAUNCH = `
. ./alive.sh && identify opener || exit 71
set -- sh "$tx/agent.sh" "$tx" "$state" "$id" "$limit"
launched=
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then
  systemd-run --quiet --collect --unit="libvirt-network-$id" "$@" </dev/null >systemd.log 2>&1 && launched=yes
fi
# A list before the & would be a shell that waits, and holds the connection.
if [ -z "$launched" ]; then setsid "$@" </dev/null >agent.log 2>&1 & fi
left=50
while [ ! -e agent ] && [ "$left" -gt 0 ]; do sleep 0.1 2>/dev/null || sleep 1; left=$((left - 1)); done
[ -e agent ] || fail 'the watchdog did not start' 72
rm -f opener
exit 0
`;

/** One script that takes the lock, writes the transaction and starts it; nothing of it is left when it fails. */
export function openScript(change: Change, about: TransactionAbout, paths: StatePaths, seconds: number): string {
  const files = { ...transactionFiles(change), 'about.json': JSON.stringify(about) };
  const variables = [`state=${quote(paths.state)}`, `id=${quote(about.id)}`, `limit=${quote(String(seconds))}`];
  const writes = Object.entries(files).map(([name, content]) => `printf %s ${quote(content)} >${name} || exit 71`);
  return [...variables, OPEN, ...writes, LAUNCH].join('\n');
}

/** What happened so far, as lines `name value`; parameters: folder of the state, id. */
export const STATUS = `
state=$1; id=$2; tx="$state/tx-$id"
echo "result $(readlink "$state/results/$id")"
if cd "$tx" 2>/dev/null; then
  . ./alive.sh
  echo "decision $(readlink decision)"
  echo "applied $(readlink applied)"
  alive agent && echo 'agent alive'
  read -r deadline <deadline && read -r up rest </proc/uptime && echo "left $((deadline - \${up%%.*}))"
  echo "about $(cat about.json)"
  for log in apply persist rollback; do
    [ ! -s $log.log ] || tail -n 5 $log.log | sed "s/^/$log /"
  done
fi
:
`;

/** Decides, once; parameters: folder of the state, id, verdict. Says what was decided. */
export const DECIDE = `
state=$1; id=$2; tx="$state/tx-$id"
cd "$tx" 2>/dev/null || exit 0
ln -s "$3" decision 2>/dev/null
. ./alive.sh
# Its process was killed: another one goes on where it was.
if ! alive agent && ! alive opener; then
  setsid sh ./agent.sh "$tx" "$state" "$id" 0 </dev/null >>agent.log 2>&1 &
fi
:
`;

/** Takes away what is left of a transaction that has ended; parameters: folder of the state, id. */
export const FORGET = `
[ -L "$1/results/$2" ] || exit 0
rm -rf "$1/tx-$2" "$1/results/$2"
rmdir "$1/results" "$1" 2>/dev/null
:
`;

/** The ids of all transactions, one a line; parameter: folder of the state. */
export const LIST = `
cd "$1" 2>/dev/null || exit 0
for tx in tx-* results/*; do
  [ -d "$tx" ] || [ -L "$tx" ] || continue
  id=\${tx#tx-}; echo "\${id#results/}"
done | sort -u
`;
