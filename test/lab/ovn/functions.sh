# Functions for scripts that run beside the hosts of begin.sh.
LAB=/run/ovn-lab
# Debian's alternatives, which a package script would set, lead to the last of these folders.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/openvswitch-switch

# Runs a program on a host: on HOST PROGRAM ARGUMENT...
on() (
  host=$1 folder=$LAB/$1
  shift
  export OVS_RUNDIR=$folder OVS_DBDIR=$folder OVS_LOGDIR=$folder OVS_SYSCONFDIR=$folder OVS_PKGDATADIR=/usr/share/openvswitch
  export OVN_RUNDIR=$folder OVN_DBDIR=$folder OVN_LOGDIR=$folder OVN_PKGDATADIR=/usr/share/ovn
  exec ip netns exec "$host" "$@"
)

# Begins a service on a host, which answers when this returns: begin HOST PROGRAM ARGUMENT...
begin() {
  host=$1 program=$2
  shift 2
  on "$host" "$program" --pidfile --log-file --detach "$@" >"$LAB/$host/$program.out" 2>&1 || {
    cat "$LAB/$host/$program.out" >&2
    return 1
  }
}

# Begins the server of a database, which is there: database nb|sb. It also listens where the database says, with the
# certificates that it names, as Debian's services do.
database() {
  file=$LAB/h1/ovn$1
  [ $1 = nb ] && port=6641 name=OVN_Northbound global=NB_Global || port=6642 name=OVN_Southbound global=SB_Global
  begin h1 ovsdb-server $file.db --remote=punix:${file}_db.sock --remote=ptcp:$port:10.99.0.1 --remote=db:$name,$global,connections \
    --private-key=db:$name,SSL,private_key --certificate=db:$name,SSL,certificate --ca-cert=db:$name,SSL,ca_cert \
    --pidfile=$file.pid --unixctl=$file.ctl --log-file=$file.log
}

# Begins what makes flows of networks: northd
northd() {
  begin h1 ovn-northd --ovnnb-db=unix:$LAB/h1/ovnnb_db.sock --ovnsb-db=unix:$LAB/h1/ovnsb_db.sock
}

# Begins the controller of a host: controller HOST
controller() {
  begin "$1" ovn-controller unix:$LAB/$1/db.sock
}

# Ends a service at once: crash HOST NAME, where NAME is that of its pid file
crash() {
  kill -9 $(cat "$LAB/$1/$2.pid")
  rm -f "$LAB/$1/$2.pid"
}

# Takes the power from a host and its guests, at once: lose HOST
lose() {
  for cable in underlay lan; do ip link set "$cable-$1" down; done
  kill -9 $(ip netns pids "$1")
}

# Changes the switches of a host: vsctl HOST ARGUMENT...
vsctl() {
  host=$1
  shift
  on "$host" ovs-vsctl --timeout=30 --db=unix:$LAB/$host/db.sock "$@"
}

# Changes the northbound database: nbctl ARGUMENT...
nbctl() {
  on h1 ovn-nbctl --timeout=30 --db=unix:$LAB/h1/ovnnb_db.sock "$@"
}

# Plugs in a guest as libvirt does: plug HOST GUEST PORT MAC
plug() {
  ip netns add "$2"
  ip link add eth0 netns "$2" address "$4" mtu 1400 type veth peer name "v-$2" netns "$1"
  ip -n "$2" link set lo up
  ip -n "$2" link set eth0 up
  # The datapath in user space takes no packet whose checksum is left to the device.
  ip netns exec "$2" ethtool -K eth0 tx off >/dev/null
  ip -n "$1" link set "v-$2" up
  vsctl "$1" -- --may-exist add-port br-int "v-$2" -- set Interface "v-$2" \
    external-ids:attached-mac="$4" external-ids:iface-id="$3" external-ids:iface-status=active
}

# Makes a wire that any number of machines share: wire NAME
wire() {
  ip link add "$1" type bridge
  ip link set "$1" up
}

# Connects a machine, which is a network namespace, to a wire: connect WIRE MACHINE DEVICE
connect() {
  ip link add "$3" netns "$2" type veth peer name "$1-$2"
  ip link set "$1-$2" master "$1" up
  ip -n "$2" link set "$3" up
}

# Makes a LAN where the namespace "outside" is a machine: lan ADDRESS...
lan() {
  wire lan
  ip netns add outside
  ip -n outside link set lo up
  connect lan outside eth0
  for address in "$@"; do ip -n outside addr add "$address" dev eth0 nodad; done
  ip netns exec outside ethtool -K eth0 tx off >/dev/null
}

# Connects a host to the LAN, which OVN knows as "lan": uplink HOST
uplink() {
  connect lan "$1" lan
  vsctl "$1" add-br br-ex -- set bridge br-ex datapath_type=netdev -- add-port br-ex lan -- \
    set open . external-ids:ovn-bridge-mappings=lan:br-ex
}
