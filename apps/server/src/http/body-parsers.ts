import type { Failure } from '@openbranch/contract/family';
import type { Operation } from '@openbranch/contract/operation';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readXml } from './read-xml.ts';

/** The body is not what its media type says. */
export class UnreadableBodyError extends Error {
  override readonly name = 'UnreadableBodyError';
  readonly failure: BodyFailure;

  constructor(failure: BodyFailure = 'bodyUnreadable') {
    super();
    this.failure = failure;
  }
}

type BodyFailure = Extract<Failure, 'bodyUnreadable' | 'bodyInvalid' | 'bodyMissing' | 'mediaTypeInvalid' | 'notPrintableAscii'>;

export type BodyFormat = 'json' | 'form' | 'json-or-xml' | 'ignored';

/** Form fields by name. */
export type FormFields = Readonly<Record<string, string>>;

const printableAscii = /^[\x20-\x7e\r\n\t]*$/u;

/** Media types that an operation takes; the parsers of one format belong to one Fastify scope. */
export function registerBodyParser(scope: FastifyInstance, format: BodyFormat): void {
  scope.removeAllContentTypeParsers();
  switch (format) {
    case 'json':
      scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
        try {
          const text = body.toString();
          done(null, text.trim() === '' ? undefined : parseJson(text));
        } catch {
          done(new UnreadableBodyError());
        }
      });
      return;
    case 'form':
      // The media type was checked before the body is read, where the family's order of checks wants it.
      for (const mediaType of ['application/x-www-form-urlencoded', '*']) {
        scope.addContentTypeParser(mediaType, { parseAs: 'string' }, (_request, body, done) => done(null, body));
      }
      return;
    case 'json-or-xml':
      // Which of the two it is was checked, or shows in its first byte.
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
      return;
    case 'ignored':
      // Not even a media type that cannot be read is looked at.
      scope.addHook('onRequest', (request, _reply, done) => {
        if (request.headers['content-type'] !== undefined) request.headers = { 'content-type': 'application/octet-stream' };
        done();
      });
      scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null, undefined));
      return;
  }
}

/**
 * JSON in: `null` is the same as absent (Conventions section 8); `__proto__` is refused, and so is nesting that
 * exhausts the stack, since the reviver then throws.
 */
function parseJson(text: string): unknown {
  return JSON.parse(text, (key, value: unknown) => {
    if (key === '__proto__') throw new UnreadableBodyError();
    return value === null ? undefined : value;
  });
}

export type ParsedDocument =
  | { readonly kind: 'document'; readonly document: object }
  | { readonly kind: 'unreadable' | 'not-ascii' };

/** JSON or XML, by the media type; without one by the first character, `<` or `{`. Every text in it is printable ASCII. */
export function parseDocument(body: unknown, contentType: string | undefined): ParsedDocument {
  try {
    if (!Buffer.isBuffer(body)) return { kind: 'unreadable' };
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const isXml = contentType === undefined ? text.trimStart().startsWith('<') : isXmlMediaType(contentType);
    const document: unknown = isXml ? readXml(text) : parseJson(text);
    if (typeof document !== 'object' || document === null) return { kind: 'unreadable' };
    return hasOnlyPrintableTexts(document) ? { kind: 'document', document } : { kind: 'not-ascii' };
  } catch {
    return { kind: 'unreadable' };
  }
}

/**
 * The body of an operation that looks at it only after other things. An XML body loses its root element, which the JSON
 * does not have.
 * @throws UnreadableBodyError
 */
export function readLateBody(
  { bodyFormat, xmlBodyRoot }: Operation,
  { body, headers }: Pick<FastifyRequest, 'body' | 'headers'>,
): object {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new UnreadableBodyError('bodyMissing');
  const contentType = headers['content-type'];
  const isTaken = bodyFormat === 'json-or-xml' ? isDocumentMediaType : isJsonMediaType;
  if (!isTaken(contentType)) throw new UnreadableBodyError('mediaTypeInvalid');
  const parsed = parseDocument(body, bodyFormat === 'json-or-xml' ? contentType : 'application/json');
  if (parsed.kind !== 'document')
    throw new UnreadableBodyError(parsed.kind === 'not-ascii' ? 'notPrintableAscii' : 'bodyInvalid');
  const { document } = parsed;
  const isXml = contentType === undefined ? body.toString('latin1').trimStart().startsWith('<') : isXmlMediaType(contentType);
  const content: unknown = isXml && xmlBodyRoot !== undefined ? Reflect.get(document, xmlBodyRoot) : document;
  // An empty element is an empty text.
  if (content === '') return {};
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw new UnreadableBodyError();
  return content;
}

function isJsonMediaType(contentType: string | undefined): boolean {
  return contentType === undefined || /^application\/json *(?:;|$)/iu.test(contentType);
}

function isXmlMediaType(contentType: string): boolean {
  return /^(?:application|text)\/xml *(?:;|$)/iu.test(contentType);
}

/** JSON, XML, or nothing said. */
export function isDocumentMediaType(contentType: string | undefined): boolean {
  return contentType === undefined || isXmlMediaType(contentType) || /^application\/json *(?:;|$)/iu.test(contentType);
}

/** True when no text inside has a character outside printable ASCII; names of members are not looked at. */
export function hasOnlyPrintableTexts(value: unknown): boolean {
  // No recursion: what a caller nests must not exhaust the stack.
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const one = waiting.pop();
    if (typeof one === 'string' && !/^[\x20-\x7e]*$/u.test(one)) return false;
    if (typeof one === 'object' && one !== null) for (const member of Object.values(one)) waiting.push(member);
  }
  return true;
}

export type ParsedForm = { readonly kind: 'fields'; readonly fields: FormFields } | { readonly kind: 'unreadable' | 'not-ascii' };

/**
 * `application/x-www-form-urlencoded`. A repeated field is unreadable: two parties might each believe another one.
 * At most 64 fields.
 */
export function parseForm(body: unknown): ParsedForm {
  if (typeof body !== 'string') return { kind: 'fields', fields: {} };
  if (!printableAscii.test(body)) return { kind: 'not-ascii' };
  const fields: Record<string, string> = Object.create(null);
  const pairs = body.split('&', 65);
  if (pairs.length > 64) return { kind: 'unreadable' };
  for (const pair of pairs) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decodeFormText(equals === -1 ? pair : pair.slice(0, equals));
    const value = decodeFormText(equals === -1 ? '' : pair.slice(equals + 1));
    if (name === undefined || value === undefined || name in fields) return { kind: 'unreadable' };
    fields[name] = value;
  }
  return { kind: 'fields', fields };
}

function decodeFormText(text: string): string | undefined {
  if (!text.includes('%') && !text.includes('+')) return text;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
