import type { NetworkDocument } from '../../src/index.js';

/**
 * A definition as lines in libvirt's own words without what libvirt filled in: names and addresses that nobody chose, the
 * ports of masquerading, counts. The order of lines does not count.
 */
export function linesOf(xml: string, desired: NetworkDocument): string {
  const own = xml
    .trim()
    .replace(/\n {2}<uuid>.*<\/uuid>/, '')
    .replace(/ connections='\d+'/g, '')
    .replace(desired.mac === undefined ? /\n {2}<mac address='[^']*'\/>/ : /$^/, '')
    .replace(desired.bridge?.name === undefined ? /<bridge name='[^']*'/ : /$^/, '<bridge')
    .replace(desired.forward?.nat?.port === undefined ? /\n {6}<port start='1024' end='65535'\/>/ : /$^/, '')
    .replace(/<forward mode='nat'>\s*<nat>\s*<\/nat>\s*<\/forward>/, "<forward mode='nat'/>")
    .replace(/<nat( ipv6='\w+')>\s*<\/nat>/, '<nat$1/>')
    .replace(/\n\s*<nat>\s*<\/nat>/, '');
  return own
    .split('\n')
    .map((line) => line.trim())
    .sort()
    .join('\n');
}
