/** A shell function that tells processes apart by their number and the time of their start, since numbers come again. */
export const STARTED_AT = `
started_at() {
  read -r line <"/proc/$1/stat" || return 1
  line=\${line##*) }
  set -- $line
  # A process that nobody has asked after its end is not there any more.
  [ "$1" != Z ] || return 1
  start=\${20}
} 2>/dev/null
`;

/**
 * Shell functions `lock FOLDER` and `unlock`: one holder at a time for a folder of hooks, in the order of coming. Everybody makes a claim, a file
 * whose name says who it is (process and time of its start) and which gets a number above all others; who has the lowest
 * number of those that live has the lock. So claims of processes that are gone count for nothing, and nobody ever takes
 * away a claim but his own and those. The shell and coreutils are enough.
 */
export const LOCK = `
${STARTED_AT}
# In the folder of the hooks, which all see, also a libvirt with a /run of its own.
claim_in() {
  claims=$1; left=20
  until { mkdir -p "$claims" && claim="$claims/$$-$start" && printf '' >"$claim"; } 2>/dev/null; do
    # Who leaves takes the empty folder away.
    [ -d "$claims" ] && [ ! -w "$claims" ] && return 1
    [ "$left" -gt 0 ] || return 1
    left=$((left - 1))
  done
}

# Without a place for claims there is no order, as for users other than root.
lock() {
  started_at $$ && { claim_in "$1/.claims" || claim_in /run/libvirt-network/hooks; } || return 0
  number=0
  for other in "$claims"/*; do
    read -r theirs <"$other" && [ "$theirs" -gt "$number" ] && number=$theirs
  done 2>/dev/null
  number=$((number + 1))
  echo "$number" >"$claims/.$$" && mv -f "$claims/.$$" "$claim" || return 0
  export LIBVIRT_NETWORK_LOCKED="$claim"
  await_turn
}

await_turn() {
  left=600; before=yes
  for other in "$claims"/*; do
    [ "$other" != "$claim" ] || { before=; continue; }
    while is_first "$other"; do
      [ "$left" -gt 0 ] || { unlock; return 1; }
      left=$((left - 1)); sleep 0.1 2>/dev/null || sleep 1
    done
  done
}

# Has it a lower number, or may it get one? One without a number is about to choose.
is_first() {
  theirs=; { read -r theirs <"$1"; } 2>/dev/null || [ -e "$1" ] || return 1
  who=\${1##*/}
  started_at "\${who%-*}" && [ "$start" = "\${who#*-}" ] || { rm -f "$1"; return 1; }
  [ -n "$theirs" ] || return 0
  [ "$theirs" -lt "$number" ] || { [ "$theirs" -eq "$number" ] && [ -n "$before" ]; }
}

unlock() {
  case $LIBVIRT_NETWORK_LOCKED in */*)
    rm -f "$LIBVIRT_NETWORK_LOCKED"
    rmdir "\${LIBVIRT_NETWORK_LOCKED%/*}" 2>/dev/null || :
  esac
}
`;
