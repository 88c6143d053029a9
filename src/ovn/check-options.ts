import { LibvirtError } from '../errors/index.js';
import { isList } from '../options/kind-of-value.js';
import { shown } from '../options/shown.js';

/**
 * Checks that a value is true or false: a text such as `no` would count as true, or as false.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function checkFlag(name: string, value: boolean | undefined): void {
  if (value === undefined || typeof value === 'boolean') return;
  throw new LibvirtError('INVALID_ARGUMENT', `${name} must be true or false, not '${shown(value)}'`, {
    hint: `leave ${name} out for the default`,
  });
}

/**
 * Checks a function that is called later.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function checkFunction(name: string, value: unknown): void {
  if (value === undefined || typeof value === 'function') return;
  throw new LibvirtError('INVALID_ARGUMENT', `${name} must be a function, not '${shown(value)}'`, {
    hint: `leave ${name} out where nothing listens`,
  });
}

/**
 * Checks that there are endpoints at all; what they look like is checked where they are read.
 *
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT`
 */
export function checkEndpoints(name: string, value: unknown): void {
  const isThere = typeof value === 'string' ? value !== '' : typeof value === 'object' && value !== null;
  if (isThere && !(isList(value) && value.length === 0)) return;
  throw new LibvirtError(
    'INVALID_ARGUMENT',
    `${name} names no server: ${value === '' ? 'it is empty' : shown(value)}`,
    {
      hint: 'such as unix:/var/run/ovn/ovnnb_db.sock, or ssl:10.0.0.1:6641',
    },
  );
}
