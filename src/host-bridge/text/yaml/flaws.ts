import type { ErrorCode, YAMLError } from 'yaml';

/** A problem in a YAML text. */
export interface YamlFlaw {
  readonly message: string;
  /** From 1. */
  readonly line: number;
}

/** What went wrong, in words for those who wrote the file: the reader's own speak of its functions. */
const WORDS: { readonly [C in ErrorCode]?: string } = {
  BAD_ALIAS: 'the name after & or * cannot be read',
  BAD_DQ_ESCAPE: 'a backslash in double quotes stands before a character that cannot follow it',
  BAD_INDENT: 'the indentation is inconsistent',
  BAD_SCALAR_START: 'a value begins with a character that needs quotes',
  BLOCK_AS_IMPLICIT_KEY: 'a map begins in the line of another key',
  BLOCK_IN_FLOW: 'a list or map over several lines is inside of brackets',
  KEY_OVER_1024_CHARS: 'a key is longer than 1024 characters',
  MISSING_CHAR: "a ':', ',', quote or closing bracket is missing",
  MULTILINE_IMPLICIT_KEY: "a ':' is missing after a key, or its value needs quotes",
  TAB_AS_INDENT: 'tabs cannot indent',
  UNEXPECTED_TOKEN: 'something here does not belong to the value before it',
};

/** Says what is wrong with a YAML text. */
export const yamlFlaw = ({ code }: YAMLError, line: number): YamlFlaw => ({
  line,
  message: `this is not YAML: ${WORDS[code] ?? 'it cannot be read'}`,
});
