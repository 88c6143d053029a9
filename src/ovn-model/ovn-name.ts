/** Tells whether a value is a name that OVN can keep in lists and maps, whose parts commas and colons separate. */
export const isOvnName = (name: unknown): name is string => typeof name === 'string' && /^[^\s,:"\\\0]+$/.test(name);
