import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countExecutions, type Frequency, frequencies, lookAhead, type Plan, toBusinessDay } from './schedule.ts';

const plan = (over: Partial<Plan>): Plan => ({
  frequency: 'MONTHLY',
  lifeType: 'NOENDDATE',
  startsOn: '2027-01-01',
  endsOn: undefined,
  numberOfExecutions: undefined,
  dayOfWeek: undefined,
  daysOfMonth: [],
  ...over,
});
const dates = (one: Plan, count: number) =>
  Array.from({ length: count }, (_, index) => lookAhead(one, index).nextOn).filter((date) => date !== undefined);

/** The same rules the slow way: every day is looked at, and asked by its text whether it is one. */
function modelDates(one: Plan, until: string): string[] {
  const found: string[] = [];
  let firstMonth: number | undefined;
  let firstDay: number | undefined;
  const day = new Date(`${one.startsOn}T12:00:00Z`);
  for (let passed = 0; ; passed += 1, day.setUTCDate(day.getUTCDate() + 1)) {
    const text = day.toISOString().slice(0, 10);
    if (text > until || (one.endsOn !== undefined && text > one.endsOn)) return found;
    if (found.length === one.numberOfExecutions || (one.frequency === 'ONETIME' && found.length === 1)) return found;
    const month = Number(text.slice(0, 4)) * 12 + Number(text.slice(5, 7));
    if (!isDayOf(one, text)) continue;
    firstMonth ??= month;
    firstDay ??= passed;
    if ((passed - firstDay) % daysBetween[one.frequency] !== 0) continue;
    if ((month - firstMonth) % monthsBetween[one.frequency] === 0) found.push(text);
  }
}

const everyDay = { ONETIME: 1, DAILY: 1, TWICEMONTHLY: 1, MONTHLY: 1, QUARTERLY: 1, SEMIANNUALLY: 1, ANNUALLY: 1 } as const;
const daysBetween: Record<Frequency, number> = { ...everyDay, WEEKLY: 7, BIWEEKLY: 14, EVERY4WEEKS: 28, EVERY8WEEKS: 56 };
const everyMonth = { ONETIME: 1, DAILY: 1, WEEKLY: 1, BIWEEKLY: 1, EVERY4WEEKS: 1, EVERY8WEEKS: 1 } as const;
const monthsBetween: Record<Frequency, number> = {
  ...everyMonth,
  ...{ TWICEMONTHLY: 1, MONTHLY: 1, QUARTERLY: 3, SEMIANNUALLY: 6, ANNUALLY: 12 },
};
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function isDayOf(one: Plan, text: string): boolean {
  const noon = new Date(`${text}T12:00:00Z`);
  if (one.dayOfWeek !== undefined) return noon.toUTCString().startsWith(weekdays[one.dayOfWeek] ?? '?');
  if (one.daysOfMonth.length === 0) return true;
  const dayNumber = Number(text.slice(8));
  const tomorrow = new Date(noon.getTime() + 86_400_000).toISOString();
  const isLast = tomorrow.slice(8, 10) === '01';
  const [low = 0, high = 0] = one.daysOfMonth;
  if (one.daysOfMonth.length === 1) return dayNumber === low || (isLast && low > dayNumber);
  const isSecondLast = new Date(noon.getTime() + 2 * 86_400_000).toISOString().slice(8, 10) === '01';
  if (dayNumber === high || (isLast && high > dayNumber)) return true;
  // The last day belongs to the higher one then, and the lower one steps aside.
  return (dayNumber === low && !isLast) || (isSecondLast && low > dayNumber);
}

const anyDate = fc
  .integer({ min: 0, max: 20 * 365 })
  .map((days) => new Date(Date.UTC(2026, 0, 1) + days * 86_400_000).toISOString().slice(0, 10));
const anyPlan = fc
  .record({
    frequency: fc.constantFrom(...frequencies),
    startsOn: anyDate,
    weekday: fc.integer({ min: 1, max: 7 }),
    days: fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 2, maxLength: 2 }),
    life: fc.constantFrom('ENDDATE', 'NOENDDATE', 'NUMBEROFEXECUTIONS'),
    endsOn: anyDate,
    number: fc.integer({ min: 1, max: 99 }),
  })
  .map(({ frequency, startsOn, weekday, days, life, endsOn, number }): Plan => {
    const lifeType = frequency === 'ONETIME' ? 'NOENDDATE' : life;
    return plan({
      frequency,
      startsOn,
      lifeType,
      endsOn: lifeType === 'ENDDATE' ? endsOn : undefined,
      numberOfExecutions: lifeType === 'NUMBEROFEXECUTIONS' ? number : undefined,
      dayOfWeek: frequency.includes('WEEK') ? weekday : undefined,
      daysOfMonth:
        frequency === 'TWICEMONTHLY'
          ? days.toSorted((one, other) => one - other)
          : ['MONTHLY', 'QUARTERLY', 'SEMIANNUALLY', 'ANNUALLY'].includes(frequency)
            ? days.slice(0, 1)
            : [],
    });
  });

