import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { planAlertEvents } from './demo-alert-events.ts';
import { presumedPreferences, userPreferences } from './demo-alert-preferences.ts';
import { type DemoBooks, planBooks } from './demo-books.ts';
import { fromDay, toDay } from './demo-calendar.ts';
import { planSeed, type SeedInstitution } from './seed-plan.ts';

const institutions = planSeed(
  (name) => createHash('sha256').update(name).digest('hex').slice(0, 32),
  [],
  (_, accountKey) => String(accountKey),
);

function plan(institution: SeedInstitution, today: string, time = 'T20:15:00Z') {
  const books = planBooks(institution, today);
  const now = new Date(`${today}${time}`);
  return { books, now, events: planAlertEvents(institution, books, { now, today, accountIdOf: String }) };
}

const days = ['2026-11-22', '2027-03-01', '2028-02-29'];

function lastBalance({ entries }: DemoBooks, accountKey: bigint): bigint {
  return entries
    .flatMap(({ postings }) => postings)
    .reduce((sum, { account, amountMinor }) => (account === accountKey ? sum + amountMinor : sum), 0n);
}

describe('what customers could be told of', () => {
  test('is the same for the same moment on every machine', () => {
    for (const institution of institutions)
      expect(plan(institution, '2026-11-22').events).toEqual(plan(institution, '2026-11-22').events);
  });

  test('happened in the last ninety days, in order, each under a name of its own, whatever the day', () => {
    for (const today of days)
      for (const institution of institutions) {
        const { events, now } = plan(institution, today, 'T03:00:00Z');
        const times = events.map(({ event }) => event.occurredAt.getTime());
        expect(times).toEqual(times.toSorted((one, other) => one - other));
        expect(times.at(-1)).toBeLessThanOrEqual(now.getTime());
        expect(times[0]).toBeGreaterThanOrEqual(Date.parse(fromDay(toDay(today) - 89)));
        const names = events.map(({ name }) => name);
        expect(new Set(names).size).toBe(names.length);
        // With the longest type before it a name is the id of an event, of 64 characters at most.
        expect(Math.max(...names.map((name) => `LARGE_TRANSACTION.${name}`.length))).toBeLessThanOrEqual(64);
        for (const { event, readAt } of events)
          if (readAt !== undefined) expect(readAt >= event.occurredAt && readAt < now).toBe(true);
      }
  });

  test('ends with the balances of the books', () => {
    const [institution] = institutions;
    if (institution === undefined) throw new Error('The seed has two institutions.');
    const { events, books } = plan(institution, '2026-11-22');
    const balances = new Map(
      events.flatMap(({ event }) =>
        event.kind === 'posted'
          ? event.accounts.map(({ accountKey, availableBalanceMinor }) => [accountKey, availableBalanceMinor] as const)
          : [],
      ),
    );
    expect(balances.size).toBe(10);
    for (const [accountKey, balance] of balances) expect(balance).toBe(lastBalance(books, accountKey));
  });
});

describe('what customers want', () => {
  test('has numbers below those of the database, one wish for each of user, type, channel and account', () => {
    for (const institution of institutions) {
      const wishes = userPreferences(institution);
      expect(wishes.map(({ preferenceId }) => preferenceId)).toEqual(wishes.map((_, index) => BigInt(index + 1)));
      const keys = wishes.map((one) => `${one.institutionUserId} ${one.alertTypeName} ${one.channel} ${one.accountKey}`);
      expect(new Set(keys).size).toBe(keys.length);
      expect(new Set(wishes.map(({ institutionUserId }) => institutionUserId)).size).toBe(9);
      expect(wishes.filter(({ isOpted }) => !isOpted)).toHaveLength(1);
    }
    expect(presumedPreferences().length).toBeGreaterThan(0);
  });
});
