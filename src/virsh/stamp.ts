/** The beginning of a line of an event: day, time and kind. */
export const STAMP = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d+)\+0000: event '([\w-]+)'/;

/** The time of a line. */
export const timeOf = (day: string, time = ''): Date => new Date(`${day}T${time}Z`);
