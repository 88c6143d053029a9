# Gives a host with libvirt Open vSwitch and OVN, as their packages do when they are installed: the services run, and nothing is set.
#
#   libvirt-host.sh TREE ROOT ADDRESS/PREFIX central|-     TREE is the system tree of OVN, ROOT that of libvirt's programs
set -eu
tree=$1 root=$2 address=$3 role=$4
place=$root/run/sandbox/ovn
path=PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/lib/openvswitch-switch

mkdir -p /run/ovn-layers "$place"
mount -t tmpfs tmpfs /run/ovn-layers
mkdir /run/ovn-layers/upper /run/ovn-layers/work
mount -t overlay overlay -o "lowerdir=$tree,upperdir=/run/ovn-layers/upper,workdir=/run/ovn-layers/work" "$place"
mount --bind /dev "$place/dev"
mount --rbind /proc "$place/proc"
mount --rbind /sys "$place/sys"
mkdir -p "$place/run/openvswitch" "$place/run/ovn" "$place/var/log/openvswitch" "$place/var/log/ovn" "$place/etc/openvswitch" /etc/openvswitch
rm -rf "$place/var/run"
ln -s /run "$place/var/run"

# Programs of the packages, where libvirt and the host's own scripts find them.
programs() {
  mkdir -p "$1/usr/local/sbin"
  mount -t tmpfs tmpfs "$1/usr/local/sbin"
  for program in ovs-vsctl ovs-appctl ovs-ofctl ovn-nbctl ovn-sbctl ovn-appctl; do
    printf '#!/bin/sh\nexec chroot %s env %s %s "$@"\n' "$2" "$path" "$program" >"$1/usr/local/sbin/$program"
    chmod +x "$1/usr/local/sbin/$program"
  done
}
programs "" "$place"
[ -z "$root" ] || programs "$root" /run/sandbox/ovn

inside() { chroot "$place" env "$path" "$@"; }
begin() {
  program=$1
  shift
  inside "$program" --pidfile --log-file --detach "$@" >"/run/$program.out" 2>&1 || {
    cat "/run/$program.out" >&2
    return 1
  }
}

inside ovsdb-tool create /etc/openvswitch/conf.db /usr/share/openvswitch/vswitch.ovsschema
begin ovsdb-server /etc/openvswitch/conf.db --remote=punix:/var/run/openvswitch/db.sock
inside ovs-vsctl --no-wait init
begin ovs-vswitchd unix:/var/run/openvswitch/db.sock
# The datapath in user space needs no module of the kernel. The address of its tunnels is on a bridge of its own.
inside ovs-vsctl --timeout=30 set Open_vSwitch . external_ids:ovn-bridge-datapath-type=netdev -- \
  add-br underlay -- set Bridge underlay datapath_type=netdev -- add-port underlay u0
ip address add "$address" dev underlay
ip link set u0 up
ip link set underlay up mtu 1500

if [ "$role" = central ]; then
  for database in nb sb; do
    inside ovsdb-tool create /etc/openvswitch/ovn$database.db /usr/share/ovn/ovn-$database.ovsschema
    name=OVN_Northbound table=NB_Global
    [ $database = nb ] || name=OVN_Southbound table=SB_Global
    begin ovsdb-server /etc/openvswitch/ovn$database.db --remote=punix:/var/run/ovn/ovn${database}_db.sock \
      --remote=db:$name,$table,connections --pidfile=/run/ovn/ovn$database.pid --unixctl=/run/ovn/ovn$database.ctl \
      --log-file=/var/log/ovn/ovn$database.log
  done
  inside ovn-nbctl --timeout=30 init
  inside ovn-sbctl --timeout=30 init
  begin ovn-northd --ovnnb-db=unix:/var/run/ovn/ovnnb_db.sock --ovnsb-db=unix:/var/run/ovn/ovnsb_db.sock
fi
begin ovn-controller unix:/var/run/openvswitch/db.sock
