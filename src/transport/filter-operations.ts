/** What a transport can be asked of network filters. */
export type FilterOperations = Record<never, never>;
