const defaultLocale = 'en_US';

/** `es-mx` as `es_MX`; undefined for what is no locale. */
export function toLocale(text: string): string | undefined {
  const match = /^([A-Za-z]{2})(?:[_-]([A-Za-z]{2}))?$/u.exec(text);
  if (match === null) return undefined;
  const language = (match[1] ?? '').toLowerCase();
  return match[2] === undefined ? language : `${language}_${match[2].toUpperCase()}`;
}

/** Locales to look for, the best first: the user's, its language, the institution's, `en_US`. */
export function wantedLocales(ofUser: string | undefined, ofInstitution: string | undefined): readonly string[] {
  const language = ofUser?.slice(0, 2);
  return [...new Set([ofUser, language, ofInstitution, defaultLocale])].filter((one) => one !== undefined);
}
