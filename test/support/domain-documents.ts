import { statSync } from 'node:fs';
import type { LibvirtData } from './corpus.js';

/** A domain of libvirt's own tests. */
export interface DomainDocument {
  /** Folder and file, such as `qemuxmlconfdata/net-user.xml`. */
  readonly name: string;
  readonly text: string;
}

/** Every XML file of libvirt's own tests that has a domain as its root, with NICs or without. */
export function domainDocuments(data: LibvirtData): readonly DomainDocument[] {
  const folders = data.list('tests').filter((name) => statSync(data.path('tests', name)).isDirectory());
  return folders.flatMap((folder) =>
    data
      .list('tests', folder)
      .filter((file) => file.endsWith('.xml'))
      .map((file) => ({ name: `${folder}/${file}`, text: data.read('tests', folder, file) }))
      .filter(({ text }) => /^(?:<\?xml[^>]*>|<!--[\s\S]*?-->|\s)*<domain[\s>]/.test(text)),
  );
}
