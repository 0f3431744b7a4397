import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Application } from '../../kernel/application.ts';
import type { Institution } from '../../kernel/institution.ts';
import { parsePolicies } from '../../kernel/policies.ts';
import { openDatabase } from '../db/database.ts';
import { type CallLimits, createCallLimits } from './call-limits.ts';

const noon = new Date('2026-06-19T19:00:00Z');
const hours = (count: number, from = noon) => new Date(from.getTime() + count * 3_600_000);

const institution: Institution = {
  institutionId: '00042',
  name: 'Sample Valley',
  timeZone: 'America/Los_Angeles',
  isActive: true,
  clockOffsetMs: 0,
  policies: parsePolicies({}),
  switches: {},
};

let db: TestDatabase;
let applications = 0;
const opened: CallLimits[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
});

afterEach(async () => {
  for (const limits of opened.splice(0)) await limits.close();
});

afterAll(() => db.drop());

function openLimits(): CallLimits {
  const limits = createCallLimits(db.database.sql, silentLog);
  opened.push(limits);
  return limits;
}

function newApplication(quotaPerDay: number, spikePerSecond = 0): Application {
  applications += 1;
  return {
    clientId: `app-${applications}`,
    name: 'app',
    isEnabled: true,
    institutionIds: new Set(['00042']),
    products: new Set(['authentication']),
    grantsV1: new Set(),
    grantsV2: new Set(),
    allowedScopes: [],
    offeringId: 'app',
    accessTtlV1: 1800,
    accessTtlV2: 1800,
    refreshTtl: 60,
    allowedAddresses: [],
    quotaPerDay,
    spikePerSecond,
    introspection: 'own',
  };
}

function takeTimes(limits: CallLimits, application: Application, times: number, now = noon) {
  return Array.from({ length: times }, () => limits.take(application, institution, now)?.exceeded);
}

async function storedUses(clientId: string): Promise<Record<string, number>> {
  const rows = await db.database.sql<{ day: string; used: bigint }[]>`
    select window_start as day, used from quota_windows where institution_id = '00042' and client_id = ${clientId}`;
  return Object.fromEntries(rows.map(({ day, used }) => [day, Number(used)]));
}

test('the quota lets exactly its number of calls through, and says when it begins anew', () => {
  const limits = openLimits();
  const application = newApplication(3);
  expect(takeTimes(limits, application, 5)).toEqual([undefined, undefined, undefined, 'quota', 'quota']);
  // Noon in Los Angeles: twelve hours to midnight.
  const refused = limits.take(application, institution, noon);
  expect(refused).toMatchObject({ limit: 3 });
  expect(Math.abs((refused?.retryAfterSeconds ?? 0) - 12 * 3600)).toBeLessThanOrEqual(1);
});

test('a refused call is not counted', async () => {
  const limits = openLimits();
  const application = newApplication(2);
  takeTimes(limits, application, 20);
  await limits.flush();
  expect(await storedUses(application.clientId)).toEqual({ '2026-06-19': 2 });
});

test('a limit of 0 is no limit', () => {
  expect(new Set(takeTimes(openLimits(), newApplication(0), 1000))).toEqual(new Set([undefined]));
});

test('two processes share one quota once each has stored its count', async () => {
  const [one, other] = [openLimits(), openLimits()];
  const application = newApplication(10);
  expect(takeTimes(one, application, 6)).not.toContain('quota');
  await one.flush();
  expect(takeTimes(other, application, 1)).toEqual([undefined]);
  await other.flush();
  expect(takeTimes(other, application, 4)).toEqual([undefined, undefined, undefined, 'quota']);
  await other.flush();
  expect(await storedUses(application.clientId)).toEqual({ '2026-06-19': 10 });
});

test("the window is the institution's own day: it rolls at its midnight, not at that of Greenwich", () => {
  const limits = openLimits();
  const application = newApplication(1);
  expect(takeTimes(limits, application, 2)).toEqual([undefined, 'quota']);
  expect(takeTimes(limits, application, 1, hours(11.99))).toEqual(['quota']);
  expect(takeTimes(limits, application, 2, hours(12.01))).toEqual([undefined, 'quota']);
});

