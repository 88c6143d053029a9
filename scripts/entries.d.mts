/** The entries of the package: import name, file in dist without extension, source. */
export declare const entries: readonly { readonly name: string; readonly file: string; readonly source: string }[];
