# Gives a host the NIC eno1, with addresses and routes, and a LAN at the other end of its cable.
set -e
ip netns add lan
ip link add eno1 address 52:54:00:77:00:01 type veth peer name lan0 netns lan
ip -n lan link add lan type bridge stp_state 0 forward_delay 0
ip -n lan link set lan0 master lan
ip -n lan addr add 10.77.0.1/24 dev lan
ip -n lan addr add 2001:db8:77::1/64 dev lan nodad
for device in lo lan0 lan; do ip -n lan link set $device up; done
ip link set eno1 up
ip addr add 10.77.0.10/24 dev eno1
ip addr add 10.77.0.11/24 dev eno1
ip addr add 2001:db8:77::10/64 dev eno1 nodad
ip route add default via 10.77.0.1 metric 100 proto static
ip route add 10.99.0.0/16 via 10.77.0.254 metric 50
ip route add 10.98.0.0/16 via 10.77.0.254 table 77
ip -6 route add default via 2001:db8:77::1 proto static
