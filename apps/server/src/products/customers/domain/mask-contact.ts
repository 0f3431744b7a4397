/** A number or address of which only the owner recognises the rest: last four digits, or first letter and domain. */
export function maskContact(contactInfo: string): string {
  const at = contactInfo.lastIndexOf('@');
  if (at > 0) return `${contactInfo.slice(0, 1)}***${contactInfo.slice(at)}`;
  return `${'*'.repeat(Math.max(0, contactInfo.length - 4))}${contactInfo.slice(-4)}`;
}
