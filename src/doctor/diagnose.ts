import { CALL_OPTIONS, type CallOptions, deadline } from '../async/deadline.js';
import type { Host } from '../client/host.js';
import { LibvirtError } from '../errors/index.js';
import type { LocalView } from '../host/observe/local-view.js';
import { kindOfValue } from '../options/kind-of-value.js';
import { type OptionNames, optionsOf } from '../options/options.js';
import { isRecord } from '../schema/values.js';
import type { HostEvidence, NotSeen } from './evidence.js';
import { askLibvirt } from './gather/ask-libvirt.js';
import { lookAtHost } from './gather/look-at-host.js';
import { probeGuests } from './gather/probe-guests.js';
import { type Diagnosis, judge, targetsOf } from './judge.js';
import { type DiagnosisTarget, scopeOf } from './target.js';

/** Options of {@link gatherEvidence}. */
export interface GatherOptions extends CallOptions {
  /** A view of the host that libvirt runs on, of `localView()`. Default: none, so that only libvirt itself is asked. */
  readonly view?: Pick<LocalView, 'runner'> | undefined;
}

/** Options of {@link diagnose}. */
export interface DiagnoseOptions extends GatherOptions {
  /**
   * Sends an echo request to each guest of the target that has an address from its network, so that guests that do not answer
   * are found. Default: false, which sends nothing.
   */
  readonly probe?: boolean | undefined;
}

const GATHER: OptionNames<GatherOptions> = { ...CALL_OPTIONS, view: true };
const DIAGNOSE: OptionNames<DiagnoseOptions> = { ...GATHER, probe: true };

/**
 * Looks at a host: at what libvirt reports, and through `view` at devices, routes, packet filters, settings and dnsmasq. It
 * changes nothing and sends nothing to guests. What cannot be read is listed in `notSeen`.
 *
 * @param host - what `connect` returned
 * @param options - the view of the host, and limits of time
 * @returns plain data, for {@link judge}; a libvirt that does not answer is in `unreachable`
 */
export async function gatherEvidence(host: Host, options: GatherOptions = {}): Promise<HostEvidence> {
  const { view, ...call } = optionsOf(options, GATHER, 'gatherEvidence');
  assertView(view, 'gatherEvidence');
  const remaining = deadline(call);
  const [told, seen] = await Promise.all([askLibvirt(host, remaining()), lookAtHost(view?.runner, remaining())]);
  return { ...told, host: host.label, looks: seen.looks, notSeen: [...told.notSeen, ...seen.notSeen] };
}

/**
 * Finds out why guests have no network: what is wrong on a host, the worst first, each with its proof, its owner and a remedy.
 * It changes nothing, and sends nothing to guests without `probe`.
 *
 * @param host - what `connect` returned
 * @param target - a network, a guest's NIC, or a complaint
 * @param options - the view of the host, whether packets are sent, and limits of time
 * @throws `LibvirtError` code `INVALID_ARGUMENT` for a target that cannot be understood, `NETWORK_NOT_FOUND` and `NOT_FOUND`
 *   for a network or guest that is not there
 *
 * @example
 * ```ts
 * const diagnosis = await diagnose(host, 'default', { view: localView() });
 * console.log(renderDiagnosis(diagnosis));
 * ```
 */
export async function diagnose(host: Host, target: DiagnosisTarget, options: DiagnoseOptions = {}): Promise<Diagnosis> {
  scopeOf(target);
  const { probe = false, view, ...call } = optionsOf(options, DIAGNOSE, 'diagnose');
  if (typeof probe !== 'boolean')
    throw new LibvirtError('INVALID_ARGUMENT', `probe of diagnose must be true or false, not ${kindOfValue(probe)}`);
  assertView(view, 'diagnose');
  const remaining = deadline(call);
  const evidence = await gatherEvidence(host, { view, ...remaining() });
  if (!probe) return judge(evidence, target);
  if (view === undefined) return judge({ ...evidence, notSeen: [...evidence.notSeen, NOT_SENT] }, target);
  return judge(
    await probeGuests(evidence, targetsOf(evidence, target), { runner: view.runner, ...remaining() }),
    target,
  );
}

const NOT_SENT: NotSeen = {
  what: 'answers of guests to packets of the host',
  why: 'no view of the host was given, so that nothing was sent',
  how: 'pass { view: localView() } beside probe',
};

/** Views come from plain JavaScript too. */
function assertView(view: unknown, call: string): void {
  if (view === undefined || (isRecord(view) && isRecord(view['runner']))) return;
  throw new LibvirtError('INVALID_ARGUMENT', `view of ${call} must be a view of a host, not ${kindOfValue(view)}`, {
    hint: 'pass localView(), or localView({ runner: sshRunner(...) }), of libvirt-network/host',
  });
}
