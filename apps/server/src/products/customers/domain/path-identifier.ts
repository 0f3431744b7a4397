/** Shapes of the identifiers that a path may hold (contract sheet "Customers", section 1.1). */

const plainHex = /^[0-9a-f]{32}$/iu;
const dashedHex = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/iu;

/** 32 lower hex; a dashed UUID is accepted, its dashes fall away. */
export function parseCustomerId(text: string): string | undefined {
  return plainHex.test(text) || dashedHex.test(text) ? text.replaceAll('-', '').toLowerCase() : undefined;
}

/** 32 upper hex. */
export function parseInstitutionUserId(text: string): string | undefined {
  return plainHex.test(text) ? text.toUpperCase() : undefined;
}

/** At most 32 letters and digits. */
export function parseMemberNumber(text: string): string | undefined {
  return /^[0-9A-Za-z]{1,32}$/u.test(text) ? text : undefined;
}

/** At most 256 characters, printable ASCII. */
export function parseLoginName(text: string): string | undefined {
  return /^[\x20-\x7e]{1,256}$/u.test(text) && text.trim() !== '' ? text : undefined;
}
