# Prints the network and the files of a host, without times that run.
ip -o link show | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/ state [A-Z]*//; s/LOWERLAYERDOWN\|NO-CARRIER,\|,LOWER_UP//g'
for device in $(ls /sys/class/net); do
  echo "$device"
  ip addr show dev "$device" scope global | sed -n 's/^ *inet/inet/p' | sort
done
ip -4 route show table all proto static
ip -4 route show table all proto boot
ip -4 route show
ip -6 route show | grep -v '^fe80' | sed 's/ expires .*//'
find /etc /var/lib /run/systemd /run/netplan -newer /proc/1/cmdline -type f 2>/dev/null | sort | xargs -r md5sum
find /run -path /run/netns -prune -o -print | sort
