import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, earlierOf, endOfMonthBefore, laterOf, parseCalendarDate } from './calendar-date.ts';

const date = fc
  .date({ min: new Date('1900-01-01'), max: new Date('2200-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));

test.each(['2026-02-30', '2026-13-01', '2025-02-29', '26-01-01', '2026-1-1', '2026-01-01T00:00:00Z', '0000-01-01', ''])(
  '%s is no date',
  (text) => {
    expect(parseCalendarDate(text)).toBeUndefined();
  },
);

test('a leap day is a date', () => {
  expect(parseCalendarDate('2028-02-29')).toBe('2028-02-29');
});

test('days are counted over ends of months, years and leap years', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2027-03-01', -1)).toBe('2027-02-28');
  expect(addDays('9999-12-31', 30)).toBe('9999-12-31');
  expect(addDays('0001-01-05', -90)).toBe('0001-01-01');
});

test('the month before ends where the calendar says', () => {
  expect(['2026-01-01', '2026-03-01', '2028-03-31', '2026-12-31'].map(endOfMonthBefore)).toEqual([
    '2025-12-31',
    '2026-02-28',
    '2028-02-29',
    '2026-11-30',
  ]);
});

test('days there and back lead to the same date, and texts compare like the days', () => {
  fc.assert(
    fc.property(date, fc.integer({ min: 0, max: 4000 }), (start, days) => {
      const end = addDays(start, days);
      expect(parseCalendarDate(end)).toBe(end);
      expect(addDays(end, -days)).toBe(start);
      expect(end >= start).toBe(true);
      expect([earlierOf(start, end), earlierOf(end, start), laterOf(start, end)]).toEqual([start, start, end]);
    }),
  );
});
