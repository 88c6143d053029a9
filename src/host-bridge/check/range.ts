import type { Report } from './context.js';

/** A number within limits, and in steps that the kernel can count in. */
export function checkRange(
  value: number | undefined,
  path: string,
  [min, max]: readonly [number, number],
  step: number,
  report: Report,
): void {
  if (value === undefined) return;
  const property = path.slice(path.lastIndexOf('.') + 1);
  if (value < min || value > max) report('HB_RANGE', path, { property, value, min, max });
  else if (!isMultiple(value, step)) report('HB_RESOLUTION', path, { property, value, step });
}

/** Tells whether a number is a multiple of a step, as far as floating-point numbers can be. */
const isMultiple = (value: number, step: number): boolean => {
  const steps = value / step;
  return Math.abs(steps - Math.round(steps)) < 1e-6;
};
