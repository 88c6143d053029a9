/** The way from a document's root to a value; built while walking, written out only for issues. */
export interface Path {
  readonly parent: Path | undefined;
  readonly key: string | number;
}

/** The path as text: `ips[0].dhcp.ranges[1].start`. */
export function formatPath(path: Path | undefined): string {
  if (path === undefined) return '';
  const parent = formatPath(path.parent);
  if (typeof path.key === 'number') return `${parent}[${path.key}]`;
  return parent === '' ? path.key : `${parent}.${path.key}`;
}

/** The keys of a path that was written out. */
export function pathKeys(text: string): (string | number)[] {
  return [...text.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([key, index]) => (index === undefined ? key : Number(index)));
}
