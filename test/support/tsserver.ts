import ts from 'typescript';

/** A place in a text: line and column, both from 1. */
export type Place = ts.server.protocol.Location;

class QuietSession extends ts.server.Session {
  override send(): void {}
}

/** Starts a server that says nothing by itself and watches no file. */
function startServer(): ts.server.Session {
  const nothing = () => {};
  const watcher = { close: nothing };
  return new QuietSession({
    host: {
      ...ts.sys,
      ...{ setTimeout, clearTimeout, setImmediate, clearImmediate },
      watchFile: () => watcher,
      watchDirectory: () => watcher,
    },
    cancellationToken: ts.server.nullCancellationToken,
    useSingleInferredProject: false,
    useInferredProjectPerProjectRoot: false,
    byteLength: Buffer.byteLength,
    hrtime: process.hrtime,
    logger: {
      ...{ close: nothing, perftrc: nothing, info: nothing, startGroup: nothing, endGroup: nothing, msg: nothing },
      ...{ hasLevel: () => false, loggingEnabled: () => false, getLogFileName: () => undefined },
    },
    canUseEvents: false,
  });
}

/** Asks the language server that editors use where the definitions of names in a file are: one list for each place. */
export function definitionsOf(
  file: string,
  text: string,
  places: readonly Place[],
): readonly (readonly ts.server.protocol.DefinitionInfo[])[] {
  const server = startServer();
  const ask = (command: string, args: object): readonly ts.server.protocol.DefinitionInfo[] => {
    const { response } = server.executeCommand({ seq: 0, type: 'request', command, arguments: { file, ...args } });
    return Array.isArray(response) ? response : [];
  };
  ask('open', { fileContent: text });
  return places.map((place) => ask('definition', place));
}
