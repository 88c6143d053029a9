import { cInteger, integer, type Scalar, text, UINT32_MAX } from '../scalar.js';

/** Names of cards that libvirt knows, as it prints them; it finds them whatever their case. */
const MODELS: readonly string[] = [
  'netfront',
  'rtl8139',
  'virtio',
  'e1000',
  'e1000e',
  'igb',
  'virtio-transitional',
  'virtio-non-transitional',
  'usb-net',
  'spapr-vlan',
  'lan9118',
  'scm91c111',
  'vlance',
  'vmxnet',
  'vmxnet2',
  'vmxnet3',
  'Am79C970A',
  'Am79C973',
  '82540EM',
  '82545EM',
  '82543GC',
];

/** The name of a card: known ones as libvirt prints them, others as they are. */
export const modelName: Scalar<string> = {
  ...text,
  label: 'name of a card',
  read: (value) => MODELS.find((name) => name.toLowerCase() === value.toLowerCase()) ?? value,
  write: (value) => modelName.read(value) ?? value,
};

/** A number above 0. */
export const positive: Scalar<number> = /* @__PURE__ */ integer(1, UINT32_MAX);

/** A number up to 2^32-1 in decimal digits. */
export const uint32: Scalar<number> = /* @__PURE__ */ integer(0, UINT32_MAX);

/** The bus of an address: a number that libvirt prints in hexadecimal digits, or text that it prints as it is. */
export const busNumber: Scalar<number | string> = {
  label: 'number of a bus',
  read: (value) => bus.read(value),
  write: (value) => (typeof value === 'number' ? `0x${value.toString(16).padStart(2, '0')}` : value),
  accepts: (value) => bus.accepts(typeof value === 'string' ? Number(value) : value),
};
const bus: Scalar<number> = /* @__PURE__ */ cInteger(0, UINT32_MAX);

/** Text that libvirt keeps in capital letters. */
export const capitals: Scalar<string> = {
  ...text,
  read: (value) => value.toUpperCase(),
  write: (value) => value.toUpperCase(),
};

/** A path with single slashes, as libvirt keeps it. */
export const cleanPath: Scalar<string> = {
  ...text,
  label: 'path',
  read: (value) => value.replace(/(?!^)\/{2,}|^\/{3,}/g, '/'),
  write: (value) => value,
};

/** The family of an address; libvirt takes every word but `ipv6` for `ipv4`. */
export const looseFamily: Scalar<'ipv4' | 'ipv6'> = {
  label: "'ipv4' or 'ipv6'",
  values: ['ipv4', 'ipv6'],
  read: (value) => (value === 'ipv6' ? 'ipv6' : 'ipv4'),
  write: String,
  accepts: (value) => value === 'ipv4' || value === 'ipv6',
  misread: (value) => (value === 'ipv4' || value === 'ipv6' ? undefined : 'WORD_REWRITTEN'),
};
