import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { AlertChannel } from './alert-channel.ts';

export type ContentType = 'EMAIL_SUBJECT' | 'EMAIL_BODY' | 'SMS_BODY' | 'PUSH_BODY' | 'WEB_BODY' | 'WEB_JSON';
export type TemplateState = 'DRAFT' | 'PUBLISHED' | 'ARCHIVED';
export type TemplateContents = Readonly<Partial<Record<ContentType, string>>>;

export interface AlertTemplate {
  readonly alertTemplateId: bigint;
  readonly alertTypeId: bigint;
  readonly locale: string;
  readonly state: TemplateState;
  readonly externalSystem: string | undefined;
  readonly vendor: string | undefined;
  /** Variable to dotted path, or to `=literal`. */
  readonly variableMap: Readonly<Record<string, string>>;
  readonly contents: TemplateContents;
  readonly version: number;
  readonly updatedAt: Date;
  readonly isPlatforms: boolean;
}

interface ContentRule {
  readonly channel: AlertChannel;
  readonly maxLength: number;
}

const contentRules: Readonly<Record<ContentType, ContentRule>> = {
  EMAIL_SUBJECT: { channel: 'EMAIL', maxLength: 255 },
  EMAIL_BODY: { channel: 'EMAIL', maxLength: 65_536 },
  SMS_BODY: { channel: 'SMS', maxLength: 480 },
  PUSH_BODY: { channel: 'PUSH', maxLength: 1024 },
  WEB_BODY: { channel: 'WEB', maxLength: 16_384 },
  WEB_JSON: { channel: 'WEB', maxLength: 16_384 },
};

export const contentTypes: readonly ContentType[] = [
  'EMAIL_SUBJECT',
  'EMAIL_BODY',
  'SMS_BODY',
  'PUSH_BODY',
  'WEB_BODY',
  'WEB_JSON',
];

export const templateStates: readonly TemplateState[] = ['DRAFT', 'PUBLISHED', 'ARCHIVED'];

export function channelOfContent(contentType: ContentType): AlertChannel {
  return contentRules[contentType].channel;
}

/** Whether a text may stand as this content: its length in UTF-8, and one line for a subject. */
export function isContentAllowed(contentType: ContentType, text: string): boolean {
  const { maxLength } = contentRules[contentType];
  if (text.length > maxLength || new TextEncoder().encode(text).length > 4 * maxLength) return false;
  return contentType !== 'EMAIL_SUBJECT' || !/[\r\n]/u.test(text);
}

/** The channels that a template has all words for. */
export function completeChannels(contents: TemplateContents): ReadonlySet<AlertChannel> {
  const has = (contentType: ContentType): boolean => contents[contentType] !== undefined;
  const complete: AlertChannel[] = [];
  if (has('EMAIL_SUBJECT') && has('EMAIL_BODY')) complete.push('EMAIL');
  if (has('SMS_BODY')) complete.push('SMS');
  if (has('PUSH_BODY')) complete.push('PUSH');
  if (has('WEB_BODY') || has('WEB_JSON')) complete.push('WEB');
  return new Set(complete);
}

/** A template with half of a mail cannot be published. */
function isPublishable(contents: TemplateContents): boolean {
  const complete = completeChannels(contents);
  return contentTypes.every((one) => contents[one] === undefined || complete.has(channelOfContent(one)));
}

const nextStates: Readonly<Record<TemplateState, readonly TemplateState[]>> = {
  DRAFT: ['DRAFT', 'PUBLISHED', 'ARCHIVED'],
  PUBLISHED: ['PUBLISHED', 'ARCHIVED'],
  ARCHIVED: ['ARCHIVED', 'DRAFT'],
};

/** @param from undefined for a new template. */
export function decideTemplateState(
  from: TemplateState | undefined,
  to: TemplateState,
  contents: TemplateContents,
): Result<TemplateState, 'valueInvalid' | 'fieldRequired'> {
  if (from !== undefined && !nextStates[from].includes(to)) return refuse('valueInvalid');
  if (to === 'PUBLISHED' && !isPublishable(contents)) return refuse('fieldRequired');
  return accept(to);
}

/**
 * The published template of a type for the wanted locales, the best locale first; the institution's own words come
 * before those of the platform.
 */
export function chooseTemplate(templates: readonly AlertTemplate[], locales: readonly string[]): AlertTemplate | undefined {
  const published = templates.filter((one) => one.state === 'PUBLISHED');
  for (const isPlatforms of [false, true]) {
    for (const locale of locales) {
      const found = published.find((one) => one.isPlatforms === isPlatforms && one.locale === locale);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
