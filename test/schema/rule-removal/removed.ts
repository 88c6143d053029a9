/** Stands for the id of a rule that is taken away. */
export const REMOVED = 'REMOVED';
