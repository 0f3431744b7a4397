/** How an institution looks on hosted pages. */
export interface Branding {
  /** `#rrggbb`: buttons and links on light ground; on dark ground it is lightened. */
  readonly accentColor: string;
  /** How customers reach the institution, e.g. `Call 555-0100`; undefined: the number on card or statement. */
  readonly supportText: string | undefined;
}

const defaultBranding: Branding = { accentColor: '#0b5cad', supportText: undefined };
const longestSupportText = 200;

/** @throws Error naming the member that is not what it should be. */
export function brandingOf(stored: unknown): Branding {
  const read = (name: string): unknown => (typeof stored === 'object' && stored !== null ? Reflect.get(stored, name) : undefined);
  const accentColor = read('accentColor') ?? defaultBranding.accentColor;
  if (typeof accentColor !== 'string' || !/^#[0-9a-fA-F]{6}$/u.test(accentColor))
    throw new Error('Policy accentColor must be a colour like #0b5cad.');
  const supportText = read('supportText') ?? undefined;
  if (supportText !== undefined && (typeof supportText !== 'string' || supportText.length > longestSupportText))
    throw new Error(`Policy supportText must be a text of at most ${longestSupportText} characters.`);
  return { accentColor, supportText };
}
