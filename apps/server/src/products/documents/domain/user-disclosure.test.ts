import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDecisionTime } from './decision-time.ts';
import {
  type Disclosure,
  decideDisclosureChange,
  decideDisclosureData,
  kindOf,
  takesStatus,
  toDisclosureName,
} from './disclosure.ts';
import {
  decideChangeById,
  decideChangedRow,
  decideDeletionById,
  decideNewDecision,
  namesRow,
  toShownRows,
  type UserDisclosure,
} from './user-disclosure.ts';

const names = ['IB', 'ESIGN', 'OLS', 'Custom', 'Other'] as const;
const statuses = ['ENROLLED', 'NOT_ENROLLED', 'NOT_ACCEPTED', 'ACCEPTED'] as const;
const idOf = (name: string): string => `D-${name}`;

const disclosure = (name: string, isEnabled = true): Disclosure => ({
  institutionDisclosureId: idOf(name),
  name,
  data: undefined,
  isEnabled,
  version: 1,
  content: undefined,
});
const row = (name: string, accountId?: string): UserDisclosure => ({
  institutionUserDisclosureId: `R-${name}${accountId ?? ''}`,
  institutionUserId: 'U',
  institutionCustomerId: undefined,
  disclosure: disclosure(name),
  accountId,
  status: 'ACCEPTED',
  statusAt: new Date(0),
  paperWaiver: name === 'OLS' ? true : undefined,
});
const all = names.map((name) => disclosure(name));

test('a change only ever reaches the row that every reference names, and never one of online statements', () => {
  const optional = (values: readonly string[]) => fc.option(fc.constantFrom(...values), { nil: undefined });
  fc.assert(
    fc.property(
      optional([...names.map(idOf), 'D-unknown']),
      optional([...names.map(idOf), ...names.map((name) => `R-${name}`), 'R-unknown']),
      optional([...names, 'ib', 'Unknown']),
      fc.subarray([...names]),
      fc.constantFrom(...statuses),
      (disclosureId, rowOrDisclosureId, name, decided, status) => {
        const references = { disclosureId, rowOrDisclosureId, name };
        const rows = decided.map((one) => row(one));
        if (!namesRow(references)) return;
        const outcome = decideChangedRow(references, all, rows, status);
        if (!outcome.ok) return;
        const { disclosure: found, institutionUserDisclosureId } = outcome.value;
        expect(rows).toContain(outcome.value);
        expect(kindOf(found.name)).not.toBe('OLS');
        expect(takesStatus(kindOf(found.name), status)).toBe(true);
        if (disclosureId !== undefined) expect(found.institutionDisclosureId).toBe(disclosureId);
        if (rowOrDisclosureId !== undefined)
          expect([institutionUserDisclosureId, found.institutionDisclosureId]).toContain(rowOrDisclosureId);
        if (name !== undefined) expect(found.name.toUpperCase()).toBe(name.toUpperCase());
        // By its own id it may be changed as well.
        expect(decideChangeById(outcome.value, references, status)).toEqual(outcome);
      },
    ),
  );
});

test('what is decided anew is an enabled disclosure with a status of its kind and what belongs to the kind', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.constantFrom(...statuses),
      fc.option(fc.constant('A'), { nil: undefined }),
      fc.option(fc.boolean(), { nil: undefined }),
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      (name, status, accountId, paperWaiver, hasAccountType, isEnabled, multiStatement) => {
        const decision = { disclosureId: idOf(name), name, status, accountId, paperWaiver, hasAccountType };
        const outcome = decideNewDecision(decision, disclosure(name, isEnabled), multiStatement);
        if (!outcome.ok) return;
        const isStatements = name === 'OLS';
        expect([isEnabled, takesStatus(kindOf(name), status), paperWaiver !== undefined]).toEqual([true, true, isStatements]);
        if (accountId !== undefined) expect([isStatements, multiStatement]).toEqual([true, true]);
        if (accountId === undefined) expect(hasAccountType).toBe(false);
      },
    ),
  );
});

