import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../../kernel/calendar-date.ts';
import { toReportRecords } from './report-records.ts';
import { decideReport } from './statement-report.ts';

const rules = { accountTypes: ['CHECKING', 'SAVINGS'], reportsAll: false, timeZone: 'America/Los_Angeles' };
const customerId = 'ab'.repeat(16);
const decide = (body: object, more = {}) => {
  const decided = decideReport({ customerId, ...body }, { ...rules, ...more });
  return decided.ok ? decided.value : decided.refusal;
};
const range = (fromDate: unknown, toDate: unknown) => decide({ fromDate, toDate });

describe('the dates of a report', () => {
  test('are days of the institution, the last one included', () => {
    expect(range('01-03-2026', '31-03-2026')).toMatchObject({
      range: { from: new Date('2026-03-01T08:00:00Z'), before: new Date('2026-04-01T07:00:00Z') },
    });
  });

  test('or points in time with an offset', () => {
    expect(range('2026-03-01T00:00:00-05:00', '2026-03-02T00:00:00Z')).toMatchObject({
      range: { from: new Date('2026-03-01T05:00:00Z'), before: new Date('2026-03-02T00:00:01Z') },
    });
  });

  test.each(['04-30-2026', '31-02-2026', '2026-03-01', '2026-03-01T00:00:00', '2026-02-30T00:00:00Z', '', 20260301, 'x'])(
    'are of no other form: %s',
    (text) => {
      expect(range(text, '01-04-2026')).toBe('dateFormat');
      expect(range('01-01-2026', text)).toBe('dateFormat');
    },
  );

  test('come together, in order, not equal', () => {
    expect(range('01-03-2026', undefined)).toBe('requestInvalid');
    expect(range(undefined, '01-03-2026')).toBe('requestInvalid');
    expect(range('02-03-2026', '01-03-2026')).toBe('fromAfterTo');
    expect(range('01-03-2026', '01-03-2026')).toBe('fromEqualsTo');
  });

  test('are at most 90 days apart, whenever clocks are changed', () => {
    const text = (date: string) => date.split('-').reverse().join('-');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 1, max: 200 }), (start, days) => {
        const from = addDays('2024-01-01', start);
        const decided = range(text(from), text(addDays(from, days)));
        if (days > 90) expect(decided).toBe('spanOver90Days');
        else expect(decided).toMatchObject({ customerId });
      }),
    );
  });
});

test('a report is about one customer, unless the institution wants one about all', () => {
  expect(decideReport({}, rules)).toEqual({ ok: false, refusal: 'inputMissing' });
  expect(decideReport({ customerId: null }, { ...rules, reportsAll: true })).toMatchObject({ value: { customerId: undefined } });
  expect(decide({ customerId: 'nobody' })).toBe('customerNotFound');
  expect(decide({ customerId: 7 })).toBe('requestInvalid');
  expect(decide({ customerId: customerId.toUpperCase() })).toMatchObject({ customerId });
});

test('a page has 100 records unless it says otherwise, and at most 1000', () => {
  expect(decide({})).toMatchObject({ limit: 100, offset: 0 });
  expect(decide({ limit: '25', offset: 10 })).toMatchObject({ limit: 25, offset: 10 });
  for (const wrong of [{ limit: 0 }, { limit: 1001 }, { limit: 1.5 }, { limit: 'x' }, { offset: -1 }, { offset: true }])
    expect(decide(wrong)).toBe('requestInvalid');
});

test('a type of account is taken in any case', () => {
  expect(decide({ accountType: 'checking' })).toMatchObject({ accountType: 'CHECKING' });
  expect(decide({ accountType: 'piggy bank' })).toBe('requestInvalid');
});

test('records come by login name and account number; what cannot be shown makes the report incomplete', () => {
  const accounts = new Map([
    ['a', { accountNumber: '2', accountType: 'CHECKING' }],
    ['b', { accountNumber: '1', accountType: 'SAVINGS' }],
    ['c', { accountNumber: '3', accountType: 'SAVINGS' }],
  ]);
  const choice = (loginName: string, accountId: string, isAccepted = true) => ({ loginName, accountId, isAccepted });
  const told = (choices: Parameters<typeof toReportRecords>[0], type?: string) => {
    const { records, isComplete } = toReportRecords(choices, accounts, type);
    return [records.map(({ loginName, account }) => loginName + account.accountNumber), isComplete];
  };
  expect(told([choice('z', 'a'), choice('y', 'a'), choice('y', 'b')])).toEqual([['y1', 'y2', 'z2'], true]);
  expect(told([choice('z', 'a'), choice('y', 'b', false)])).toEqual([['z2'], false]);
  expect(told([choice('z', 'a'), choice('y', 'b', false)], 'CHECKING')).toEqual([['z2'], true]);
  expect(told([choice('z', 'a'), choice('y', 'gone')])).toEqual([['z2'], false]);
});
