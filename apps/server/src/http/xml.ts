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
 * A flat document: the members that the schema lists, in its order, each as an element without prefix or attributes;
 * absent members are left out. What the schema does not list never leaves.
 */
export function toXmlDocument(root: string, memberNames: readonly string[], value: unknown): string {
  const elements = memberNames
    .map((name) => [name, typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined] as const)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => `    <${name}>${escapeXml(String(member))}</${name}>\n`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>\n${elements.join('')}</${root}>\n`;
}
