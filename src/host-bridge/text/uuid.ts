const OFFSET = 0x6c62272e07bb014262b821756295c58dn;
const PRIME = 0x0000000001000000000000000000013bn;
const MASK = (1n << 128n) - 1n;

/** A uuid that is always the same for the same text: 128 bits of FNV-1a in the form of version 8, which is for own uses. */
export function uuidFor(text: string): string {
  let value = OFFSET;
  for (const character of encodeURIComponent(text)) value = ((value ^ BigInt(character.charCodeAt(0))) * PRIME) & MASK;
  const digits = value.toString(16).padStart(32, '0');
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 3) | 8).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `8${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}
