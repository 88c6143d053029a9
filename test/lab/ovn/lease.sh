#!/bin/sh
# Called by udhcpc in a guest with what the DHCP server said: sets the lease, and prints it.
case $1 in
  bound | renew)
    ip addr replace "$ip/$mask" dev "$interface"
    [ -z "${router-}" ] || ip route replace default via "$router" dev "$interface"
    echo "LEASE $ip/$mask from $serverid"
    echo "SECONDS $lease"
    ;;
esac
