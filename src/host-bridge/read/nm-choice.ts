import { keyfileNumber, keyfileTruth } from '../text/keyfile.js';

/** What NetworkManager looks at to choose between several profiles of one device. */
export interface ProfileRank {
  readonly autoconnect: string | undefined;
  readonly priority: string | undefined;
  readonly timestamp: string | undefined;
}

const numberOf = (text: string | undefined): number => keyfileNumber(text ?? '') ?? 0;

/** Sorts profiles: one that comes up by itself first, then by priority, then the one that was up last. */
export function byChoice(a: ProfileRank, b: ProfileRank): number {
  const isOff = ({ autoconnect }: ProfileRank): number => Number(keyfileTruth(autoconnect ?? 'true') === false);
  return (
    isOff(a) - isOff(b) || numberOf(b.priority) - numberOf(a.priority) || numberOf(b.timestamp) - numberOf(a.timestamp)
  );
}
