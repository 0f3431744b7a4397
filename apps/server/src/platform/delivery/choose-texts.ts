import type { TemplateTexts } from './templates.ts';

/** Locales to look for, the closest first: `es-MX`, `es`, `en`. */
function fallbackLocales(locale: string): readonly string[] {
  const [language = ''] = locale.split('-');
  return [...new Set([locale, language, defaultLocale])];
}

export const defaultLocale = 'en';

/** The institution's own texts in the closest locale, else what we ship, which is English. */
export function chooseTexts(
  locale: string,
  own: ReadonlyMap<string, TemplateTexts>,
  shipped: TemplateTexts | undefined,
): { readonly locale: string; readonly texts: TemplateTexts } | undefined {
  for (const candidate of fallbackLocales(locale)) {
    const texts = own.get(candidate);
    if (texts !== undefined) return { locale: candidate, texts };
  }
  return shipped === undefined ? undefined : { locale: defaultLocale, texts: shipped };
}
