// The shell of transactions: constants, into which nobody's text is ever put.

/**
 * The one process that a transaction is on the host, detached from whoever started it. It watches the time from the
 * beginning, applies the change, waits for a decision and alone acts on it: whoever makes the symbolic link `decision`
 * first has decided, in one step that cannot be half done.
 *
 * Its parameters: folder of the transaction, folder of the state, id, seconds.
 */
export const AGENT = `
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
# One at a time; another goes on only when this one is gone.
! alive agent && identify agent || exit 1
if [ ! -e started ] && [ ! -L decision ]; then
  if mkdir started; then setsid sh ./apply.sh </dev/null >apply.log 2>&1 & else decide failed; fi
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
export const ALIVE = `
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

export const APPLY_HEAD = `
. ./alive.sh
identify applier || exit 1
step() { number=$1; shift; "$@" || { ln -s "$?:$number" applied; exit 1; }; }
`;

/** Puts a file in place whole or not at all; what stood there is kept in the transaction. */
export const PLACE = `
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
export const UNDO_HEAD = `
limited() { if command -v timeout >/dev/null; then timeout 20 "$@"; else "$@"; fi; }
`;

export const PERSIST_HEAD = `
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

export const UNPERSIST_HEAD = `
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

export const OPEN = `
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

export const LAUNCH = `
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

/** Prints the progress as lines `name value`; parameters: folder of the state, id. */
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
