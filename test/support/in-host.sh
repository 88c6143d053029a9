#!/bin/sh
# Runs a shell script on a "host" of its own: namespaces for network, mounts and processes, and a root folder in which
# the programs of the folder PARSERS stand beside the machine's own. Everything ends with the script.
#
#   in-host.sh PARSERS SCRIPT
set -eu
parsers=$1
script=$2
exec unshare -n -m -p -f --propagation private --kill-child sh -c '
set -eu
parsers=$1 script=$2 root=/mnt
mount -t tmpfs none $root
cd $root
mkdir -p proc sys dev run tmp etc usr/share host/usr
mount --rbind /usr host/usr
mount --rbind /usr/share usr/share
mount --rbind /dev dev
mount --rbind /tmp tmp
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys || mount --rbind /sys sys
# Folders of links: what the parsers bring along stands beside what the machine has.
for part in bin sbin lib lib64 libexec; do
  [ -d host/usr/$part ] || continue
  mkdir -p usr/$part
  ln -s $part $part 2>/dev/null || true
  rm -f $part
  ln -s usr/$part $part
  for name in host/usr/$part/*; do ln -s /$name usr/$part/; done
  if [ -d "$parsers/usr/$part" ]; then
    for name in "$parsers/usr/$part"/*; do
      base=${name##*/}
      [ -e usr/$part/$base ] || [ -L usr/$part/$base ] || cp -a "$name" usr/$part/
    done
  fi
done
cp -a /etc/passwd /etc/group /etc/ld.so.cache /etc/ld.so.conf etc/ 2>/dev/null || true
cp -a /etc/alternatives etc/
cp -a "$parsers/etc/network" "$parsers/etc/default" etc/
mkdir -p run/network run/systemd/netif/links run/systemd/netif/leases run/systemd/netif/lldp etc/systemd/network
exec chroot . /bin/sh -c "$script"
' _ "$parsers" "$script"
