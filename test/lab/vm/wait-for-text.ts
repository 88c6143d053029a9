import { readFileSync, watch } from 'node:fs';
import { LabError } from '../lab-error.js';

/**
 * Waits until a file, which is there, has a text.
 *
 * @param limitMs - how long, in milliseconds
 * @throws {@link LabError} with the end of the file, when the text does not come
 */
export function waitForText(file: string, pattern: RegExp, limitMs: number): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = pattern.exec(readFileSync(file, 'utf8'));
      if (found !== null) finish(() => resolve(found));
    };
    const giveUp = (): void => {
      const last = readFileSync(file, 'utf8').slice(-500);
      finish(() => reject(new LabError(`${file} has no ${pattern} after ${limitMs} ms; it ends with: ${last}`)));
    };
    const watcher = watch(file, look);
    const timer = setTimeout(giveUp, limitMs);
    const finish = (then: () => void): void => {
      watcher.close();
      clearTimeout(timer);
      then();
    };
    look();
  });
}
