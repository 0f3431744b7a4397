const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** One line of text for an XML element: at most so many characters, and none that XML forbids. */
function toXmlText(text: string, longest: number): string {
  const line = [...text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\uFFFE\uFFFF\s]+/gu, ' ').trim()].slice(0, longest).join('');
  return line.replace(/[&<>]/gu, (one) => entities[one] ?? one);
}

/** `<name>text</name>`, or nothing without a text. */
export function element(name: string, text: string | undefined, longest: number): string {
  const content = text === undefined ? '' : toXmlText(text, longest);
  return content === '' ? '' : `<${name}>${content}</${name}>`;
}
