import { XMLParser } from 'fast-xml-parser';

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  // Institution ids have leading zeros, codes are strings: nothing becomes a number.
  parseTagValue: false,
  trimValues: true,
});

/**
 * Reads an XML document into plain objects: an element is a property, a repeated one an array, every value a string.
 *
 * @throws {Error} for a document with a DTD (it could declare entities) or one that is not XML
 */
export function parseXml(text: string): unknown {
  if (/<!DOCTYPE/iu.test(text)) throw new Error('a DTD is not read');
  const document: unknown = parser.parse(text, true);
  return document;
}
