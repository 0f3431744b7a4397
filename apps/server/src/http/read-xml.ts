import { XMLParser } from 'fast-xml-parser';

/** Deeper than any document of ours; each level of a document costs a level of the stack. */
const deepest = 16;

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  // Institution ids have leading zeros: nothing becomes a number.
  parseTagValue: false,
  trimValues: true,
  maxNestedTags: deepest,
});

const cdataSection = /(<!\[CDATA\[[\s\S]*?\]\]>)/u;
const reference = /&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[^;\s<]*);?/giu;
const predefined = new Set(['amp', 'lt', 'gt', 'quot', 'apos']);

/**
 * Reads an XML document into plain objects: an element is a member named by its local name, a repeated one a list, every
 * value a text. Attributes are left out.
 *
 * Throws for what is not well-formed, a DTD, an entity that XML itself does not define, and too much depth. The size is
 * bounded by whoever reads the body.
 */
export function readXml(text: string): unknown {
  // References in CDATA sections are plain text (XML 1.0 section 2.7); every second piece is one.
  const pieces = text.split(cdataSection).map((piece, index) => (index % 2 === 1 ? piece : withoutCharacterReferences(piece)));
  const document: unknown = parser.parse(pieces.join(''), true);
  if (typeof document !== 'object' || document === null || Object.keys(document).length !== 1)
    throw new Error('A document has one root element.');
  return document;
}

/** Numeric references become characters, or a predefined entity where the character would be markup. */
function withoutCharacterReferences(piece: string): string {
  if (/<!(?:DOCTYPE|ENTITY)/iu.test(piece)) throw new Error('A DTD is not read.');
  if (!piece.includes('&')) return piece;
  return piece.replace(reference, (whole: string, name: string) => {
    if (!whole.endsWith(';')) throw new Error('A reference does not end.');
    if (predefined.has(name)) return whole;
    if (!name.startsWith('#')) throw new Error('An entity is not defined.');
    const code = name.startsWith('#x') ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    if (!isXmlCharacter(code)) throw new Error('A reference names no character.');
    return markup.get(code) ?? String.fromCodePoint(code);
  });
}

const markup = new Map([
  [0x26, '&amp;'],
  [0x3c, '&lt;'],
  [0x3e, '&gt;'],
  [0x22, '&quot;'],
  [0x27, '&apos;'],
]);

/** XML 1.0 section 2.2. */
function isXmlCharacter(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  );
}
