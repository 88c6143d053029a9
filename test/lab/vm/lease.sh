#!/bin/sh
# Called by the DHCP client of a virtual machine: sets the lease, and reports it.
case $1 in
  bound | renew)
    ip addr flush dev "$interface"
    ip addr add "$ip/$mask" dev "$interface"
    [ -z "$router" ] || ip route replace default via "$router" dev "$interface"
    echo "LEASE $interface $ip gw $router" >/dev/console
    ;;
esac
