import type { CallOptions } from '../../async/deadline.js';
import { TransportError } from '../../errors/index.js';
import { readDevices } from '../../host-facts/read-ip-json.js';
import { runScript } from '../../process/run-script.js';
import type { Runner } from '../../process/runner.js';
import { listOf, recordOf } from '../../schema/values.js';
import type { ChassisFacts, ControllerState } from './facts.js';

/** Asks for everything at once; it changes nothing. A line with a control character and a name begins each answer. */
const SCRIPT = `
part() { printf '\\036%s\\n' "$1"; }
part host; uname -n
part links; ip -j -d link show
part addresses; ip -j addr show
command -v ovs-vsctl >/dev/null || { part absent; exit 0; }
part settings; ovs-vsctl --timeout=5 -f json --columns=external_ids list Open_vSwitch || { part stopped; exit 0; }
part bridges; ovs-vsctl --timeout=5 -f json --columns=name list Bridge || { part stopped; exit 0; }
part controller; ovn-appctl --timeout=5 -t ovn-controller connection-status || :
`;

/** Finds what a host has. */
export async function factsOnHost(host: Runner, { signal, timeoutMs }: CallOptions): Promise<ChassisFacts> {
  const printed = await runScript(host, { what: 'look at Open vSwitch', script: SCRIPT, signal, timeoutMs });
  const parts = partsOf(printed);
  const text = (name: string): string => parts.get(name) ?? '';
  return {
    host: host.label,
    openVswitch: parts.has('absent') ? 'absent' : parts.has('stopped') ? 'stopped' : 'running',
    settings: settingsIn(cellsOf(text('settings'), host)[0]),
    bridges: new Set(cellsOf(text('bridges'), host).map(String)),
    hostName: text('host').trim(),
    devices: readDevices({
      ...{ host: host.label, links: text('links'), addresses: text('addresses') },
      ...{ wireless: [], acceptRa: new Map() },
    }),
    controller: controllerOf(text('controller').trim()),
  };
}

const partsOf = (printed: string): ReadonlyMap<string, string> =>
  new Map(
    printed
      .split('\u001e')
      .slice(1)
      .map((part) => {
        const end = part.indexOf('\n');
        return [part.slice(0, end), part.slice(end + 1)];
      }),
  );

const controllerOf = (said: string): ControllerState =>
  said === 'connected' || said === 'not connected' ? said : 'absent';

/** The first cell of each row that ovs-vsctl prints as JSON. */
function cellsOf(printed: string, { label }: Runner): readonly unknown[] {
  if (printed.trim() === '') return [];
  try {
    return listOf(recordOf(JSON.parse(printed))['data']).map((row) => listOf(row)[0]);
  } catch (cause) {
    throw new TransportError('UNEXPECTED_REPLY', `cannot look at Open vSwitch on ${label}: ovs-vsctl printed no JSON`, {
      output: printed.slice(0, 500),
      hint: 'run ovs-vsctl --format=json list Open_vSwitch on the host, and see what prints more than JSON',
      cause,
    });
  }
}

/** A map as OVSDB writes it: `["map", [["key", "value"]]]`. */
const settingsIn = (cell: unknown): ReadonlyMap<string, string> =>
  new Map(listOf(listOf(cell)[1]).map((pair) => [String(listOf(pair)[0]), String(listOf(pair)[1])]));
