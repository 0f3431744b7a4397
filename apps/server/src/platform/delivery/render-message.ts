import type { Channel } from './channel.ts';
import type { TemplateTexts } from './templates.ts';

export interface RenderedTexts {
  readonly subject: string | undefined;
  readonly text: string;
  readonly html: string | undefined;
}

type Values = Readonly<Record<string, string>>;

const placeholder = /\{\{\s*([A-Za-z][A-Za-z0-9]*)\s*\}\}/gu;
const longestValue = 2000;

/**
 * Puts values into texts, each value written so that it can be nothing but text on its channel: no markup in HTML, no
 * line or control character in a subject or a short message.
 * @throws Error naming the value that a text asks for and nobody gave.
 */
export function renderMessage(channel: Channel, texts: TemplateTexts, values: Values): RenderedTexts {
  const plain = fill(texts.text, values, channel === 'VOICE' ? toSpoken : toPlain);
  if (channel !== 'EMAIL') return { subject: undefined, text: plain, html: undefined };
  return {
    subject: fill(texts.subject ?? '', values, toPlain),
    text: plain,
    html: texts.html === undefined ? layOut(texts.text, values) : fill(texts.html, values, toHtml),
  };
}

function fill(text: string, values: Values, write: (value: string, name: string) => string): string {
  // Anything in doubled braces must be a value: a misspelled one must not reach a person.
  if (/\{\{|\}\}/u.test(text.replace(placeholder, ''))) {
    throw new Error('The text of a message has braces that name no value, which it does not get.');
  }
  return text.replace(placeholder, (_all, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`The text of a message asks for {{${name}}}, which it does not get.`);
    return write(value, name);
  });
}

/** Line ends and control characters would let a value begin a header or a line of its own. */
function toPlain(value: string): string {
  return value
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, longestValue);
}

/** Digits of a passcode are said one by one. */
function toSpoken(value: string, name: string): string {
  const plain = toPlain(value);
  return name === 'passcode' ? [...plain].join(', ') : plain;
}

const entities: Values = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function toHtml(value: string): string {
  return toPlain(value).replace(/[&<>"']/gu, (character) => entities[character] ?? '');
}

/** A paragraph that is one value only stands out: a link is a button, a code is large. */
const loneValue = /^\{\{\s*([A-Za-z][A-Za-z0-9]*)\s*\}\}$/u;

function layOut(text: string, values: Values): string {
  const paragraphs = text.split('\n\n').map((paragraph) => toParagraph(paragraph, values));
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark"></head>',
    '<body style="margin:0;padding:24px;font:16px/1.5 system-ui,-apple-system,Segoe UI,sans-serif">',
    '<div style="max-width:560px;margin:0 auto">',
    `<p style="font-weight:600;font-size:18px;margin:0 0 24px">${fill('{{institutionName}}', values, toHtml)}</p>`,
    ...paragraphs,
    '</div></body></html>',
  ].join('\n');
}

function toParagraph(paragraph: string, values: Values): string {
  const alone = loneValue.exec(paragraph.trim())?.[1];
  const html = fill(escapeText(paragraph), values, toHtml);
  if (alone === undefined) return `<p style="margin:0 0 16px">${html}</p>`;
  if (/^https?:\/\//u.test(values[alone] ?? '')) {
    return `<p style="margin:0 0 16px"><a href="${html}" style="word-break:break-all">${html}</a></p>`;
  }
  return `<p style="margin:0 0 16px;font-size:28px;font-weight:700;letter-spacing:4px">${html}</p>`;
}

/** The words around the values are ours or the institution's, and yet no markup: a text is a text. */
function escapeText(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => entities[character] ?? '');
}
