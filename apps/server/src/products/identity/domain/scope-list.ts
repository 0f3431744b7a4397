/**
 * Splits a list of scopes: commas, blanks or both separate (CR-17). Duplicates and empty names fall away; the old
 * spelling `disclosure:reads` becomes `disclosures:read` (CR-54).
 */
export function parseScopeList(text: string): string[] {
  const names = new Set<string>();
  for (const name of text.replaceAll(',', ' ').split(' ')) {
    if (name !== '') names.add(name === 'disclosure:reads' ? 'disclosures:read' : name);
  }
  return [...names];
}

/** The scopes of a new token: what was asked for when all of it is allowed, or all that is allowed when nothing was. */
export function grantedScopes(asked: string | undefined, allowed: readonly string[]): readonly string[] | undefined {
  const names = asked === undefined ? [] : parseScopeList(asked);
  const granted = names.length === 0 ? allowed : names;
  const isAllowed = granted.length > 0 && granted.every((name) => allowed.includes(name));
  return isAllowed ? granted : undefined;
}
