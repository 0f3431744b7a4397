/** Members of a document that may have come as XML, where an element that comes once is no list and an empty one is ''. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Reflect.get(value, name) ?? undefined;
}

export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined || value === null || value === '') return [];
  return Array.isArray(value) ? value : [value];
}

interface TextRule {
  readonly isRequired?: boolean;
  readonly maxLength: number;
  readonly pattern?: RegExp;
}

export interface MapEntry {
  readonly key: string;
  readonly value: string;
}

const mostEntries = 100;
const longestKey = 64;
const longestValue = 2000;

/** Reads texts, and remembers the name of the first one that cannot be taken. Names are ours, never the caller's. */
export class DocumentReader {
  problem: string | undefined;

  refuse(name: string): undefined {
    this.problem ??= name;
    return undefined;
  }

  /** Numbers and booleans are taken for their text, as published samples send them. */
  text(from: unknown, name: string, { isRequired = false, maxLength, pattern }: TextRule): string | undefined {
    const value = memberOf(from, name);
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    if (text === undefined || text === '') return isRequired ? this.refuse(name) : undefined;
    if (typeof text !== 'string' || text.length > maxLength) return this.refuse(name);
    return pattern === undefined || pattern.test(text) ? text : this.refuse(name);
  }

  flag(from: unknown, name: string): boolean | undefined {
    const text = this.text(from, name, { maxLength: 5 })?.toLowerCase();
    if (text === undefined) return undefined;
    return text === 'true' || text === 'false' ? text === 'true' : this.refuse(name);
  }

  /** What names the institution or the customer of the path again must agree with it. */
  echo(from: unknown, name: string, expected: string): void {
    const text = this.text(from, name, { maxLength: 64 });
    if (text !== undefined && text.toLowerCase() !== expected.toLowerCase()) this.refuse(name);
  }

  /** `<map><entry><key/><value/></entry></map>`, `<map><key/><value/></map>`, and both of them repeated. */
  entries(from: unknown, name: string): readonly MapEntry[] {
    const nodes = listOf(memberOf(from, name))
      .flatMap((map) => listOf(memberOf(map, 'map')))
      .flatMap((map) => (memberOf(map, 'entry') === undefined ? [map] : listOf(memberOf(map, 'entry'))))
      .filter((node) => node !== '');
    if (nodes.length > mostEntries) this.refuse(name);
    return nodes.slice(0, mostEntries).flatMap((node): MapEntry[] => {
      const key = this.text(node, 'key', { isRequired: true, maxLength: longestKey });
      const value = this.text(node, 'value', { maxLength: longestValue }) ?? '';
      return key === undefined ? [] : [{ key, value }];
    });
  }
}
