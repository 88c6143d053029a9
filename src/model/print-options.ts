import type { OptionNames } from '../options/options.js';
import { RELEASE_OPTION, type ReleaseOption } from '../schema/release.js';

/** Options of {@link BaseNetwork.toXml} and of other calls that print. */
export interface ToXmlOptions extends ReleaseOption {
  /** `false` prints what libvirt would refuse; data that is not a document is never printed. Default: true. */
  readonly check?: boolean;
}

/** The options of calls that print. */
export const PRINT_OPTIONS: OptionNames<ToXmlOptions> = { ...RELEASE_OPTION, check: true };
