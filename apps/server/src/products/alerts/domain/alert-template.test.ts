import { expect, test } from 'vitest';
import { type AlertTemplate, chooseTemplate, completeChannels, decideTemplateState, isContentAllowed } from './alert-template.ts';
import { toLocale, wantedLocales } from './locale.ts';

const template: AlertTemplate = {
  alertTemplateId: 10_000n,
  alertTypeId: 1n,
  locale: 'en_US',
  state: 'PUBLISHED',
  externalSystem: undefined,
  vendor: undefined,
  variableMap: {},
  contents: { SMS_BODY: 'x' },
  version: 1,
  updatedAt: new Date(0),
  isPlatforms: false,
};

test.each([
  ['DRAFT', 'PUBLISHED', true],
  ['PUBLISHED', 'ARCHIVED', true],
  ['ARCHIVED', 'DRAFT', true],
  ['DRAFT', 'ARCHIVED', true],
  ['PUBLISHED', 'DRAFT', false],
  ['ARCHIVED', 'PUBLISHED', false],
] as const)('a template goes from %s to %s: %s', (from, to, isAllowed) => {
  expect(decideTemplateState(from, to, { SMS_BODY: 'x' }).ok).toBe(isAllowed);
});

test('half of a mail cannot be published', () => {
  expect(decideTemplateState('DRAFT', 'PUBLISHED', { EMAIL_BODY: 'x', SMS_BODY: 'x' })).toEqual({
    ok: false,
    refusal: 'fieldRequired',
  });
  expect(completeChannels({ EMAIL_SUBJECT: 'x', EMAIL_BODY: 'x', WEB_JSON: '{}' })).toEqual(new Set(['EMAIL', 'WEB']));
});

test('a subject is one line, and no content is longer than its bound', () => {
  expect(isContentAllowed('EMAIL_SUBJECT', 'a\nb')).toBe(false);
  expect([480, 481].map((length) => isContentAllowed('SMS_BODY', 'x'.repeat(length)))).toEqual([true, false]);
});

test("the best locale is chosen, and the institution's own words before those of the platform", () => {
  const platforms = { ...template, alertTemplateId: 1n, isPlatforms: true };
  const spanish = { ...platforms, alertTemplateId: 2n, locale: 'es' };
  const draft = { ...template, alertTemplateId: 10_001n, locale: 'es_MX', state: 'DRAFT' as const };
  const choose = (all: AlertTemplate[], user?: string) => chooseTemplate(all, wantedLocales(user, undefined))?.alertTemplateId;
  expect(choose([platforms, template])).toBe(10_000n);
  expect(choose([platforms, spanish, draft], 'es_MX')).toBe(2n);
  expect(choose([platforms, spanish], 'fr_CA')).toBe(1n);
  expect(choose([draft], 'es_MX')).toBeUndefined();
});

test.each([
  ['en_US', 'en_US'],
  ['es-mx', 'es_MX'],
  ['ES', 'es'],
  ['english', undefined],
  ['en_', undefined],
])('the locale %s is %s', (text, locale) => {
  expect(toLocale(text)).toBe(locale);
});
