// Reads libvirt's own description of its protocol, as far as the types of this library's table go.

/** Number and layouts of a procedure, in the words of the library's codecs. */
export interface Described {
  readonly number: number;
  readonly args: string;
  readonly reply: string;
}

/** Reads a description in the language of rpcgen. */
export class Protocol {
  readonly #text: string;

  constructor(source: string) {
    this.#text = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^%.*$/gm, '');
  }

  /** Tells whether there is a procedure. */
  has(name: string): boolean {
    return new RegExp(`\\bREMOTE_PROC_${name}\\s*=`).test(this.#text);
  }

  /** What is said of a procedure; the layout of one that has no arguments or answer is empty. */
  procedure(name: string): Described {
    const number = new RegExp(`\\bREMOTE_PROC_${name}\\s*=\\s*(\\d+)`).exec(this.#text)?.[1];
    if (number === undefined) throw new Error(`libvirt has no procedure ${name}`);
    const base = `remote_${name.toLowerCase()}`;
    const told = this.#struct(`${base}_msg`);
    return {
      number: Number(number),
      args: this.#struct(`${base}_args`) ?? '',
      reply: told ?? this.#struct(`${base}_ret`) ?? '',
    };
  }

  #struct(name: string): string | undefined {
    const body = new RegExp(`^struct ${name} \\{([\\s\\S]*?)^\\};`, 'm').exec(this.#text)?.[1];
    if (body === undefined) return undefined;
    const lines = body.split(';').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
    return `{ ${lines.map((line) => this.#field(line)).join(', ')} }`;
  }

  #field(line: string): string {
    const [, type, name, most, fixed] = /^((?:unsigned )?\w+)\s+(\w+)(?:<(\w*)>|\[(\w+)\])?$/.exec(line) ?? [];
    if (type === undefined || fixed !== undefined) throw new Error(`cannot read ${line}`);
    const one = type === 'char' ? 'char' : this.#type(type);
    return most === undefined ? `${name} ${one}` : `${name} ${one}<${this.#constant(most)}>`;
  }

  #type(name: string): string {
    if (/^(?:int|unsigned int|hyper|unsigned hyper)$/.test(name)) return name;
    if (name === 'unsigned') return 'unsigned int';
    if (new RegExp(`^enum ${name} \\{`, 'm').test(this.#text)) return 'int';
    if (name === 'remote_uuid') return 'uuid';
    const [, target = '', star, most] =
      new RegExp(`^typedef (\\w+) (\\*?)${name}(?:<(\\w*)>)?;`, 'm').exec(this.#text) ?? [];
    if (target === 'string') return `string<${this.#constant(most ?? '')}>`;
    if (star === '*') return `*${this.#type(target)}`;
    const struct = this.#struct(name);
    if (struct === undefined) throw new Error(`cannot find the type ${name}`);
    return struct;
  }

  /** rpcgen takes a list without a limit; the library gives each one. */
  #constant(name: string): string {
    if (name === '') return '65536';
    return new RegExp(`^const ${name}\\s*=\\s*(\\d+);`, 'm').exec(this.#text)?.[1] ?? name;
  }
}
