import { graphemes } from './graphemes.js';

/** Fonts of pictures. Nobody knows which one of its families a browser has, so that widths are those of the widest. */
export interface Font {
  /** Height of letters in pixels. */
  readonly size: number;
  readonly weight: 'normal' | 'bold';
  readonly family: 'sans' | 'mono';
}

/** Families of fonts, the usual ones of Windows, macOS and Linux first. */
export const FAMILIES: Readonly<Record<Font['family'], string>> = {
  sans: "'Helvetica Neue',Arial,'Liberation Sans',sans-serif",
  mono: "Menlo,Consolas,'Liberation Mono','DejaVu Sans Mono',monospace",
};

/** Advances in parts of the size: the widest of Arial, Helvetica, Roboto, Verdana and DejaVu Sans. */
const ADVANCES: readonly (readonly [advance: number, letters: string])[] = [
  [0.29, "'ijl"],
  [0.37, ' ,.'],
  [0.4, 'I|ft'],
  [0.46, '!()-/:;[\\]r"'],
  [0.56, 'Jcsz?'],
  [0.62, 'kvxyFL_*'],
  [0.66, '0123456789abdeghnopquT{$}'],
  [0.7, 'BEKPSVXYZ'],
  [0.75, 'ACR'],
  [0.8, 'DGHNOQU&'],
  [0.88, 'wM#+<=>~^'],
  [1.02, 'mW@'],
  [1.08, '%'],
];

const ADVANCE = new Map(ADVANCES.flatMap(([advance, letters]) => [...letters].map((letter) => [letter, advance])));

/** Bold letters are wider, wide ones and capitals by more. */
const BOLDER = { narrow: 0.1, wide: 0.15 } as const;

/** All letters of a monospaced font, and those of other scripts at least. */
const MONO = 0.62;
/** A letter with marks in a monospaced font, which may come from another one, at least. */
const MARKED = 0.75;

const EMOJI = /\p{Extended_Pictographic}|\p{Regional_Indicator}/u;
const EAST_ASIAN = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3000-\u303f\uff00-\uffef]/u;
const COMBINING = /[\u0300-\u036f\ufe0e\ufe0f\u200d]/g;
/** Scripts whose widest letters are known. */
const ALPHABETIC =
  /^[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Hebrew}\u0600-\u06ff\ufffd\u0060\u2010-\u2027\u00a0-\u00bf]$/u;

/** Returns the width of a text in pixels: never less than a browser draws, and mostly a tenth more. */
export const widthOf = (text: string, { size, weight, family }: Font): number =>
  graphemes(text).reduce((sum, letter) => sum + advanceOf(letter, { weight, family }), 0) * size;

function advanceOf(letter: string, { weight, family }: Omit<Font, 'size'>): number {
  const bare = letter.normalize('NFD').replace(COMBINING, '');
  const plain = ADVANCE.get(bare);
  const bolder = weight === 'bold' ? 1.13 : 1;
  if (plain === undefined) return [...bare].reduce((sum, one) => sum + foreignAdvance(one) * bolder, 0);
  if (family === 'mono') return letter === bare ? MONO : Math.max(MARKED, plain + 0.05);
  return weight === 'normal' ? plain : plain + (plain < 0.7 ? BOLDER.narrow : BOLDER.wide);
}

function foreignAdvance(letter: string): number {
  if (EMOJI.test(letter)) return 1.4;
  if (EAST_ASIAN.test(letter)) return 1.05;
  return ALPHABETIC.test(letter) ? 1.2 : 1.6;
}

/** Tells whether the width of a text is only a guess: letters of scripts that are not in the tables, some of them very wide. */
export const isGuess = (text: string): boolean =>
  graphemes(text).some((letter) => {
    const bare = letter.normalize('NFD').replace(COMBINING, '');
    return [...bare].some(
      (one) => !(ADVANCE.has(one) || EMOJI.test(one) || EAST_ASIAN.test(one) || ALPHABETIC.test(one)),
    );
  });
