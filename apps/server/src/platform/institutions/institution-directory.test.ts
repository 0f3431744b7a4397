import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsePolicies } from '../../kernel/policies.ts';
import { systemClock } from './clock.ts';
import { openInstitutionDirectory } from './institution-directory.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
  await own.database.sql`
    insert into institutions (institution_id, name, time_zone, policies, switches)
    values ('00001', 'One', 'UTC', '{"lockout":{"maxFailed":3}}', '{"debug.rules":true}'), ('00002', 'Two', 'Asia/Kolkata', '{}', '{}')`;
});
afterAll(() => own.drop());

test('institutions are held with their policies and switches, and read again when told', async () => {
  const { sql } = own.database;
  const directory = await openInstitutionDirectory(sql);
  expect(
    directory
      .all()
      .map(({ institutionId }) => institutionId)
      .sort(),
  ).toEqual(['00001', '00002']);
  expect(directory.find('00001')).toEqual({
    institutionId: '00001',
    name: 'One',
    timeZone: 'UTC',
    isActive: true,
    clockOffsetMs: 0,
    policies: { ...parsePolicies({}), lockout: { maxFailed: 3, autoUnlockMinutes: 0 } },
    switches: { 'debug.rules': true },
  });
  expect(directory.find('00003')).toBeUndefined();

  await sql`update institutions set name = name || ' changed'`;
  await directory.reload('00001');
  expect([directory.find('00001')?.name, directory.find('00002')?.name]).toEqual(['One changed', 'Two']);
  await directory.reload();
  expect(directory.find('00002')?.name).toBe('Two changed');
});

test('the clock of an institution is real time and what was added to it', async () => {
  await own.database.sql`update institutions set clock_offset_ms = 86400000 where institution_id = '00002'`;
  const directory = await openInstitutionDirectory(own.database.sql);
  const institution = directory.find('00002');
  if (institution === undefined) throw new Error('The institution is gone.');
  const ahead = systemClock.now(institution).getTime() - Date.now();
  expect(Math.abs(ahead - 86_400_000)).toBeLessThan(1000);
});
