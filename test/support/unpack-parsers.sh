#!/bin/sh
# Unpacks the programs of host network systems into a folder, so that tests can ask them without installing anything:
# no daemon of theirs is ever started on the machine's own network.
#
#   unpack-parsers.sh FOLDER
set -eu
folder=$1
packages='netplan.io libnetplan0 network-manager libnm0 ifupdown bridge-utils'
[ -e "$folder/.complete" ] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
apt-get download $packages >/dev/null 2>&1 || { apt-get update -qq && apt-get download $packages >/dev/null; }
rm -rf "$folder"
mkdir -p "$folder"
for package in *.deb; do
  dpkg -x "$package" "$folder"
done
# The folder is laid over the machine's own files, whose /lib and /sbin are links into /usr.
for part in lib sbin bin; do
  [ -d "$folder/$part" ] || continue
  mkdir -p "$folder/usr/$part"
  cp -a "$folder/$part/." "$folder/usr/$part/"
  rm -rf "${folder:?}/$part"
done
touch "$folder/.complete"
