import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from '../../../kernel/calendar-date.ts';
import { decideRange } from './transaction-range.ts';

const settings = fc.record({
  rangeDays: fc.integer({ min: 1, max: 400 }),
  futureDays: fc.integer({ min: 0, max: 60 }),
  nearFutureDays: fc.integer({ min: 0, max: 5 }),
});
const day = fc.integer({ min: -800, max: 800 }).map((days) => addDays('2026-04-10', days));
const optionalDay = fc.option(day, { nil: undefined });

test('a range never ends before it starts; dates that are given stand, and what is left out follows from the settings', () => {
  fc.assert(
    fc.property(optionalDay, optionalDay, fc.boolean(), day, settings, (startDate, endDate, isFuture, today, rules) => {
      const range = decideRange({ startDate, endDate, isFuture }, today, rules);
      if (!range.ok) {
        const end = isFuture ? addDays(today, rules.futureDays) : endDate;
        expect(startDate !== undefined && end !== undefined && startDate > end).toBe(true);
        return;
      }
      const { from, to } = range.value;
      expect(from <= to).toBe(true);
      if (startDate !== undefined) expect(from).toBe(startDate);
      if (isFuture) expect(to).toBe(addDays(today, rules.futureDays));
      else if (endDate !== undefined) expect(to).toBe(endDate);
      if (startDate === undefined) expect(from).toBe(isFuture ? addDays(today, -rules.rangeDays) : addDays(to, -rules.rangeDays));
    }),
  );
});
