/** The words of pictures of networks on OVN in one language. */
export interface OvnWords {
  readonly title: string;
  readonly summary: (counts: OvnCounts) => string;
  /** The heading of the hosts. */
  readonly hosts: string;
  /** The tunnels between the hosts. */
  readonly tunnels: string;
  readonly physicalNetwork: string;
  readonly router: string;
  /** Gateway chassis, in the order in which they take over. */
  readonly through: (first: string, others: readonly string[]) => string;
  /** A chassis that the topology does not have. */
  readonly absent: (chassis: string) => string;
  readonly defaultRoute: (hop: string) => string;
  /** Where guests are that are plugged in on a host that is not known. */
  readonly unknownHost: string;
  readonly notPluggedIn: string;
  readonly moreHosts: (count: number) => string;
  /** A guest, and the host that it runs on. */
  readonly guestOn: (guest: string, host: string) => string;
}

/** All that a topology has. */
export interface OvnCounts {
  readonly hosts: number;
  readonly networks: number;
  readonly guests: number;
}

/** A number of things: `1 guest`, `2 guests`. */
export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

export const OVN_EN: OvnWords = {
  title: 'Networks and guests on OVN',
  summary: ({ hosts, networks, guests }) =>
    [counted(hosts, 'host'), counted(networks, 'network'), counted(guests, 'guest')].join(', '),
  hosts: 'hosts',
  tunnels: 'tunnels',
  physicalNetwork: 'physical network',
  router: 'router',
  through: (first, others) => `by ${first}${others.length === 0 ? '' : `, then ${others.join(', ')}`}`,
  absent: (chassis) => `${chassis} (not there)`,
  defaultRoute: (hop) => `default route ${hop}`,
  unknownHost: 'host not known',
  notPluggedIn: 'not plugged in',
  moreHosts: (count) => `and ${counted(count, 'more host')}`,
  guestOn: (guest, host) => `${guest} on ${host}`,
};

export const OVN_ES: OvnWords = {
  title: 'Redes y máquinas virtuales en OVN',
  summary: ({ hosts, networks, guests }) =>
    [
      counted(hosts, 'anfitrión', 'anfitriones'),
      counted(networks, 'red', 'redes'),
      counted(guests, 'máquina virtual', 'máquinas virtuales'),
    ].join(', '),
  hosts: 'anfitriones',
  tunnels: 'túneles',
  physicalNetwork: 'red física',
  router: 'router',
  through: (first, others) => `por ${first}${others.length === 0 ? '' : `, después ${others.join(', ')}`}`,
  absent: (chassis) => `${chassis} (ausente)`,
  defaultRoute: (hop) => `ruta por defecto ${hop}`,
  unknownHost: 'anfitrión desconocido',
  notPluggedIn: 'sin conectar',
  moreHosts: (count) => `y ${counted(count, 'anfitrión', 'anfitriones')} más`,
  guestOn: (guest, host) => `${guest} en ${host}`,
};
