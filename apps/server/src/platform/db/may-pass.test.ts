import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mayPass } from './may-pass.ts';

let own: TestDatabase;
beforeAll(async () => {
  own = await createTestDatabase();
});
afterAll(() => own.drop());

const failureOf = (statement: string) => own.database.sql.begin((tx) => tx.unsafe(statement)).catch((error: unknown) => error);

test('a statement that is over its time is not sent again as it is, a lost race is', async () => {
  expect(mayPass(await failureOf("set local statement_timeout = '10ms'; select pg_sleep(5)"))).toBe(false);
  expect(mayPass(await failureOf("do $$ begin raise exception using errcode = '40001'; end $$"))).toBe(true);
  expect(mayPass(await failureOf("do $$ begin raise exception using errcode = '53300'; end $$"))).toBe(true);
  expect(mayPass(await failureOf('select 1/0'))).toBe(false);
});
