import { parseXml } from './parse-xml.ts';

export interface Refusal {
  readonly code: string | undefined;
  readonly message: string | undefined;
}

/**
 * Code and message of an error answer in any of the four envelopes (Conventions section 6). Which one it is shows in the
 * answer itself: a gateway in front may answer in another form than the operation does.
 */
export function readRefusal(text: string): Refusal {
  const document = parseAny(text);
  // E4: `errorInfo` may repeat, the first one counts.
  const legacy = first(member(member(document, 'Status'), 'errorInfo'));
  const plain = member(document, 'ErrorResponse') ?? document;
  return {
    code: textOf(member(legacy, 'errorCode')) ?? textOf(member(plain, 'code')),
    message: textOf(member(legacy, 'errorMessage')) ?? textOf(member(plain, 'message')),
  };
}

function parseAny(text: string): unknown {
  try {
    const document: unknown = text.trimStart().startsWith('<') ? parseXml(text) : JSON.parse(text);
    return document;
  } catch {
    return undefined;
  }
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : value;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : typeof value === 'number' ? String(value) : undefined;
}