test('calls that were not stored before midnight count for the day on which they came', async () => {
  const limits = openLimits();
  const application = newApplication(3);
  takeTimes(limits, application, 3);
  expect(takeTimes(limits, application, 2, hours(13))).toEqual([undefined, undefined]);
  await limits.flush();
  expect(await storedUses(application.clientId)).toEqual({ '2026-06-19': 3, '2026-06-20': 2 });
});

test('a sandbox clock may go to and fro: each day keeps its own count', async () => {
  const limits = openLimits();
  const days = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(days, async (visits) => {
      const application = newApplication(1_000_000);
      const expected: Record<string, number> = {};
      for (const day of visits) {
        limits.take(application, institution, hours(48 * day));
        const name = hours(48 * day)
          .toISOString()
          .slice(0, 10);
        expected[name] = (expected[name] ?? 0) + 1;
      }
      await limits.flush();
      expect(await storedUses(application.clientId)).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});

test('on the days when clocks change the window ends at the true midnight', () => {
  const limits = openLimits();
  for (const [start, lengthHours] of [
    ['2026-03-08T08:00:00Z', 23],
    ['2026-11-01T07:00:00Z', 25],
  ] as const) {
    const application = newApplication(1);
    const midnight = new Date(start);
    limits.take(application, institution, midnight);
    const refused = limits.take(application, institution, midnight);
    expect(Math.abs((refused?.resetSeconds ?? 0) - lengthHours * 3600)).toBeLessThanOrEqual(1);
  }
});

test('the spike limit refuses what comes too fast and lets go after a second', () => {
  const limits = openLimits();
  const application = newApplication(0, 5);
  // A second may turn while this runs, so at most two seconds' worth gets through.
  const outcomes = takeTimes(limits, application, 50);
  const passed = outcomes.filter((outcome) => outcome === undefined).length;
  expect([5, 10]).toContain(passed);
  expect(outcomes.slice(0, 5)).toEqual([undefined, undefined, undefined, undefined, undefined]);
  expect(outcomes.at(-1)).toBe('spike');
  const refused = Array.from({ length: 6 }, () => limits.take(application, institution, noon)).at(-1);
  expect(refused).toMatchObject({ retryAfterSeconds: 1, limit: 5 });
});

test('calls that name no institution belong to no quota, however many there are', async () => {
  const limits = openLimits();
  const application = newApplication(2);
  for (let call = 0; call < 50; call += 1) expect(limits.take(application, undefined, new Date(0))).toBeUndefined();
  expect(takeTimes(limits, application, 3)).toEqual([undefined, undefined, 'quota']);
  await limits.flush();
  expect(await storedUses(application.clientId)).toEqual({ '2026-06-19': 2 });
});

test('two applications, and one application in two institutions, do not count for each other', () => {
  const limits = openLimits();
  const [one, other] = [newApplication(1), newApplication(1)];
  expect(takeTimes(limits, one, 2)).toEqual([undefined, 'quota']);
  expect(takeTimes(limits, other, 1)).toEqual([undefined]);
  expect(limits.take(one, { ...institution, institutionId: '00077' }, noon)).toBeUndefined();
});

test('counts that could not be stored are kept and stored later, and calls go on meanwhile', async () => {
  const lines: string[] = [];
  const log = { ...silentLog, warn: (line: string) => void lines.push(line) };
  const own = await openDatabase(db.target, { maxConnections: 1, applicationName: 'limits' });
  const limits = createCallLimits(own.sql, log);
  const application = newApplication(5);
  takeTimes(limits, application, 3);
  await db.database.sql`alter table quota_windows rename to quota_windows_away`;
  await limits.flush();
  expect(lines).toHaveLength(1);
  expect(takeTimes(limits, application, 3)).toEqual([undefined, undefined, 'quota']);
  await db.database.sql`alter table quota_windows_away rename to quota_windows`;
  await limits.close();
  await own.close();
  expect(await storedUses(application.clientId)).toEqual({ '2026-06-19': 5 });
});
