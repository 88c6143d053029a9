import type { RuleContext } from './context.js';

const UUID_SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Name, title and domain. */
export function checkIdentity({ document, release, report }: RuleContext): void {
  const { name, title, domain } = document;
  if (name?.includes('/')) report('NAME_SLASH', 'name', { value: name });
  if (name?.includes('\n')) report('NAME_NEWLINE', 'name');
  if (UUID_SHAPE.test(name ?? '')) report('NAME_UUID_SHAPED', 'name', { value: name });
  if (release >= 9_007_000 && title?.includes('\n')) report('TITLE_NEWLINE', 'title');
  if (release >= 10_001_000 && domain?.register && !domain.localOnly)
    report('DOMAIN_REGISTER_LOCALONLY', 'domain.register');
}
