import { describe, expect, it } from 'vitest';
import { readHostBridge } from '../../src/host-bridge/read/index.js';
import { NETPLAN_CASES, type NetplanCase, netplanPath } from '../support/netplan-files.js';

const read = ({ files }: NetplanCase) =>
  readHostBridge(
    'netplan',
    files.map((content, i) => ({ path: netplanPath(i), content })),
  );

describe('files of netplan are read as netplan reads them', () => {
  for (const one of NETPLAN_CASES) {
    it(one.name, () => {
      const { wanted, files, left = [] } = one;
      if ('refusedAt' in wanted) {
        expect(() => read(one)).toThrow(`${netplanPath(files.length - 1)}, line ${wanted.refusedAt}: `);
        return;
      }
      const { bridge, warnings } = read(one);
      expect(bridge.document).toMatchObject(wanted);
      expect(bridge.document.ipv4?.addresses).toEqual(wanted.ipv4?.addresses ?? bridge.document.ipv4?.addresses);
      expect(bridge.document.ipv6?.auto).toBe(
        wanted.ipv6 === undefined ? bridge.document.ipv6?.auto : wanted.ipv6.auto,
      );
      const listed = left.map(([file, line, what]) => [
        line,
        expect.stringContaining(`${netplanPath(file)}, line ${line}: ${what} `),
      ]);
      expect(warnings.map(({ line, message }) => [line, message])).toEqual(listed);
    });
  }
});
