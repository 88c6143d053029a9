# Begins hosts, h1, h2 and so on, with Open vSwitch and OVN, and an underlay 10.99.0.0/24 between them. h1 also has the
# databases and northd. They use the datapath in user space, which needs no module of the kernel.
#
#   begin.sh geneve|vxlan HOSTS        after functions.sh, whose functions it uses
set -eu
encapsulation=$1
numbers=$(seq "$2")
mkdir -p $LAB
ip link set lo up
wire underlay
for i in $numbers; do
  host=h$i
  mkdir $LAB/$host
  ip netns add $host
  ip -n $host link set lo up
  connect underlay $host u$i
  on $host ovsdb-tool create $LAB/$host/conf.db /usr/share/openvswitch/vswitch.ovsschema
  begin $host ovsdb-server $LAB/$host/conf.db --remote=punix:$LAB/$host/db.sock
  vsctl $host --no-wait init
  begin $host ovs-vswitchd unix:$LAB/$host/db.sock
  # The address of a tunnel in user space is on a bridge of the same datapath.
  vsctl $host add-br br-phy -- set bridge br-phy datapath_type=netdev -- add-port br-phy u$i
  ip -n $host addr add 10.99.0.$i/24 dev br-phy
  ip -n $host link set br-phy up mtu 1500
done

for database in nb sb; do
  on h1 ovsdb-tool create $LAB/h1/ovn$database.db /usr/share/ovn/ovn-$database.ovsschema
  database $database
done
nbctl init
on h1 ovn-sbctl --db=unix:$LAB/h1/ovnsb_db.sock init
northd

for i in $numbers; do
  vsctl h$i set open . external-ids:system-id=chassis$i external-ids:ovn-remote=tcp:10.99.0.1:6642 \
    external-ids:ovn-encap-type=$encapsulation external-ids:ovn-encap-ip=10.99.0.$i \
    external-ids:ovn-bridge-datapath-type=netdev
  controller h$i
done

# A packet for a tunnel whose other end is not known yet would be lost.
for i in $numbers; do
  for k in $numbers; do
    [ $i = $k ] || on h$i busybox arping -q -f -w 30 -I br-phy 10.99.0.$k
  done
done
