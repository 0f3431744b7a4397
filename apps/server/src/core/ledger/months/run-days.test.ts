import type { Institution } from '@openbranch/server/kernel/institution';
import { parsePolicies } from '@openbranch/server/kernel/policies';
import { createTestBooks } from '@openbranch/testkit/test-books';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type DayWork, runDays } from './run-days.ts';

let own: TestDatabase;
let number = 500;
let [first, second]: [Institution, Institution] = [institution('00000'), institution('00000')];
let told: string[] = [];

beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(() => own.drop());

// January 2026 is the first month to close.
beforeEach(async () => {
  told = [];
  const made: Institution[] = [];
  for (let count = 0; count < 2; count += 1) {
    number += 1;
    const institutionId = String(number).padStart(5, '0');
    await createTestBooks(own.database, institutionId);
    await own.database.sql`insert into ledger_months (institution_id, closed_through) values (${institutionId}, '2025-12-31')`;
    made.push(institution(institutionId));
  }
  [first = first, second = second] = made;
});

function institution(institutionId: string): Institution {
  const policies = parsePolicies({});
  return { institutionId, name: 'Test', timeZone: 'UTC', isActive: true, clockOffsetMs: 0, policies, switches: {} };
}

const closedThrough = async ({ institutionId }: Institution) => {
  const [row] = await own.database.sql`select closed_through from ledger_months where institution_id = ${institutionId}`;
  return row?.['closed_through'];
};

/** Work that notes what is asked of it, with the months that are closed by then, and answers in turn; at last `done`. */
function work(answers: Readonly<Record<string, readonly Awaited<ReturnType<DayWork['run']>>[]>>) {
  const left = new Map(Object.entries(answers).map(([day, all]) => [day, [...all]]));
  const asked: [string, string, unknown][] = [];
  const run: DayWork['run'] = async (of, through) => {
    const day = through ?? 'now';
    asked.push([of.institutionId, day, await closedThrough(of)]);
    return left.get(day)?.shift() ?? 'done';
  };
  return { asked, run };
}

const runAt = (date: string, dayWork: DayWork, institutions: readonly Institution[]) =>
  runDays(
    {
      sql: own.database.sql,
      clock: { now: () => new Date(`${date}T12:00:00Z`) },
      log: { error: (_about: unknown, what?: string) => void told.push(what ?? '') },
    },
    dayWork,
    institutions,
  );

test('of several months that are over, what is due in each comes before its end, and its end before the next one', async () => {
  const { asked, run } = work({ '2026-01-31': ['more', 'more'], '2026-02-28': ['more'], now: ['more'] });
  await runAt('2026-03-10', { run }, [first]);
  expect(asked.map(([, day, closed]) => [day, closed])).toEqual([
    ['2026-01-31', '2025-12-31'],
    ['2026-01-31', '2025-12-31'],
    ['2026-01-31', '2025-12-31'],
    ['2026-02-28', '2026-01-31'],
    ['2026-02-28', '2026-01-31'],
    ['now', '2026-02-28'],
    ['now', '2026-02-28'],
  ]);
});

test('a month waits for what will be tried again, and what is due later does not', async () => {
  const { asked, run } = work({ '2026-01-31': ['waits'] });
  await runAt('2026-03-10', { run }, [first]);
  expect(asked.map(([, day]) => day)).toEqual(['2026-01-31', 'now']);
  expect(await closedThrough(first)).toBe('2025-12-31');
  await runAt('2026-03-10', { run }, [first]);
  expect(await closedThrough(first)).toBe('2026-02-28');
});

test('a month that cannot be closed is told to the log, holds up nothing that is due, and is tried again', async () => {
  await own.database.sql`
    alter table ledger_months add constraint broken check (institution_id <> ${own.database.sql.unsafe(`'${first.institutionId}'`)} or closed_through < '2026-01-01')`;
  const { asked, run } = work({});
  await runAt('2026-02-10', { run }, [first]);
  await own.database.sql`alter table ledger_months drop constraint broken`;
  expect([asked.map(([, day]) => day), told]).toEqual([['2026-01-31', 'now'], ['a month could not be closed']]);
  await runAt('2026-02-10', { run }, [first]);
  expect(await closedThrough(first)).toBe('2026-01-31');
});

test('what goes wrong in one institution is told to the log and does not reach the others', async () => {
  const { asked, run } = work({});
  const broken: DayWork = {
    run: (of, through) => (of === first ? Promise.reject(new Error('out of order')) : run(of, through)),
  };
  await runAt('2026-02-10', broken, [first, second]);
  expect([await closedThrough(first), await closedThrough(second)]).toEqual(['2025-12-31', '2026-01-31']);
  expect([asked.length, told]).toEqual([2, ['the days of an institution could not be run']]);
});

test('institutions take turns, so that none waits for the whole backlog of another one', async () => {
  const { asked, run } = work({ now: ['more', 'more', 'more', 'more', 'more'] });
  await runAt('2026-01-10', { run }, [first, second]);
  expect(asked.slice(0, 4).map(([id]) => id)).toEqual([
    first.institutionId,
    second.institutionId,
    first.institutionId,
    second.institutionId,
  ]);
});

test('an institution that is switched off stands still, and is caught up when it is on again', async () => {
  const { asked, run } = work({});
  await runAt('2026-02-10', { run }, [{ ...first, isActive: false }]);
  expect([asked, await closedThrough(first)]).toEqual([[], '2025-12-31']);
  await runAt('2026-02-10', { run }, [first]);
  expect([asked.length, await closedThrough(first)]).toEqual([2, '2026-01-31']);
});
