const texts = new Map<string, string>();
/** More than there are types of accounts and transactions. */
const mostTexts = 100;

/** A type as people read it: `CREDIT_CARD_LOAN` is `Credit card loan`. There are few types, so each text is made once. */
export function typeText(type: string): string {
  const known = texts.get(type);
  if (known !== undefined) return known;
  const words = type.toLowerCase().replaceAll('_', ' ');
  const made = words.charAt(0).toUpperCase() + words.slice(1);
  if (texts.size < mostTexts) texts.set(type, made);
  return made;
}
