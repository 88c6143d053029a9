/** What a transport can be asked of guests. */
export type GuestOperations = Record<never, never>;
