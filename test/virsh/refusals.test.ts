import { describe, expect, it } from 'vitest';
import { meaningOf } from '../../src/errors/libvirt.js';
import { LIBVIRT_ERROR_DETAILS, LIBVIRT_ERRORS } from '../../src/errors/libvirt-errors.js';
import { wordsOf } from '../../src/virsh/stderr.js';
import { samples } from './refusal-samples.js';

describe('the words of libvirt that were recorded', () => {
  for (const { code, libvirt, what, stderr } of samples) {
    it(`mean ${code}: ${what} (${libvirt})`, () => {
      expect(meaningOf(wordsOf(stderr).message).code).toBe(code);
    });
  }

  it('are there for each row of the table', () => {
    const details = samples.map(({ stderr }) => {
      const { message } = wordsOf(stderr);
      const { number } = meaningOf(message);
      const prefix =
        LIBVIRT_ERRORS.find((kind) => kind.number === number && message.startsWith(kind.prefix))?.prefix ?? '';
      return { number, detail: message.slice(prefix.length) };
    });
    const without = LIBVIRT_ERROR_DETAILS.filter(
      (row) => !details.some(({ number, detail }) => number === row.number && row.detail.test(detail)),
    );
    expect(without.map(({ code, detail }) => `${code} ${detail}`)).toEqual([]);
  });
});

describe('words that nobody knows stay words', () => {
  const unknown = [
    'internal error: something new',
    'Fehler: Netzwerk nicht gefunden: kein Netzwerk mit passendem Namen „lab“',
    // A daemon that speaks German, whose system speaks English.
    'Interner Fehler: Child process (VIR_BRIDGE_NAME=a dnsmasq --conf-file=/x) unexpected exit status 2: Address already in use',
    'Fehler beim Erstellen der Netzwerkbrücke virbr9: File exists',
    "Socket kann nicht mit '/run/libvirt/libvirt-sock' verbunden werden: Permission denied",
    'Opération demandée non valide : le réseau est déjà actif',
  ];
  for (const words of unknown) {
    it(words, () => {
      expect(meaningOf(words).code).toBe('LIBVIRT');
    });
  }

  it('a name that holds other words does not change the meaning', () => {
    const names = [
      "x' is not active",
      'network is already active',
      'File exists',
      'a\nInterface not found: b',
      'internal error: ',
    ];
    for (const name of names) {
      expect(meaningOf(`Network not found: no network with matching name '${name}'`).code).toBe('NETWORK_NOT_FOUND');
      expect(meaningOf(`Requested operation is not valid: network '${name}' is not active`).code).toBe(
        'NETWORK_INACTIVE',
      );
      expect(meaningOf(`internal error: bridge name '${name}' already in use.`).code).toBe('BRIDGE_IN_USE');
      expect(meaningOf(`XML error: Invalid address '1' in network '${name}'`).code).toBe('LIBVIRT');
    }
  });
});
