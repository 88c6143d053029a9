const segmenter = /* @__PURE__ */ new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The letters of a text as people see them: an emoji of several code points is one. */
export const graphemes = (text: string): string[] =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII needs no dictionary
  /^[\u0000-\u007f]*$/.test(text) ? [...text] : [...segmenter.segment(text)].map(({ segment }) => segment);
