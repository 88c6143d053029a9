import { describe, expect, it } from 'vitest';
import { localRunner, type Runner } from '../../src/host/runner/runner.js';
import { sshRunner } from '../../src/host/runner/ssh.js';
import { applyRendering, removeHostBridge } from '../../src/host/transaction/apply.js';
import type { ExecRequest } from '../../src/process/exec.js';
import { localExec } from '../../src/process/local.js';
import { type LabHost, startHost } from '../lab/index.js';
import { needs } from '../support/needs.js';
import { announce, type Random, runs } from '../support/random.js';
import { EXPECTED, IFCFG } from '../support/renderings.js';
import { run } from '../support/run.js';

needs('namespaces');

const FOLDER = '/etc/foreign';

/** Contents that are not text, or that programs often take for text. */
const CONTENTS: readonly ((random: Random) => Buffer)[] = [
  () => Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
  () => Buffer.alloc(0),
  () => Buffer.from('\0'),
  () => Buffer.from('no newline at the end'),
  () => Buffer.from('one\r\ntwo\r\n'),
  () => Buffer.from('\n\n\n'),
  () => Buffer.from('\ufeffiface lo\n'),
  () => Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x0a, 0x00]),
  () => Buffer.from([0x63, 0x61, 0x66, 0xe9, 0x0a, 0xc3]),
  () => Buffer.from("'$(reboot)' `x` \\n %s\n"),
  (random) => Buffer.from(random.list(1, 4000, () => random.int(0, 255))),
];

interface Foreign {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: string;
  readonly owner: string;
  readonly kind: 'file' | 'link' | 'broken link';
}

function foreignFile(random: Random, i: number): Foreign {
  const large = i === 3 ? Buffer.alloc(2 * 1024 * 1024, 'x\0\xff') : undefined;
  return {
    path: `${FOLDER}/${i}`,
    content: large ?? (CONTENTS[i % CONTENTS.length] ?? (() => Buffer.alloc(0)))(random),
    mode: random.pick(['600', '644', '640', '755', '4755', '000']),
    owner: random.pick(['0:0', '1:1', '65534:0', '12345:54321']),
    kind: i % 9 === 4 ? 'link' : i % 9 === 7 ? 'broken link' : 'file',
  };
}

/** Makes files in one program; \`xattr\` is set where the file system has such. */
const MAKE = `
import base64, json, os, sys
for file in json.load(sys.stdin):
    path = file["path"]
    os.makedirs(os.path.dirname(path), exist_ok=True)
    target = path if file["kind"] == "file" else path + ".target"
    if file["kind"] != "broken link":
        with open(target, "wb") as stream: stream.write(base64.b64decode(file["content"]))
        try: os.setxattr(target, "user.note", b"a\\0b\\xff")
        except OSError: pass
        user, group = file["owner"].split(":")
        os.chown(target, int(user), int(group))
        os.chmod(target, int(file["mode"], 8))
        os.utime(target, ns=(10**18 + 1, 10**18 + 1))
    if target != path: os.symlink(os.path.basename(target), path)
`;

/** Everything that a folder holds, a line each. */
const SHOW = `
import hashlib, os, sys
for folder, _, names in sorted(os.walk(sys.argv[1])):
    for path in sorted(os.path.join(folder, name) for name in names):
        s = os.lstat(path)
        what = os.readlink(path) if os.path.islink(path) else hashlib.sha256(open(path, "rb").read()).hexdigest()
        print(path, oct(s.st_mode), s.st_uid, s.st_gid, s.st_size, s.st_mtime_ns if not os.path.islink(path) else "", what,
              [(n, os.getxattr(path, n, follow_symlinks=False)) for n in os.listxattr(path, follow_symlinks=False)])
`;

function python({ prefix: [file, ...args] }: LabHost, program: string, words: readonly string[], input = ''): string {
  const { stdout, stderr, status } = run(file, [...args, 'python3', '-c', program, ...words], { input });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

const RUNNERS: Readonly<Record<string, (lab: LabHost) => Runner>> = {
  'on this machine': ({ prefix }) => localRunner({ prefix }),
  'over ssh': ({ prefix: [file, ...args] }) =>
    sshRunner('box', {
      exec: (request: ExecRequest) =>
        localExec({ ...request, file, args: [...args, 'sh', '-c', request.args.at(-1) ?? ''] }),
    }),
};

describe.each(Object.keys(RUNNERS))('files of other people, %s', (where) => {
  it('come back as they were when a bridge that replaced them is removed', async (test) => {
    const lab = await startHost();
    test.onTestFinished(() => lab.end());
    const runner = RUNNERS[where]?.(lab);
    const count = runs(100, 25);
    const random = announce(`files of other people, ${where}`, count);
    const files = Array.from({ length: count }, (_, i) => foreignFile(random, i));
    python(lab, MAKE, [], JSON.stringify(files.map((file) => ({ ...file, content: file.content.toString('base64') }))));
    const before = python(lab, SHOW, [FOLDER]);
    expect(before.split('\n')).toHaveLength(1 + count + files.filter(({ kind }) => kind === 'link').length);
    const ours = files.map(({ path }) => ({ path, mode: 0o644, owner: 'root:root', content: `ours ${path}\n` }));
    const rendering = { ...IFCFG, files: [...IFCFG.files, ...ours] };
    await applyRendering(rendering, EXPECTED, { runner, force: true });
    expect(lab.sh(`cat ${FOLDER}/0 ${FOLDER}/7`)).toBe(`ours ${FOLDER}/0\nours ${FOLDER}/7\n`);
    await removeHostBridge('br0', { runner });
    expect(python(lab, SHOW, [FOLDER])).toBe(before);
    expect(lab.sh('find /var/lib/libvirt-network 2>/dev/null; :')).toBe('');
  });

  it('are seen as theirs, whatever they hold', async (test) => {
    const lab = await startHost();
    test.onTestFinished(() => lab.end());
    const runner = RUNNERS[where]?.(lab);
    const [first] = IFCFG.files;
    const path = first?.path ?? '';
    lab.sh(`mkdir -p ${path.slice(0, path.lastIndexOf('/'))}; ln -s nowhere ${path}`);
    const refused = applyRendering(IFCFG, EXPECTED, { runner });
    await expect(refused).rejects.toMatchObject({ issues: [{ code: 'HOST_FILE_EXISTS' }] });
    expect(lab.sh(`readlink ${path}`)).toBe('nowhere\n');
  });
});
