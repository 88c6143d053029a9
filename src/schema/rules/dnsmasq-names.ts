/** Longest label and longest name that dnsmasq takes, in bytes. */
const LABEL = 63;
const NAME = 1025;

/** Why dnsmasq does not take a name, if it does not; libvirt runs it in the C locale, where it knows ASCII only. */
export function faultOfName(name: string): string | undefined {
  if (/\P{ASCII}/u.test(name)) return 'it has other characters than those of ASCII';
  if (/^ *$/.test(name)) return 'it is empty';
  if (name.split('.').some((label) => label.length > LABEL)) return `a part between dots is longer than ${LABEL} bytes`;
  return name.length > NAME ? `it is longer than ${NAME} bytes` : undefined;
}
