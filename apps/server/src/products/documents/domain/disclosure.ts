import { accept, type Result, refuse } from '../../../kernel/result.ts';

/** A disclosure of an institution: what it wants to be accepted (contract sheet "Disclosures", section 3). */
export interface Disclosure {
  /** 32 upper hex. */
  readonly institutionDisclosureId: string;
  readonly name: string;
  /** URL of the text. */
  readonly data: string | undefined;
  readonly isEnabled: boolean;
  /** Counts the texts, from 1. */
  readonly version: number;
  /** SHA-256 of what the URL held, where it was fetched, and when. */
  readonly content: { readonly hash: Buffer; readonly seenAt: Date } | undefined;
}

/** System disclosures have names of their own; all others are custom. */
export type DisclosureKind = 'IB' | 'ESIGN' | 'OLS' | 'custom';

export type DisclosureStatus = 'ENROLLED' | 'NOT_ENROLLED' | 'NOT_ACCEPTED' | 'ACCEPTED';

/** Names are compared without regard to case. */
export function kindOf(name: string): DisclosureKind {
  const upper = name.toUpperCase();
  return upper === 'IB' || upper === 'ESIGN' || upper === 'OLS' ? upper : 'custom';
}

/** System disclosures are written in capitals, whatever was sent. */
export function toDisclosureName(name: string): string {
  return kindOf(name) === 'custom' ? name : name.toUpperCase();
}

export function hasSameName(one: string, other: string): boolean {
  return one.toUpperCase() === other.toUpperCase();
}

export function takesStatus(kind: DisclosureKind, status: DisclosureStatus): boolean {
  return kind === 'custom' || status === 'ACCEPTED' || status === 'NOT_ACCEPTED';
}

/** 32 hexadecimal digits in any case; written in capitals. */
export function parseDisclosureId(text: string): string | undefined {
  return /^[0-9a-f]{32}$/iu.test(text) ? text.toUpperCase() : undefined;
}

/**
 * Data and type come together or not at all, and only a URL can be written. One with a password in it would put that
 * into every piece of evidence.
 */
export function decideDisclosureData(
  data: string | undefined,
  dataType: string | undefined,
): Result<string | undefined, 'fieldsMissingOrInvalid'> {
  if (data === undefined && dataType === undefined) return accept(undefined);
  if (data === undefined || dataType !== 'URL' || !URL.canParse(data)) return refuse('fieldsMissingOrInvalid');
  const { username, password, hostname } = new URL(data);
  return username === '' && password === '' && hostname !== '' ? accept(data) : refuse('fieldsMissingOrInvalid');
}

/** Another name or text is a new version, of which nobody has seen the content yet. */
export function decideDisclosureChange(
  known: Disclosure,
  { name, data, isEnabled }: Pick<Disclosure, 'name' | 'data' | 'isEnabled'>,
): Disclosure {
  const changed = { ...known, name: toDisclosureName(name), data, isEnabled };
  if (changed.name === known.name && changed.data === known.data) return changed;
  return { ...changed, version: known.version + 1, content: changed.data === known.data ? known.content : undefined };
}
