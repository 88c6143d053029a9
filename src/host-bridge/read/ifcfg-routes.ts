import { parseAddress, prefixOfNetmask } from '../../schema/address.js';
import { compact } from '../../schema/values.js';
import type { BridgeRoute } from '../document.js';
import { readAssignments } from '../text/assignments.js';
import { eachJoinedLine } from '../text/sections.js';
import type { ReadContext, SourceFile } from './context.js';
import { networkText, routeIn } from './routes.js';
import { SettingTracker } from './setting-tracker.js';
import { wholeNumber } from './values.js';

/** Reads a route file: in the words of `ip`, or numbered as soon as one line is, and then the other lines say nothing. */
export function routesIn(file: SourceFile, device: string, context: ReadContext): readonly BridgeRoute[] {
  if (/^[ \t]*ADDRESS\d+=/m.test(file.content)) return numberedRoutes(file, context);
  const routes: BridgeRoute[] = [];
  eachJoinedLine(file.content, (text, line) => {
    const route = routeIn(text, device);
    if (route === undefined) context.leaveOut(file, line, text);
    else routes.push(route);
  });
  return routes;
}

/** `ADDRESS0`, `NETMASK0`, `GATEWAY0` and so on, up to the first number that is not there. */
function numberedRoutes(file: SourceFile, context: ReadContext): readonly BridgeRoute[] {
  const assignments = readAssignments(file.content, ({ text, line }) => context.leaveOut(file, line, text));
  const settings = new SettingTracker(file, assignments);
  const routes: BridgeRoute[] = [];
  for (let number = 0; settings.has(`ADDRESS${number}`); number++) {
    const route = numberedRoute(settings, number, context);
    if (route !== undefined) routes.push(route);
  }
  settings.finish(context);
  return routes;
}

function numberedRoute(settings: SettingTracker, number: number, { consumer }: ReadContext): BridgeRoute | undefined {
  const [address, mask] = [`ADDRESS${number}`, `NETMASK${number}`].map((key) => parseAddress(settings.peek(key) ?? ''));
  const prefix = mask && prefixOfNetmask(mask);
  const given = settings.peek(`GATEWAY${number}`);
  // What cannot be read is left as a whole.
  if (address === undefined || prefix === undefined || (given !== undefined && parseAddress(given) === undefined))
    return undefined;
  settings.skip(`ADDRESS${number}`, `NETMASK${number}`);
  const via = settings.text(`GATEWAY${number}`);
  // network-scripts pay no attention to the metric.
  const metric = consumer === 'NetworkManager' ? settings.one(wholeNumber, `METRIC${number}`) : undefined;
  return compact({ to: networkText(`${address.text}/${prefix}`, via), via, metric });
}