test('rows of accounts are shown only for each account, and paperWaiver of the user only once for the user', () => {
  const rows = [row('IB'), row('OLS'), row('OLS', 'A')];
  const shown = (multiStatement: boolean, showsAccounts: boolean) =>
    toShownRows(rows, multiStatement, showsAccounts).map((one) => [one.institutionUserDisclosureId, one.paperWaiver]);
  const user = ['R-OLS', undefined];
  expect(shown(true, true)).toEqual([['R-IB', undefined], user, ['R-OLSA', true]]);
  expect(shown(true, false)).toEqual([['R-IB', undefined], user]);
  for (const showsAccounts of [true, false])
    expect(shown(false, showsAccounts)).toEqual([
      ['R-IB', undefined],
      ['R-OLS', true],
    ]);
});

test('what can be deleted by its id is more or less, as the institution wants it', () => {
  const deletable = (reach: Parameters<typeof decideDeletionById>[1]) =>
    [row('IB'), row('Custom'), row('OLS'), row('OLS', 'A')]
      .filter((one) => decideDeletionById(one, reach).ok)
      .map((one) => one.institutionUserDisclosureId);
  expect(deletable('custom and OLS')).toEqual(['R-Custom', 'R-OLS', 'R-OLSA']);
  expect(deletable('account-level OLS')).toEqual(['R-OLSA']);
  expect(deletable('any')).toHaveLength(4);
  expect(decideDeletionById(undefined, 'any')).toEqual({ ok: false, refusal: 'notFoundForUser' });
});

test('system disclosures have their names in capitals, custom ones as they are written', () => {
  expect(['ib', 'eSign', 'OLS', 'Marketing'].map(toDisclosureName)).toEqual(['IB', 'ESIGN', 'OLS', 'Marketing']);
});

test('a new name or text is a new version without a known content; a switch of the status is none', () => {
  const known: Disclosure = {
    ...disclosure('Custom'),
    data: 'https://a',
    content: { hash: Buffer.from('h'), seenAt: new Date(0) },
  };
  const change = (changed: Partial<Disclosure>) => decideDisclosureChange(known, { ...known, ...changed });
  expect(change({ isEnabled: false })).toEqual({ ...known, isEnabled: false });
  expect(change({ data: 'https://b' })).toMatchObject({ version: 2, content: undefined });
  expect(change({ name: 'Renamed' })).toMatchObject({ version: 2, content: known.content });
});

test.each([
  ['https://docs.example.org/a.pdf', 'URL', true],
  [undefined, undefined, true],
  ['https://docs.example.org/a.pdf', undefined, false],
  [undefined, 'URL', false],
  ['https://docs.example.org/a.pdf', 'CONFIG', false],
  ['https://', 'URL', false],
  ['https://user@docs.example.org/', 'URL', false],
])('data %s of type %s: %s', (data, dataType, isGood) => {
  expect(decideDisclosureData(data, dataType).ok).toBe(isGood);
});

test('every time that has come is read back from its own text, and none that is to come', () => {
  const now = new Date('2026-11-22T04:00:00Z');
  const time = fc.date({ min: new Date('2001-09-09T01:46:40Z'), max: new Date('2099-01-01T00:00:00Z'), noInvalidDate: true });
  fc.assert(
    fc.property(time, (at) => {
      const expected = at.getTime() <= now.getTime() ? at.getTime() : undefined;
      expect(parseDecisionTime(at.toISOString(), now)?.getTime()).toBe(expected);
      const seconds = Math.floor(at.getTime() / 1000);
      const ofSeconds = seconds * 1000 <= now.getTime() ? seconds * 1000 : undefined;
      expect(parseDecisionTime(String(seconds), now)?.getTime()).toBe(ofSeconds);
    }),
  );
  expect(parseDecisionTime(undefined, now)).toBe(now);
});

test.each([
  '2024-02-30T00:00:00Z',
  '2024-01-01T25:00:00Z',
  '2024-01-01T00:00:00',
  '2024-01-01',
  'yesterday',
  '123',
  '2023-02-29T10:00:00+01:00',
])('%s is no time', (text) => expect(parseDecisionTime(text, new Date('2026-11-22T04:00:00Z'))).toBeUndefined());
