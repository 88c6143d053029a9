import { describe, expect, it } from 'vitest';
import { FAILURES, failureOf } from '../../src/client/failures.js';
import { redact } from '../../src/errors/index.js';
import { libvirtWords } from '../../src/virsh/words.js';

describe("libvirt's words become codes", () => {
  for (const { code, sample, pattern } of FAILURES) {
    it(`${code}: ${sample.slice(0, 70)}`, () => {
      expect(failureOf(sample)?.pattern).toBe(pattern);
    });
  }

  it('words that nobody knows stay words', () => {
    expect(failureOf('internal error: something new')).toBeUndefined();
    expect(failureOf("Fehler: Netzwerk nicht gefunden: kein Netzwerk mit passendem Namen 'lab'")).toBeUndefined();
  });

  it("virsh's own line before libvirt's is passed over", () => {
    const printed =
      'error: Failed to start network lab\nerror: Requested operation is not valid: network is already active\n';
    expect(libvirtWords(printed)).toBe('Requested operation is not valid: network is already active');
  });

  it('a line of virsh that stands alone is kept', () => {
    expect(libvirtWords("error: failed to get network 'x'\n")).toBe("failed to get network 'x'");
    expect(libvirtWords("error: unknown command: 'net-desc'\n")).toBe("unknown command: 'net-desc'");
  });

  it('words of several lines are kept whole', () => {
    const printed =
      'error: Failed to define network from /x\nerror: at line 3: Opening and ending tag mismatch\n</ip>\n----^\n';
    expect(libvirtWords(printed)).toBe('at line 3: Opening and ending tag mismatch\n</ip>\n----^');
  });

  it('a connection that fails tells why', () => {
    const printed =
      "error: failed to connect to the hypervisor\nerror: Failed to connect socket to '/run/x': No such file or directory\n";
    expect(failureOf(libvirtWords(printed))?.code).toBe('CONNECTION_FAILED');
  });
});

describe('secrets', () => {
  it('are taken out of URIs', () => {
    expect(redact('qemu+ssh://me:secret@host/system?keyfile=/home/me/.ssh/id&x=1')).toBe(
      'qemu+ssh://***@host/system?keyfile=***&x=1',
    );
    expect(redact('qemu:///system')).toBe('qemu:///system');
  });
});
