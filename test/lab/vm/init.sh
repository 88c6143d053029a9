#!/bin/busybox sh
# The first process of a virtual machine: it takes a lease on every NIC, also on one that is plugged in later, answers TCP on
# port 7777 with its name, and runs what comes over the channel `shell`. It reports to its console.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/pts
mount -t devpts pts /dev/pts
for module in /lib/*.ko; do insmod "$module"; done
name=$(sed -n 's/.*guest=\([^ ]*\).*/\1/p' /proc/cmdline)
hostname "$name"
ip link set lo up

(while :; do printf '%s\n' "$name" | nc -l -p 7777; done) >/dev/null 2>&1 &
shell=/dev/$(basename "$(dirname "$(grep -l '^shell$' /sys/class/virtio-ports/*/name)")")
# The greeting waits until a caller is connected.
(while :; do { echo SHELL && sh; } <>"$shell" >&0 2>&1; done) &

# Looks once a second for NICs that have come or gone: the kernel of a guest this small tells nobody.
mkdir /clients
(while :; do
  for nic in /sys/class/net/*; do
    client=/clients/${nic##*/}
    [ "$client" = /clients/lo ] && continue
    [ -e "$client" ] && kill -0 "$(cat "$client")" 2>/dev/null && continue
    ip link set "${nic##*/}" up
    udhcpc -i "${nic##*/}" -s /etc/lease -f -x "hostname:$name" -t 5 -T 1 -A 2 >/dev/null 2>&1 &
    echo $! >"$client"
  done
  for client in /clients/*; do
    [ -e "/sys/class/net/${client##*/}" ] || {
      kill "$(cat "$client")" 2>/dev/null
      rm -f "$client"
    }
  done
  sleep 1
done) &
echo READY
while :; do sleep 1000; done
