import { graphemes } from './graphemes.js';

/** Letters of East Asia and emoji, which take two columns of a terminal. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}\p{Emoji_Presentation}\p{Extended_Pictographic}]/u;
const WITHOUT_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}]+$/u;

/** The columns that a text takes in a terminal. */
export const columns = (text: string): number =>
  graphemes(text).reduce((sum, letter) => sum + (WITHOUT_WIDTH.test(letter) ? 0 : WIDE.test(letter) ? 2 : 1), 0);

/** Fills a text up with blanks. */
export const padded = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - columns(text)));
