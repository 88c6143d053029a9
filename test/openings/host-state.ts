/** A script that prints rules of all kinds without counters, and the files of firewalls: what removal must leave as it was. */
export const HOST_STATE = `nft -s list ruleset
for tool in iptables ip6tables iptables-legacy ip6tables-legacy; do $tool-save; done 2>/dev/null | grep -v '^#' | sed 's/\\[[0-9:]*\\]//'
cd /etc
find ufw default/ufw firewalld nftables.conf libvirt/hooks systemd -type f 2>/dev/null | sort | xargs -r sha256sum`;

/** libvirt makes the rules of its networks in another order when it starts again. */
export const sorted = (text: string): string[] => text.split('\n').sort();
