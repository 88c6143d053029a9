import type { RenderedOpening } from '../../preview/openings/render.js';
import { OPENINGS_FOLDER } from '../../preview/openings/script.js';
import type { HostFile } from '../../preview/port-forward/index.js';
import { quote } from '../../shell/quote.js';

/**
 * A file appears whole or not at all. It is made in a folder of its own: libvirt runs every program that it finds beside
 * its hooks.
 */
const FUNCTIONS = `
umask 022
put() {
  mkdir -p "\${1%/*}" && new=$(mktemp -d "\${1%/*}/.new.XXXXXX") || return 1
  printf %s "$3" >"$new/file" && chmod "$2" "$new/file" && mv -f "$new/file" "$1" && rmdir "$new" && return
  rm -rf "$new"
  return 1
}

has_unit() {
  for folder in /etc/systemd/system /run/systemd/system /usr/lib/systemd/system /lib/systemd/system; do
    [ ! -e "$folder/$1" ] || return 0
  done
  return 1
}

put_service() {
  folder=\${1%/*}; unit=\${folder##*/}
  ! has_unit "\${unit%.d}" || put "$@"
}

reload_systemd() { [ ! -d /run/systemd/system ] || systemctl daemon-reload; }

take() { rm -f "$1" && { rmdir "\${1%/*}" 2>/dev/null || :; }; }
`;

const putWords = ({ path, mode, content }: HostFile): string => `${quote(path)} ${mode.toString(8)} ${quote(content)}`;

const besideScript = ({ hook, services }: RenderedOpening): readonly HostFile[] => [
  ...(hook === undefined ? [] : [hook]),
  ...services,
];

/**
 * The script that installs an opening.
 *
 * @param before - the content of its script on the host
 */
export function installScript(rendered: RenderedOpening, before: string | undefined): string {
  const { script, hook, services } = rendered;
  const path = quote(script.path);
  return `${FUNCTIONS}
undo() {
  [ ! -x ${path} ] || ${path} remove || echo 'could not be removed: rules of ${script.path}' >&2
  ${before === undefined ? removeFiles(rendered) : `put ${putWords({ ...script, content: before })} && ${path} apply || echo 'could not be restored: ${script.path}' >&2`}
}

install() {
  put ${putWords(script)} || return 1
  ${path} ${before === script.content ? 'apply' : 'reload'} || return 1
  ${hook === undefined ? ':' : `put ${putWords(hook)} || return 1`}
${services.map((file) => `  put_service ${putWords(file)} || return 1\n`).join('')}  reload_systemd
}

trap 'exit 1' HUP INT TERM
install || { undo; exit 1; }
`;
}

/** The script that removes the rules of an opening, then its files. */
export const removeScript = (rendered: RenderedOpening): string => `${FUNCTIONS}
[ ! -e ${quote(rendered.script.path)} ] || sh ${quote(rendered.script.path)} remove || exit 1
${removeFiles(rendered)}
reload_systemd
`;

const removeFiles = (rendered: RenderedOpening): string =>
  [...besideScript(rendered), rendered.script].map(({ path }) => `take ${quote(path)}`).join('; ');

/** Prints the scripts of all openings of a host, each after a line with its path. */
export const listScript = (mark: string): string => `for f in ${OPENINGS_FOLDER}/*; do
  [ -f "$f" ] && cat "$f" && printf '%s\\n' ${quote(mark)}
done
true`;
