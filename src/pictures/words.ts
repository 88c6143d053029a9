import type { FlowStep, Verdict } from '../preview/flow/topology.js';
import { spanishStep } from './flow/step-texts.js';
import { counted, OVN_EN, OVN_ES, type OvnWords } from './ovn/words.js';

/** Languages of the words in a picture: English and Spanish. */
export type PictureLanguage = 'en' | 'es';

/** How guests of a network are connected. */
export type NetworkMode =
  | 'nat'
  | 'route'
  | 'open'
  | 'isolated'
  | 'bridge'
  | 'ovs'
  | 'macvtap'
  | 'passthrough'
  | 'hostdev'
  | 'other';

/** The words of pictures in one language. */
export interface Words {
  readonly modes: Readonly<Record<NetworkMode, string>>;
  readonly steps: Readonly<Record<FlowStep['what'], string>>;
  readonly verdicts: Readonly<Record<Verdict, string>>;
  readonly host: string;
  /** What the host does with packets. */
  readonly hostWork: readonly string[];
  readonly lan: string;
  readonly outside: string;
  readonly networkSwitch: string;
  readonly router: string;
  /** A host of OVN. */
  readonly chassis: string;
  readonly guest: string;
  readonly dhcp: string;
  readonly through: (device: string) => string;
  readonly linkDown: string;
  readonly isolatedPort: string;
  readonly filter: string;
  readonly nic: (number: number, count: number) => string;
  readonly more: (count: number) => string;
  readonly moreNetworks: (count: number) => string;
  readonly there: string;
  readonly back: string;
  readonly rule: string;
  readonly decidingRule: string;
  /** The text of a step. */
  readonly stepText: (text: string) => string;
  /** True if the reasons of verdicts, which are in English, belong into the picture. */
  readonly reasons: boolean;
  readonly topologyTitle: string;
  readonly topologySummary: (networks: number, guests: number) => string;
  readonly flowTitle: (from: string, to: string, protocol: string) => string;
  readonly ovn: OvnWords;
}

const en: Words = {
  modes: {
    nat: 'NAT',
    route: 'routed',
    open: 'open',
    isolated: 'isolated',
    bridge: 'bridge',
    ovs: 'Open vSwitch',
    macvtap: 'macvtap',
    passthrough: 'passthrough',
    hostdev: 'SR-IOV',
    other: 'other',
  },
  steps: {
    send: 'send',
    switch: 'switch',
    route: 'route',
    translate: 'translate',
    firewall: 'firewall',
    service: 'service',
    tunnel: 'tunnel',
    arrive: 'arrive',
    lost: 'lost',
  },
  verdicts: {
    delivered: 'delivered',
    rejected: 'rejected',
    timeout: 'timeout',
    'no-route': 'no route',
    refused: 'refused',
    depends: 'depends',
  },
  host: 'host',
  hostWork: ['routing', 'firewall'],
  lan: 'LAN',
  outside: 'outside',
  networkSwitch: 'virtual switch',
  router: 'router',
  chassis: 'host',
  guest: 'guest',
  dhcp: 'DHCP',
  through: (device) => `only by ${device}`,
  linkDown: 'link down',
  isolatedPort: 'isolated port',
  filter: 'filter',
  nic: (number, count) => `NIC ${number} of ${count}`,
  more: (count) => `and ${count} more`,
  moreNetworks: (count) => `and ${count} more networks`,
  there: 'there',
  back: 'back',
  rule: 'rule',
  decidingRule: 'The rule that decides',
  stepText: (text) => text,
  reasons: true,
  topologyTitle: 'Networks and guests of the host',
  topologySummary: (networks, guests) => `${counted(networks, 'network')}, ${counted(guests, 'guest')}`,
  flowTitle: (from, to, protocol) => `From ${from} to ${to}: ${protocol}`,
  ovn: OVN_EN,
};

const es: Words = {
  modes: {
    nat: 'NAT',
    route: 'enrutada',
    open: 'abierta',
    isolated: 'aislada',
    bridge: 'bridge',
    ovs: 'Open vSwitch',
    macvtap: 'macvtap',
    passthrough: 'passthrough',
    hostdev: 'SR-IOV',
    other: 'otra',
  },
  steps: {
    send: 'envía',
    switch: 'conmuta',
    route: 'enruta',
    translate: 'traduce',
    firewall: 'cortafuegos',
    service: 'servicio',
    tunnel: 'túnel',
    arrive: 'llega',
    lost: 'se pierde',
  },
  verdicts: {
    delivered: 'entregado',
    rejected: 'rechazado',
    timeout: 'sin respuesta',
    'no-route': 'sin ruta',
    refused: 'denegado',
    depends: 'depende',
  },
  host: 'anfitrión',
  hostWork: ['rutas', 'cortafuegos'],
  lan: 'LAN',
  outside: 'exterior',
  networkSwitch: 'switch virtual',
  router: 'router',
  chassis: 'anfitrión',
  guest: 'máquina virtual',
  dhcp: 'DHCP',
  through: (device) => `solo por ${device}`,
  linkDown: 'enlace caído',
  isolatedPort: 'puerto aislado',
  filter: 'filtro',
  nic: (number, count) => `NIC ${number} de ${count}`,
  more: (count) => `y ${count} más`,
  moreNetworks: (count) => `y ${count} redes más`,
  there: 'ida',
  back: 'vuelta',
  rule: 'regla',
  decidingRule: 'La regla que decide',
  stepText: spanishStep,
  reasons: false,
  topologyTitle: 'Redes y máquinas virtuales del anfitrión',
  topologySummary: (networks, guests) =>
    `${counted(networks, 'red', 'redes')}, ${counted(guests, 'máquina virtual', 'máquinas virtuales')}`,
  flowTitle: (from, to, protocol) => `De ${from} a ${to}: ${protocol}`,
  ovn: OVN_ES,
};

/** The words of pictures by language. */
export const WORDS: Readonly<Record<PictureLanguage, Words>> = { en, es };
