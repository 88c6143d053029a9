import type { OptionNames } from '../options/options.js';

/** A libvirt release, as `major.minor` or `major.minor.micro`. */
export type Release = `${number}.${number}` | `${number}.${number}.${number}`;

/**
 * The newest release whose format this library knows. It is the default wherever a release can be named, and newer
 * releases are judged as this one.
 */
export const NEWEST_RELEASE: Release = '12.9.0';

/** Wherever behaviour differs between releases, a call takes one. */
export interface ReleaseOption {
  /** The libvirt release to speak to. Default: the newest known, {@link NEWEST_RELEASE}. */
  readonly libvirt?: string | undefined;
}

/** How text is read. */
export interface ReadingOptions extends ReleaseOption {
  /**
   * `keep` accepts words that this library does not know, as a libvirt that is newer prints them, such as a new forward
   * mode, and writes them back. For text that a daemon printed. Default: `refuse`.
   */
  readonly unknownWords?: 'keep' | 'refuse' | undefined;
}

/** The option of calls that take a release alone. */
export const RELEASE_OPTION: OptionNames<ReleaseOption> = { libvirt: true };

/** The options of calls that read text. */
export const READING_OPTIONS: OptionNames<ReadingOptions> = { libvirt: true, unknownWords: true };

/** 10.0.0 as a number: libvirt's parser was rewritten for it, and judges much otherwise since. */
export const RELEASE_10 = 10_000_000;

/**
 * 12.0.0 as a number: virtual ports have another parser. Assumed: 11.3 does not have it, 12.8 does, and libvirt's release
 * notes do not mention it.
 */
export const RELEASE_12 = 12_000_000;

/**
 * 12.2.0 as a number: routes need no address, and an empty `<ip>` is printed as one tag. Of routes, libvirt's manual says
 * so for guests; of `<ip>` it is assumed, between 12.1 and 12.6.
 */
export const RELEASE_12_2 = 12_002_000;

const FORM = /^(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?$/;

/** The release as one comparable number, as libvirt does it: 9.7.0 is 9007000; `undefined` for other text. */
export function releaseNumber(release: string): number | undefined {
  const match = FORM.exec(release);
  return match === null ? undefined : Number(match[1]) * 1_000_000 + Number(match[2]) * 1_000 + Number(match[3] ?? 0);
}

const NEWEST = /* @__PURE__ */ releaseNumber(NEWEST_RELEASE) ?? 0;

/** A release as one number. What is newer than the newest known release, or is not a release, counts as that one. */
export function knownRelease(release: string = NEWEST_RELEASE): number {
  return Math.min(releaseNumber(release) ?? NEWEST, NEWEST);
}

/** Tells whether a release is newer than every release that this library knows. Maintenance releases change no format. */
export function isNewerThanKnown(release: string): boolean {
  const minor = (number: number) => Math.floor(number / 1_000);
  return minor(releaseNumber(release) ?? 0) > minor(NEWEST);
}

/** Tells whether a part that came with release `since` exists in a release, given as a number. */
export function isKnownTo(release: number, since: Release | undefined): boolean {
  return since === undefined || release >= numberOfTable(since);
}

// Tables ask for the same few releases for every element.
const known = /* @__PURE__ */ new Map<Release, number>();
function numberOfTable(release: Release): number {
  const number = known.get(release) ?? releaseNumber(release) ?? 0;
  known.set(release, number);
  return number;
}
