/** What `ovn-trace` says of a packet. */
export interface TraceResult {
  /** The port that gets it; nothing where it is dropped. */
  readonly port: string | undefined;
  /** Its source in the end, where that was changed. */
  readonly source: string | undefined;
  /** The hardware address that it is for in the end, where that was changed. */
  readonly etherDestination: string | undefined;
  /** True if the router itself answers an echo request. */
  readonly isAnswered: boolean;
  /** True if an error is made. */
  readonly isError: boolean;
  /** True if it goes back to the sender. */
  readonly isRejected: boolean;
  /** True if that error has its source changed on its way, as if it was new. */
  readonly isErrorTranslated: boolean;
}

interface Block {
  readonly head: string;
  etherDestination?: string;
  isAnswered?: boolean;
}

/** Blocks of packets that a switch or router makes: questions for hardware addresses, and errors. */
const QUESTION = /^(?:arp|nd_ns)\b/;
const SOURCE = /^ct_snat\w*\(ip[46]\.src=([^)]+)\)/;
const ERROR = /^(?:tcp_reset|icmp[46](?:_error)?)(?: \{|;)?$/;

/** Reads what `ovn-trace --minimal` prints. */
export function readTrace(text: string): TraceResult {
  const blocks: Block[] = [{ head: '' }];
  const result = { isAnswered: false, isError: false, isRejected: false, isErrorTranslated: false };
  let reached: Pick<TraceResult, 'port' | 'source' | 'etherDestination'> | undefined;
  for (const line of text.split('\n').map((one) => one.trim())) {
    const top = blocks.at(-1);
    const [, output] = /^output\("(.+)"\)/.exec(line) ?? [];
    if (ERROR.test(line)) result.isError = true;
    if (line.endsWith('{')) blocks.push({ head: line.slice(0, -1).trim() });
    else if (line.startsWith('}')) blocks.pop();
    else if (output !== undefined) {
      const heads = blocks.map(({ head }) => head);
      const error = heads.findIndex((head) => ERROR.test(head));
      if (error >= 0) {
        result.isRejected = true;
        result.isErrorTranslated = heads.slice(error).some((head) => SOURCE.test(head));
      } else if (!heads.some((head) => QUESTION.test(head))) reached ??= { port: output, ...changesIn(blocks) };
    } else if (top !== undefined) note(line, top, result);
  }
  return { port: undefined, source: undefined, etherDestination: undefined, ...reached, ...result };
}

function note(line: string, block: Block, result: { isAnswered: boolean }): void {
  const [, mac] = /^eth\.dst = ([0-9a-f:]+);/.exec(line) ?? [];
  if (mac !== undefined) block.etherDestination = mac;
  if (/^icmp(?:4\.type = 0|6\.type = 129);/.test(line)) result.isAnswered = true;
}

const changesIn = (blocks: readonly Block[]) => ({
  source: blocks
    .map(({ head }) => SOURCE.exec(head)?.[1])
    .filter((one) => one !== undefined)
    .at(-1),
  etherDestination: blocks
    .map((one) => one.etherDestination)
    .filter((one) => one !== undefined)
    .at(-1),
});
