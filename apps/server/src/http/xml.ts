import type { XmlDialect } from '@openbranch/contract/operation';

/** Text and attribute values; control characters that XML 1.0 forbids fall away. */
export function escapeXml(text: string): string {
  return text.replace(
    /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[&<>"']/gu,
    (character) => replacements.get(character) ?? '',
  );
}

const replacements = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&apos;'],
]);

/**
 * The members that the schema lists, in its order, each as an element; members of objects inside it, and an element a
 * time for lists. Absent members are left out. What the schema does not list never leaves.
 *
 * @param dialect Another form of the same document; without it no element has a prefix or attributes.
 */
export function toXmlDocument(root: string, schema: unknown, value: unknown, dialect?: XmlDialect): string {
  const lines: string[] = [];
  const namespaces = Object.entries(dialect?.namespaces ?? {}).map(([prefix, uri]) => ` xmlns:${prefix}="${escapeXml(uri)}"`);
  const writer = { lines, dialect };
  const prefix = dialect === undefined ? '' : `${dialect.prefix}:`;
  writeMembers(writer, schema, value, { prefix, indent: '    ' });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${prefix}${root}${namespaces.join('')}>\n${lines.join('')}</${prefix}${root}>\n`;
}

interface Writer {
  readonly lines: string[];
  readonly dialect: XmlDialect | undefined;
}

interface Place {
  readonly prefix: string;
  readonly indent: string;
}

function writeMembers(writer: Writer, schema: unknown, value: unknown, place: Place): void {
  for (const [name, memberSchema, member] of listedMembers(schema, value))
    writeElement(writer, name, memberSchema, member, place);
}

function writeElement(writer: Writer, name: string, schema: unknown, value: unknown, place: Place): void {
  if (Array.isArray(value)) {
    for (const item of value) writeElement(writer, name, memberOf(schema, 'items'), item, place);
    return;
  }
  const { lines, dialect } = writer;
  const otherPrefix = dialect?.prefixes[name];
  const prefix = otherPrefix === undefined ? place.prefix : `${otherPrefix}:`;
  const tag = `${prefix}${name}`;
  if (typeof value !== 'object' || value === null) {
    lines.push(`${place.indent}<${tag}>${escapeXml(toText(schema, value))}</${tag}>\n`);
  } else if (dialect?.textElements.includes(name) === true) {
    lines.push(
      `${place.indent}<${tag}${attributesOf(schema, value)}>${escapeXml(String(memberOf(value, 'value') ?? ''))}</${tag}>\n`,
    );
  } else {
    lines.push(`${place.indent}<${tag}>\n`);
    writeMembers(writer, schema, value, { prefix, indent: `${place.indent}    ` });
    lines.push(`${place.indent}</${tag}>\n`);
  }
}

/** Conventions section 8: money in XML has two decimals, always; its schema says so. */
function toText(schema: unknown, value: unknown): string {
  const decimals = memberOf(schema, 'x-decimals');
  return typeof value === 'number' && typeof decimals === 'number' ? value.toFixed(decimals) : String(value);
}

/** Every member but `value`. */
function attributesOf(schema: unknown, value: unknown): string {
  return listedMembers(schema, value)
    .filter(([name]) => name !== 'value')
    .map(([name, , member]) => ` ${name}="${escapeXml(String(member))}"`)
    .join('');
}

/** The JSON twin of a document: what the schema lists, in its order, and nothing else. */
export function toListedMembers(schema: unknown, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => toListedMembers(memberOf(schema, 'items'), item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    listedMembers(schema, value).map(([name, memberSchema, member]) => [name, toListedMembers(memberSchema, member)]),
  );
}

/** Name, schema and value of the members that a schema lists and a value has. */
function listedMembers(schema: unknown, value: unknown): [string, unknown, unknown][] {
  const properties = memberOf(schema, 'properties');
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.entries(properties)
    .map(([name, memberSchema]): [string, unknown, unknown] => [name, memberSchema, memberOf(value, name)])
    .filter(([, , member]) => member !== undefined);
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}