test('over twenty years every plan runs on the days that a model finds by looking at each day', () => {
  fc.assert(
    fc.property(anyPlan, (one) => {
      const until = `${Number(one.startsOn.slice(0, 4)) + 20}${one.startsOn.slice(4).replace('02-29', '02-28')}`;
      const expected = modelDates(one, until);
      const count = countExecutions(one);
      expect(dates(one, count === undefined ? expected.length : Math.min(count, expected.length))).toEqual(expected);
      if (one.lifeType === 'ENDDATE') expect(count).toBe(expected.length);
      const after = lookAhead(one, expected.length).nextOn;
      if (count === expected.length) expect(after).toBeUndefined();
      else expect(after === undefined || after > until).toBe(true);
    }),
    { numRuns: 150 },
  );
});

test('what remains falls by one with each execution, and the final date stays', () => {
  fc.assert(
    fc.property(anyPlan, fc.integer({ min: 0, max: 5 }), (one, executed) => {
      const count = countExecutions(one);
      if (count === undefined) return;
      const { remaining, finalOn, nextOn } = lookAhead(one, executed);
      expect(remaining).toBe(Math.max(count - executed, 0));
      if (executed < count) expect(finalOn).toBe(lookAhead(one, count - 1).nextOn);
      else expect([nextOn, finalOn]).toEqual([undefined, undefined]);
    }),
  );
});

describe('days that a month does not have', () => {
  test('day 31 runs on the last day of shorter months, in leap years on 29 February', () => {
    expect(dates(plan({ startsOn: '2028-01-05', daysOfMonth: [31] }), 4)).toEqual([
      '2028-01-31',
      '2028-02-29',
      '2028-03-31',
      '2028-04-30',
    ]);
    expect(dates(plan({ startsOn: '2027-02-01', daysOfMonth: [31] }), 2)).toEqual(['2027-02-28', '2027-03-31']);
  });

  test('when two days of a short month become one, the lower moves a day earlier', () => {
    expect(dates(plan({ frequency: 'TWICEMONTHLY', startsOn: '2027-02-01', daysOfMonth: [30, 31] }), 4)).toEqual([
      '2027-02-27',
      '2027-02-28',
      '2027-03-30',
      '2027-03-31',
    ]);
  });

  test('a year after 29 February comes 28 February, and in the next leap year the 29th again', () => {
    expect(dates(plan({ frequency: 'ANNUALLY', startsOn: '2028-02-29', daysOfMonth: [29] }), 5)).toEqual([
      '2028-02-29',
      '2029-02-28',
      '2030-02-28',
      '2031-02-28',
      '2032-02-29',
    ]);
  });
});

test('the end date is included, and a window without a match has no execution', () => {
  const monthly = plan({ startsOn: '2027-01-16', daysOfMonth: [15], lifeType: 'ENDDATE' });
  expect(countExecutions({ ...monthly, endsOn: '2027-02-15' })).toBe(1);
  expect(countExecutions({ ...monthly, endsOn: '2027-02-14' })).toBe(0);
  expect(lookAhead({ ...monthly, endsOn: '2027-03-20' }, 0)).toEqual({
    nextOn: '2027-02-15',
    finalOn: '2027-03-15',
    remaining: 2,
  });
});

test('a plan ends with the calendar, in the year 9999', () => {
  expect(lookAhead(plan({ frequency: 'DAILY', startsOn: '9999-12-31' }), 0).nextOn).toBe('9999-12-31');
  expect(lookAhead(plan({ frequency: 'DAILY', startsOn: '9999-12-31' }), 1).nextOn).toBeUndefined();
  expect(countExecutions(plan({ frequency: 'DAILY', lifeType: 'ENDDATE', startsOn: '2027-01-01', endsOn: '9999-12-31' }))).toBe(
    (Date.UTC(9999, 11, 31) - Date.UTC(2026, 11, 31)) / 86_400_000,
  );
});

test('weekends and bank holidays move to the next day on which banks are open', () => {
  expect(toBusinessDay('2027-07-02', [])).toBe('2027-07-02');
  expect(toBusinessDay('2027-07-03', [])).toBe('2027-07-05');
  expect(toBusinessDay('2027-07-04', ['2027-07-05'])).toBe('2027-07-06');
});
