// The shell of transactions: constants, into which nobody's text is ever put.

import { STARTED_AT } from '../../preview/port-forward/lock.js';

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
  left=25
  # Somebody may take the folder away as long as it is empty.
  until ln -s "$1" "$state/results/$id" 2>/dev/null || [ -L "$state/results/$id" ] || [ "$left" -eq 0 ]; do
    mkdir -p "$state/results" || nap; left=$((left - 1))
  done
  rm -f number
  # Whoever waits for the end reads the logs and takes the folder away; when nobody does, it goes by itself.
  left=25
  while [ -d "$tx" ] && [ "$left" -gt 0 ]; do nap; left=$((left - 1)); done
  cd / && rm -rf "$tx"
  exit 0
}
. ./alive.sh
# One at a time: another goes on only when the one before it is gone, and if it is the first to say so.
succeed() {
  last=none
  while [ -L "after-$last" ]; do last=$(readlink "after-$last"); done
  ! { started_at "\${last%-*}" && [ "$start" = "\${last#*-}" ]; } || return 1
  started_at $$ && ln -s "$$-$start" "after-$last" 2>/dev/null && identify agent
}
succeed || exit 1
# By its path: one that was given up has another.
ln -s agent "$tx/begun" 2>/dev/null || [ "$(readlink "$tx/begun")" = agent ] || exit 1
now
[ -e deadline ] || { echo "$((up + limit))" >deadline.new && mv deadline.new deadline; } || exit 1
read -r deadline <deadline
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
# Without a start there is nothing to take back, and others may be at work.
if [ ! -e started ]; then
  [ "$verdict" != commit ] || verdict=failed
  finish "$verdict"
fi
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

/** Tells who lives: processes write their number and the time of their start into a file. */
export const ALIVE = `
${STARTED_AT}
identify() { started_at $$ && echo "$$ $start" >"$1.new" && mv "$1.new" "$1"; }
alive() {
  [ -r "$1" ] && read -r pid since <"$1" && started_at "$pid" && [ "$start" = "$since" ]
}
`;

export const APPLY_HEAD = `
. ./alive.sh
identify applier || exit 1
# Who decides before this looks for a process that it has to end, and may have found none.
[ ! -L decision ] || exit 1
step() { number=$1; shift; "$@" || { ln -s "$?:$number" applied; exit 1; }; }
`;

/** Puts a file in place whole or not at all; what stood there is kept in the transaction. */
export const PLACE = `
umask 022
# Also a symbolic link that leads nowhere.
is_there() { [ -e "$1" ] || [ -L "$1" ]; }
place() {
  new="$2.libvirt-network"
  mkdir -p "\${2%/*}" || return 1
  ! is_there "$2" || is_there "old/$1" || cp -a "$2" "old/$1" || return 1
  cp "files/$1" "$new" && chmod "$3" "$new" && chown "$4" "$new" && mv -f "$new" "$2" || { rm -f "$new"; return 1; }
}
unplace() {
  rm -f "$2" "$2.libvirt-network"
  ! is_there "old/$1" || cp -a "old/$1" "$2"
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
stage_copy() {
  make_folder "\${2%/*}" && cp -a "$3" "\${2%/*}/.libvirt-network.$1.new" || exit 1
  sync
  keep "$1" "$2"
}
keep() {
  name="\${2%/*}/.libvirt-network.$1"
  ! is_there "$2" || is_there "$name.old" || ln "$2" "$name.old" 2>/dev/null || cp -a "$2" "$name.old" || exit 1
}
backup() { make_folder "\${2%/*}" && cp -a "$1" "$2" || exit 1; }
replace() { mv -f "\${2%/*}/.libvirt-network.$1.new" "$2" || exit 1; : >"replaced.$1"; }
discard() { rm -f "$2" || exit 1; : >"replaced.$1"; }
prune() { rmdir "$1" 2>/dev/null && prune "\${1%/*}"; }
settle() { rm -f "\${2%/*}/.libvirt-network.$1.old"; }
`;

export const UNPERSIST_HEAD = `
restore() {
  name="\${2%/*}/.libvirt-network.$1"
  if [ -e "$name.old" ] || [ -L "$name.old" ]; then mv -f "$name.old" "$2"; elif [ -e "replaced.$1" ]; then rm -f "$2"; fi
  rm -f "$name.new"
}
empty() {
  [ -e made ] || return 0
  sed '1!G;h;$!d' made | while read -r folder; do rmdir "$folder"; done
}
`;

/**
 * Makes the folder of a transaction where nobody looks for it yet; its parameters are the variables `state`, `id` and
 * `limit`. Nothing remains when it fails.
 */
