/** What `netprobe` says of a packet. */
export interface Probe {
  readonly ok: boolean;
  /** The source address that the receiver saw. */
  readonly peer?: string;
  /** The code of the error, such as `ECONNREFUSED`, or `timeout`. */
  readonly error?: string;
  /** The code of a DNS answer. */
  readonly rcode?: string;
  /** What a DNS answer says. */
  readonly answers?: readonly string[];
  /** How much of a stream the receiver took in a second, in KiB. */
  readonly kib_per_s?: number;
  /** The addresses that a DHCPv6 server offers. */
  readonly addresses?: readonly string[];
}

/** Reads what `netprobe` printed, a line for each packet. It ends with 1 when one of them got no answer. */
export function readProbes({ stdout, stderr }: { readonly stdout: string; readonly stderr: string }): Probe[] {
  if (stdout === '') throw new Error(`netprobe says nothing: ${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line): Probe => JSON.parse(line));
}
