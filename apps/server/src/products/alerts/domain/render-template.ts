import type { ContentType } from './alert-template.ts';
import type { FindValue } from './event-values.ts';
import { fitSms } from './sms-length.ts';

/** A content that was taken apart once, to be filled many times. */
export interface CompiledContent {
  readonly contentType: ContentType;
  /** Texts and, at the odd places, names. */
  readonly parts: readonly string[];
}

export interface RenderedContent {
  readonly text: string;
  /** Names without a value, each once; they were left empty. */
  readonly unresolved: readonly string[];
}

const placeholder = /\$\{([A-Za-z0-9_.]{1,64})\}/u;
/** Attributes of another template engine, which nobody here evaluates. */
const engineAttribute = /\sth:[A-Za-z][A-Za-z-]{0,40}=(?:"[^"]*"|'[^']*')/gu;

export function compileContent(contentType: ContentType, text: string): CompiledContent {
  const isMarkup = contentType === 'EMAIL_BODY' || contentType === 'WEB_BODY';
  const plain = isMarkup ? text.replace(engineAttribute, '') : text;
  // Splitting by an expression with one group gives text, name, text, name, and so on.
  return { contentType, parts: plain.split(placeholder) };
}

/** Puts values into a content, each written so that it can be nothing but text there. */
export function renderContent({ contentType, parts }: CompiledContent, findValue: FindValue): RenderedContent {
  const unresolved = new Set<string>();
  let text = '';
  parts.forEach((part, index) => {
    if (index % 2 === 0) {
      text += part;
      return;
    }
    const value = findValue(part);
    if (value === undefined) unresolved.add(part);
    else text += escapeValue(contentType, value);
  });
  return { text: finish(contentType, text), unresolved: [...unresolved] };
}

/** One line, whatever the template or a value holds: a line end would begin a header of the mail. */
function finish(contentType: ContentType, text: string): string {
  if (contentType === 'EMAIL_SUBJECT') return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return contentType === 'SMS_BODY' ? fitSms(text) : text;
}

function escapeValue(contentType: ContentType, value: string): string {
  switch (contentType) {
    case 'EMAIL_BODY':
    case 'WEB_BODY':
      return value.replace(/[&<>"']/gu, toEntity);
    case 'WEB_JSON':
      // `<` too, because JSON may be put into a page.
      return JSON.stringify(value).slice(1, -1).replaceAll('<', '\\u003c');
    case 'EMAIL_SUBJECT':
      return value.replace(/[\r\n]+/gu, ' ');
    case 'SMS_BODY':
    case 'PUSH_BODY':
      return value;
  }
}

const entities = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
]);

function toEntity(character: string): string {
  return entities.get(character) ?? '';
}
