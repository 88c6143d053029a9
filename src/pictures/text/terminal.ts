/** Columns that a terminal has for sure. */
export const WIDTH = 100;
