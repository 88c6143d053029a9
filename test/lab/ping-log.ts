/** What the log of a ping says. */
export interface PingLog {
  /** Numbers of the answers that are missing between the first and the last, or up to the last question where the log has their number. */
  readonly lost: readonly number[];
  readonly answers: number;
}

/** Reads what `busybox ping` printed. */
export function readPingLog(printed: string): PingLog {
  const numbers = [...printed.matchAll(/seq=(\d+)/g)].map(([, number]) => Number(number));
  const [, sent] = /^(\d+) packets transmitted/m.exec(printed) ?? [];
  // The answer to the last question may be under way.
  const [first = 0, last = -1] = [numbers[0], sent === undefined ? numbers.at(-1) : Number(sent) - 2];
  const there = new Set(numbers);
  const all = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return { lost: all.filter((number) => !there.has(number)), answers: numbers.length };
}
