import { expect, it } from 'vitest';
import type { AnyTable } from '../../src/schema/element.js';
import { hostInterfaceTable } from '../../src/schema/interface.js';
import { networkTable } from '../../src/schema/network/network.js';
import { networkPortTable } from '../../src/schema/networkport.js';
import { missingFrom } from '../support/single-faults.js';
import { WHOLE_INTERFACES, WHOLE_NETWORKS, WHOLE_PORTS } from '../support/whole-documents.js';

const GUESTS_ONLY = ['bandwidth@classID', 'inbound@floor', 'outbound@floor'];
/** Newer than the oldest daemon that these documents are sent to; generated documents have them. */
const NEWER = ['driver@iommufd', 'forwarder@port'];

it.each<readonly [what: string, documents: readonly string[], table: AnyTable, missing: readonly string[]]>([
  ['networks', WHOLE_NETWORKS, networkTable, ['network/options', ...NEWER, ...GUESTS_ONLY]],
  ['ports', WHOLE_PORTS, networkPortTable, ['inbound@floor', 'outbound@floor', 'driver@iommufd']],
  ['interfaces', WHOLE_INTERFACES, hostInterfaceTable, []],
])('the whole %s have all that they can have', (_, documents, table, missing) => {
  expect(missingFrom(documents, table)).toEqual(missing);
});
