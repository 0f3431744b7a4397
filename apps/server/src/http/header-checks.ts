import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { TraceRule } from '@openbranch/contract/family';

/** Rules of headers, path and query that every family shares (Conventions section 4). */

const maximumHeaderBytes = 8192;
const maximumTextTraceLength = 64;
const maximumCallingAppIdLength = 64;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu;
const printableAscii = /^[\x20-\x7e]*$/u;
/** A URL that, once decoded, has a character outside printable ASCII. */
const notPrintableInUrl = /[^\x21-\x7e]|%(?:[01][0-9a-f]|7f|[89a-f][0-9a-f])/iu;

export function hasTooLongHeaders(raw: IncomingMessage): boolean {
  let bytes = 0;
  // Name, colon, blank, value, line end.
  for (const part of raw.rawHeaders) bytes += part.length + 2;
  return bytes > maximumHeaderBytes;
}

export function hasNonPrintableAscii(raw: IncomingMessage, url: string): boolean {
  if (notPrintableInUrl.test(url)) return true;
  return raw.rawHeaders.some((part) => !printableAscii.test(part));
}

/** A header that was sent exactly once and is not empty. */
export function singleHeader(raw: IncomingMessage, lowerCaseName: string): string | undefined {
  const value = raw.headers[lowerCaseName];
  if (typeof value !== 'string' || value === '') return undefined;
  // Node joins repeated headers by a comma; only then is it worth counting them.
  if (value.includes(',') && timesSent(raw, lowerCaseName) > 1) return undefined;
  return value;
}

function timesSent(raw: IncomingMessage, lowerCaseName: string): number {
  return raw.rawHeaders.filter((part, index) => index % 2 === 0 && part.toLowerCase() === lowerCaseName).length;
}

export type TraceOutcome =
  | { readonly kind: 'valid'; readonly traceId: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'malformed' }
  /** A text trace with other characters: the check of the whole request for printable ASCII answers it. */
  | { readonly kind: 'not-printable' }
  /** A good text trace, where the institution wants a UUID. */
  | { readonly kind: 'not-uuid' };

/** @param isStrict A text trace must be a UUID as well (switch `trace.strict_uuid`). */
export function checkTrace(raw: IncomingMessage, rule: TraceRule, isStrict: boolean): TraceOutcome {
  const value = singleHeader(raw, rule.header.toLowerCase());
  if (value === undefined) return { kind: 'missing' };
  if (uuid.test(value)) return { kind: 'valid', traceId: value };
  if (rule.form === 'uuid' || value.length > maximumTextTraceLength) return { kind: 'malformed' };
  if (!printableAscii.test(value)) return { kind: 'not-printable' };
  return isStrict ? { kind: 'not-uuid' } : { kind: 'valid', traceId: value };
}

export function hasBadCallingAppId(raw: IncomingMessage): boolean {
  const value = raw.headers['callingappid'];
  return typeof value === 'string' && value.length > maximumCallingAppIdLength;
}

export function hasBadOriginatingIp(raw: IncomingMessage): boolean {
  const value = raw.headers['originating_ip'];
  return value !== undefined && (typeof value !== 'string' || isIP(value) === 0);
}

/** The published pattern; whether the rest is a token of ours is another question. */
const bearer = /^bearer\s+(\S.*)$/iu;

/** The token of `Authorization: Bearer token`; undefined when the header has another form. */
export function bearerTokenOf(authorization: string): string | undefined {
  return bearer.exec(authorization)?.[1];
}

/** True when the header Accept has room for JSON; it has when it is not sent. */
export function acceptsJson(raw: IncomingMessage): boolean {
  const { accept } = raw.headers;
  return (
    accept === undefined ||
    accept.trim() === '' ||
    acceptsType(accept, /^(?:\*\/\*|application\/(?:\*|(?:[\w.-]{1,64}\+)?json))$/iu)
  );
}

/** True when the header Accept names XML. */
export function acceptsXml(raw: IncomingMessage): boolean {
  return acceptsType(raw.headers.accept ?? '', /^(?:application|text)\/xml$/iu);
}

/** A range with quality 0 is refused (RFC 9110 section 12.4.2). */
function acceptsType(accept: string, type: RegExp): boolean {
  return accept.split(',').some((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
    return type.test(name) && !parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/iu.test(parameter));
  });
}

/** True when no body comes, or one that says that it is JSON. */
export function sendsJson(raw: IncomingMessage): boolean {
  const { 'content-length': length = '0', 'transfer-encoding': coding, 'content-type': type } = raw.headers;
  const hasBody = length !== '0' || coding !== undefined;
  return !hasBody || (type !== undefined && /^application\/(?:[\w.-]{1,64}\+)?json *(?:;|$)/iu.test(type));
}

export function isFormMediaType(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/x-www-form-urlencoded *(?:;|$)/iu.test(contentType);
}
