/** libvirt's own words for a refusal; the transport turns them into an error. */
export class Refusal extends Error {}

/** Refuses what the state of a network does not allow. */
export const invalid = (text: string): never => {
  throw new Refusal(`Requested operation is not valid: ${text}`);
};
