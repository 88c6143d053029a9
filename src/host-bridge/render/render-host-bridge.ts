import { BridgeUnsupportedError, type Issue, LibvirtError, ValidationError } from '../../errors/index.js';
import { expectObject } from '../../model/argument.js';
import { optionsOf } from '../../options/options.js';
import { isMulticastMac, normalizeMac } from '../../schema/scalar.js';
import { expectHostNetwork, expectWord, shownName } from '../arguments.js';
import {
  type Backend,
  type BackendOptions,
  type ReadyBridge,
  type RenderedParts,
  unsupportedReason,
} from '../backend.js';
import { wholeBridge } from '../canonical.js';
import { type FieldUse, fieldUses } from '../capabilities.js';
import { collector, type Report } from '../check/context.js';
import { checkHostBridge } from '../check/index.js';
import type { BridgeRuleId } from '../check/rules.js';
import type { HostBridgeDocument } from '../document.js';
import { findHostDevice, type HostNetworkReading } from '../network/host-network.js';
import type { SourceFile } from '../read/context.js';
import { BACKENDS, backendNamed } from './backends.js';
import { reportTakenLease } from './lease.js';
import { RENDER_OPTIONS, type RenderOptions } from './render-options.js';
import type { BackendName, IfcfgConsumer, NetplanRenderer, Rendering } from './rendering.js';

/**
 * Writes a host bridge in the words of one host network system. Pure: it looks at no host, and changes none.
 *
 * @param bridge - the bridge
 * @param options - the system, and what it needs to know beside the bridge
 * @throws {@link ValidationError} code `VALIDATION` with everything that is wrong with the bridge itself
 * @throws {@link BridgeUnsupportedError} code `BRIDGE_FIELD_UNSUPPORTED` with every property that the system has no
 *   words for, and the systems that have
 * @throws {@link LibvirtError} code `INVALID_ARGUMENT` when there is no such system, or a MAC address is to be copied
 *   that `macs` does not name
 */
export function renderHostBridge(bridge: { readonly document: HostBridgeDocument }, options: RenderOptions): Rendering {
  expectObject(bridge, 'renderHostBridge');
  return renderDocument(bridge.document, options);
}

/** `renderHostBridge` for plain data. */
export function renderDocument(document: HostBridgeDocument, given: RenderOptions): Rendering {
  const options = optionsOf(given, RENDER_OPTIONS, 'render');
  const backend = backendNamed(options.backend);
  checkOptions(options);
  const warnings = checked(document);
  const ready = readyBridge(document, backend, options);
  const host = options.host?.system === backend.name ? options.host : undefined;
  const settings = { consumer: options.consumer, renderer: options.renderer ?? rendererIn(host, ready) };
  assertExpressible(document, ready, backend, settings);
  const rendered = backend.render(ready, settings);
  const parts = host === undefined ? rendered : withWarnings(host.edited(ready, rendered), host);
  const report = collector(warnings);
  warnParents(ready, report, host);
  if (host !== undefined)
    reportTakenLease(
      host,
      { ...settings, bridge: ready, backend: backend.name, keepsMac: copiesMac(ready, options) },
      report,
    );
  for (const [rule, path, params] of parts.warnings ?? []) report(rule, path, params);
  return { backend: backend.name, files: parts.files ?? [], apply: parts.apply, revert: parts.revert, warnings };
}

/** Options that come from plain JavaScript. */
function checkOptions({ macs, consumer, renderer, host }: RenderOptions): void {
  if (macs !== undefined) expectObject(macs, 'macs');
  if (host !== undefined) expectHostNetwork(host, 'host');
  if (consumer !== undefined) expectWord(consumer, CONSUMERS, (shown) => `nobody called '${shown}' reads ifcfg files`);
  if (renderer !== undefined) expectWord(renderer, RENDERERS, (shown) => `netplan has no renderer '${shown}'`);
}

const CONSUMERS: readonly IfcfgConsumer[] = ['network-scripts-7', 'network-scripts-8+', 'NetworkManager'];
const RENDERERS: readonly NetplanRenderer[] = ['networkd', 'NetworkManager'];

/** Who carries out the settings of the first port does so for the bridge. */
function rendererIn(host: HostNetworkReading | undefined, { ports: [first] }: ReadyBridge): NetplanRenderer {
  if (host === undefined) return 'networkd';
  const names = first?.type === 'vlan' ? [first.name, first.parent.name] : first === undefined ? [] : [first.name];
  const [own] = names.flatMap((name) => findHostDevice(host, name)?.renderer ?? []);
  return own ?? host.renderer ?? 'networkd';
}

