import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../../kernel/calendar-date.ts';
import { layOutStatement, totalsOf } from './statement-paper.ts';
import { describePeriod, findPeriod, listPeriods, type StatementAccount } from './statement-period.ts';
import { toStatements } from './statements-of-account.ts';

const account: StatementAccount = { openedOn: '2024-02-10', closedOn: undefined, lastStatementOn: undefined };
const window = { today: '2026-04-10', earliest: '2019-04-10', closedThrough: '2026-03-31' };
const head = {
  institutionName: 'Harbor Bank',
  ownerNames: ['Pat Demo'],
  accountDescription: 'Everyday account',
  accountNumber: '*6789',
  currency: 'USD',
  isOwed: false,
};
const idsOf = (range: { from: string; to: string; isPreviewed?: boolean }, of = account, within = window) =>
  listPeriods(of, { isPreviewed: false, ...range }, within).map(({ id }) => id);

describe('statements of an account', () => {
  test('are made of months and dated on the last day, which is what a range counts', () => {
    expect(idsOf({ from: '2026-01-01', to: '2026-03-31' })).toEqual(['202601', '202602', '202603']);
    expect(idsOf({ from: '2026-01-31', to: '2026-02-27' })).toEqual(['202601']);
    expect(idsOf({ from: '2026-02-01', to: '2026-02-27' })).toEqual([]);
    expect(findPeriod('202402', account, window)).toEqual({
      id: '202402',
      from: '2024-02-01',
      to: '2024-02-29',
      isPreview: false,
    });
  });

  test('begin with the month in which it was opened and end with that in which it was closed', () => {
    expect(idsOf({ from: '2023-01-01', to: '2024-04-01' })).toEqual(['202402', '202403']);
    const closed = { ...account, closedOn: '2024-03-15' };
    expect(idsOf({ from: '2023-01-01', to: '2026-04-01' }, closed)).toEqual(['202402', '202403']);
    expect(findPeriod('202404', closed, window)).toBeUndefined();
  });

  test('of the current month are shown only as previews, dated today', () => {
    expect(idsOf({ from: '2026-03-01', to: '2026-12-31' })).toEqual(['202603']);
    expect(idsOf({ from: '2026-03-01', to: '2026-12-31', isPreviewed: true })).toEqual(['202603', '202604']);
    const period = findPeriod('202604', account, window);
    expect(period).toEqual({ id: '202604', from: '2026-04-01', to: '2026-04-10', isPreview: true });
    expect(period && describePeriod(period)).toBe('Statement for April 2026 (preview)');
    expect(findPeriod('202605', account, window)).toBeUndefined();
    // A month is over the day after its last, whatever was closed before a clock was set back.
    const later = { ...window, closedThrough: '2026-06-30' };
    expect(findPeriod('202604', account, { ...later, today: '2026-04-30' })?.isPreview).toBe(true);
    expect(findPeriod('202604', account, { ...later, today: '2026-05-01' })?.isPreview).toBe(false);
  });

  test('are previews until their month is closed for the account, dated on its last day already', () => {
    const firstOfMay = { ...window, today: '2026-05-01' };
    const preview = { id: '202604', from: '2026-04-01', to: '2026-04-30', isPreview: true };
    expect(findPeriod('202604', account, firstOfMay)).toEqual(preview);
    expect(idsOf({ from: '2026-03-01', to: '2026-12-31' }, account, firstOfMay)).toEqual(['202603']);
    // The accounts of a large bank are closed one after the other.
    const done = { ...account, lastStatementOn: '2026-04-30' };
    expect(findPeriod('202604', done, firstOfMay)).toEqual({ ...preview, isPreview: false });
    const behind = { ...account, lastStatementOn: '2026-03-31' };
    expect(findPeriod('202604', behind, firstOfMay)).toEqual(preview);
    expect(findPeriod('202604', behind, { ...firstOfMay, closedThrough: '2026-04-30' })).toEqual({
      ...preview,
      isPreview: false,
    });
  });

  test('are kept as long as the institution says', () => {
    expect(idsOf({ from: '2024-01-01', to: '2026-03-31' }, account, { ...window, earliest: '2026-02-28' })).toEqual([
      '202602',
      '202603',
    ]);
  });

  test.each(['', '2026', '202613', '202600', '000012', '2026-03', '20260301', 'x'])('have no id like "%s"', (id) => {
    expect(findPeriod(id, account, window)).toBeUndefined();
  });
});

const movements = fc
  .array(fc.record({ day: fc.integer({ min: 0, max: 120 }), amountMinor: fc.bigInt({ min: -100_000n, max: 100_000n }) }), {
    maxLength: 60,
  })
  .map((rows) =>
    rows
      .map(({ day, amountMinor }) => ({ date: addDays('2025-12-20', day), amountMinor, text: 'x' }))
      .sort((one, other) => (one.date < other.date ? -1 : Number(one.date > other.date))),
  );

test('whatever was booked, statements follow on each other and hold every row of their months once', () => {
  const periods = listPeriods(account, { from: '2026-01-01', to: '2026-04-10', isPreviewed: true }, window);
  fc.assert(
    fc.property(movements, fc.bigInt({ min: -1_000_000n, max: 1_000_000n }), (rows, openingMinor) => {
      const statements = toStatements(head, periods, { openingMinor, rows });
      expect(statements.map(({ from }) => from)).toEqual(['2026-01-01', '2026-02-01', '2026-03-01', '2026-04-01']);
      for (const [index, statement] of statements.entries()) {
        const before = rows.filter(({ date }) => date < statement.from);
        const sum = before.reduce((total, { amountMinor }) => total + amountMinor, openingMinor);
        expect(statement.openingMinor).toBe(sum);
        expect(statement.rows).toEqual(rows.filter(({ date }) => date >= statement.from && date <= statement.to));
        const next = statements[index + 1];
        if (next !== undefined) expect(totalsOf(statement).closingMinor).toBe(next.openingMinor);
      }
    }),
  );
});

describe('a statement', () => {
  const period = { id: '202603', from: '2026-03-01', to: '2026-03-31', isPreview: false };
  const rows = [
    { date: '2026-03-02', amountMinor: 100_000n, text: 'Salary' },
    { date: '2026-03-05', amountMinor: -123_450n, text: 'Check 201' },
  ];

  test('tells the balances before and after, what came in and what went out, and the balance after each row', () => {
    const [statement] = toStatements(head, [period], { openingMinor: 50_000n, rows });
    if (statement === undefined) throw new Error('One period makes one statement.');
    const paper = layOutStatement(statement);
    expect(paper.facts.map(({ label, value }) => `${label}: ${value}`)).toEqual([
      'Period: 03/01/2026 to 03/31/2026',
      'Opening balance: $500.00',
      'Money in: $1,000.00',
      'Money out: -$1,234.50',
      'Closing balance: $265.50',
    ]);
    expect(paper.table.rows).toEqual([
      ['03/02/2026', 'Salary', '$1,000.00', '$1,500.00'],
      ['03/05/2026', 'Check 201', '-$1,234.50', '$265.50'],
    ]);
  });

  test('of a loan tells what is owed, and one in another currency names that', () => {
    const [statement] = toStatements({ ...head, isOwed: true, currency: 'CAD' }, [period], { openingMinor: -50_000n, rows });
    if (statement === undefined) throw new Error('One period makes one statement.');
    expect(layOutStatement(statement).facts.map(({ value }) => value)).toEqual([
      '03/01/2026 to 03/31/2026',
      'CAD 500.00',
      'CAD 1,000.00',
      'CAD 1,234.50',
      'CAD 734.50',
    ]);
  });
});