export const OPEN = `
umask 077
# Found by it, the agent would end with whoever started it.
unset LIBVIRT_NETWORK_STARTED
tx="$state/tx-$id"; new="$state/new-$id"; gone="$state/gone-$id"
fail() { echo "$1" >&2; exit "$2"; }
nap() { sleep 0.1 2>/dev/null || sleep 1; }
command -v setsid >/dev/null || fail 'setsid is missing' 70
left=10
# Others take the folder away when it is empty.
until mkdir "$new" 2>/dev/null; do
  mkdir -p "$state" && [ "$left" -gt 0 ] || exit 71
  left=$((left - 1))
done
# Who says first whether it has begun is right, whoever that is.
given_up() {
  [ ! -d "$tx" ] || ln -s void "$tx/begun" 2>/dev/null || [ "$(readlink "$tx/begun")" != agent ] || return
  cd / && { [ ! -d "$tx" ] || mv "$tx" "$gone"; }
  rm -rf "$new" "$gone"
  rmdir "$state/results" "$state" 2>/dev/null
}
trap given_up EXIT
trap 'exit 71' HUP INT TERM
cd "$new" && mkdir files old || exit 71
`;

/**
 * Makes a claim, which is the folder itself with who has made it and a number above those of all others. Who has the
 * lowest number of those that live or have begun may begin; nobody needs to take a lock away from anybody.
 */
export const CLAIM = `
. ./alive.sh && identify opener && printf '' >choosing && mv "$new" "$tx" || exit 71
number=0
for other in "$state"/tx-*; do
  read -r theirs <"$other/number" && [ "$theirs" -gt "$number" ] && number=$theirs
done 2>/dev/null
number=$((number + 1))
echo "$number" >number.new && mv number.new number && rm -f choosing || exit 71
has_ended() {
  [ ! -L "$state/results/\${1##*/tx-}" ] || return 0
  # A change that was begun and has lost its process waits for somebody to decide.
  [ ! -e "$1/started" ] && ! alive "$1/opener" && ! alive "$1/agent" || return 1
  ln -s void "$1/begun" 2>/dev/null || [ "$(readlink "$1/begun")" != agent ] || return 1
  mv "$1" "$state/gone-\${1##*/tx-}" 2>/dev/null && rm -rf "$state/gone-\${1##*/tx-}"
  :
}
is_first() {
  { read -r theirs <"$1/number"; } 2>/dev/null || return 1
  [ "$theirs" -lt "$number" ] || { [ "$theirs" -eq "$number" ] && [ -n "$before" ]; }
}
before=yes; left=150
for other in "$state"/tx-*; do
  [ "$other" != "$tx" ] || { before=; continue; }
  while [ -e "$other/choosing" ] && alive "$other/opener" && [ "$left" -gt 0 ]; do nap; left=$((left - 1)); done
  [ "$left" -gt 0 ] || fail "\${other##*/tx-}" 75
  has_ended "$other" || ! is_first "$other" || fail "\${other##*/tx-}" 75
done
`;

/** Starts the process of the transaction, and waits until that has begun. */
export const LAUNCH = `
set -- sh "$tx/agent.sh" "$tx" "$state" "$id" "$limit"
launched=
if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then
  systemd-run --quiet --collect --unit="libvirt-network-$id" "$@" </dev/null >systemd.log 2>&1 && launched=yes
fi
# A list before the & would be a shell that waits, and holds the connection.
if [ -z "$launched" ]; then setsid "$@" </dev/null >agent.log 2>&1 & fi
left=50
while [ ! -L begun ] && [ "$left" -gt 0 ]; do nap; left=$((left - 1)); done
! ln -s void "$tx/begun" 2>/dev/null || fail 'the watchdog did not start' 72
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
# It may have ended, and its folder may have gone, since the first line.
[ -d "$tx" ] || echo "result $(readlink "$state/results/$id")"
:
`;

/** Decides, once; parameters: folder of the state, id, verdict. Says what was decided. */
export const DECIDE = `
state=$1; id=$2; tx="$state/tx-$id"
unset LIBVIRT_NETWORK_STARTED
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

/**
 * The ids of all transactions, one a line; parameter: folder of the state. Whoever was killed while it began has changed
 * nothing: what it has made goes, in the first minute only where its process is known to be dead.
 */
export const LIST = `
cd "$1" 2>/dev/null || exit 0
never_began() {
  [ ! -e "$1/started" ] || return 1
  case "$1" in new-*) [ -n "$(find "$1" -prune -mmin +0)" ]; return ;; esac
  ( cd "$1" && . ./alive.sh && ! alive opener && ! alive agent ) || return 1
  ln -s void "$1/begun" || [ "$(readlink "$1/begun")" != agent ]
}
for tx in new-* tx-*; do
  if [ -d "$tx" ] && never_began "$tx"; then mv "$tx" "gone-\${tx#*-}" && rm -rf "gone-\${tx#*-}"; fi
done 2>/dev/null
for tx in tx-* results/*; do
  [ -d "$tx" ] || [ -L "$tx" ] || continue
  id=\${tx#tx-}; echo "\${id#results/}"
done | sort -u
cd / && rmdir "$1/results" "$1" 2>/dev/null
:
`;
