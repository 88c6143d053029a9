/** A value as a message shows it, whatever it is: text as it is, objects as JSON. */
export function shown(value: unknown): string {
  try {
    if (typeof value === 'object' && value !== null) return JSON.stringify(value, plainValue);
    return typeof value === 'bigint' ? `${value}n` : String(value);
  } catch {
    return `an unreadable ${typeof value}`; // an accessor throws, or it holds itself
  }
}

/** JSON knows neither BigInt nor symbols. */
const plainValue = (_: string, one: unknown): unknown =>
  typeof one === 'bigint' || typeof one === 'symbol' ? shown(one) : one;