/** Warnings about files of the host that nobody looked at. */
const UNSEEN: readonly BridgeRuleId[] = ['HB_NETPLAN_MERGES', 'HB_PROFILE_OF_PORT', 'HB_STANZA_OF_PORT'];

/** Where the host's files are edited, only those matter that another program writes again. */
function withWarnings(parts: RenderedParts, host: HostNetworkReading): RenderedParts {
  const isCloudInit = ({ path, content }: SourceFile): boolean =>
    /cloud-init|provided by the datasource/i.test(path + content);
  const made = new Set(host.files.filter(isCloudInit).map(({ path }) => path));
  const written = (parts.files ?? []).filter(({ path }) => made.has(path));
  const others = (parts.warnings ?? []).filter(([rule]) => !UNSEEN.includes(rule));
  return {
    ...parts,
    warnings: [...others, ...written.map(({ path }) => ['HB_CLOUD_INIT', '', { file: path }] as const)],
  };
}

/** A card that is only the parent of VLANs is set up all the same, and may have had a use of its own. */
function warnParents({ ports }: ReadyBridge, report: Report, host: HostNetworkReading | undefined): void {
  const parents = new Set(ports.flatMap((port) => (port.type === 'vlan' ? [port.parent.name] : [])));
  // Where the host's files are edited, the card stays as it is.
  for (const { name } of host?.devices ?? []) parents.delete(name);
  for (const device of parents) report('HB_PARENT_WITHOUT_ADDRESS', 'ports', { device });
}

/** The warnings of a bridge that has no errors. */
function checked(document: HostBridgeDocument): Issue[] {
  const issues = checkHostBridge(document);
  if (issues.some(({ severity }) => severity === 'error'))
    throw new ValidationError(`host bridge "${shownName(document)}"`, issues);
  return [...issues];
}

/** MAC addresses that the caller gives, before those in the files of the host. */
const knownMacs = ({ macs, host }: RenderOptions): Readonly<Record<string, string>> => ({
  ...Object.fromEntries((host?.devices ?? []).flatMap(({ name, mac }) => (mac === undefined ? [] : [[name, mac]]))),
  ...macs,
});

function readyBridge(document: HostBridgeDocument, backend: Backend, options: RenderOptions): ReadyBridge {
  const { mac, ...whole } = wholeBridge(document);
  if (mac === undefined || mac === 'kernel') return whole;
  if (typeof mac === 'string') return { ...whole, mac };
  // Where a system takes no MAC address, there is nothing to look up: a wish for one is refused below.
  if (backend.lacks.mac !== undefined) return whole;
  return { ...whole, mac: copiedMac(document.name, mac.copyFrom, knownMacs(options)) };
}

/** Tells whether the bridge has the MAC address of its first port. */
function copiesMac({ mac, ports: [first] }: ReadyBridge, options: RenderOptions): boolean {
  const own = first === undefined ? undefined : knownMacs(options)[first.name];
  return mac !== undefined && mac === own?.toLowerCase();
}

function copiedMac(bridge: string, port: string, macs: Readonly<Record<string, string>>): string {
  const known = Object.hasOwn(macs, port) ? macs[port] : undefined;
  const mac = typeof known === 'string' ? normalizeMac(known) : undefined;
  if (mac !== undefined && mac === known?.toLowerCase() && !isMulticastMac(mac)) return mac;
  throw new LibvirtError(
    'INVALID_ARGUMENT',
    `cannot write the host bridge "${bridge}": the MAC address of its port ${port} is not known`,
    { hint: `give it in macs, as in { macs: { '${port}': '52:54:00:12:34:56' } }, or give the bridge one with mac()` },
  );
}

function assertExpressible(
  document: HostBridgeDocument,
  bridge: ReadyBridge,
  backend: Backend,
  options: BackendOptions,
): void {
  const fields = fieldUses(document, wholeBridge(document)).flatMap((use) => {
    const reason = unsupportedReason(backend, use, bridge, options);
    if (reason === undefined) return [];
    return [{ path: use.path, value: use.value, reason, alternatives: alternativesFor(use, bridge, options) }];
  });
  if (fields.length > 0) throw new BridgeUnsupportedError(document.name, backend.name, fields);
}

const alternativesFor = (use: FieldUse, bridge: ReadyBridge, options: BackendOptions): BackendName[] =>
  BACKENDS.filter((backend) => unsupportedReason(backend, use, bridge, options) === undefined).map(({ name }) => name);
