import { createHash } from 'node:crypto';
import { systemClock } from '@openbranch/server/platform/institutions/clock';
import { openInstitutionDirectory } from '@openbranch/server/platform/institutions/institution-directory';
import { type ApiCaller, createApiCaller, withoutLimits } from '@openbranch/testkit/api-caller';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import { fetchDisclosureTexts } from './fetch-disclosure-texts.ts';

let app: TestApp;
let api: ApiCaller;
let token: string;
beforeAll(async () => {
  app = await createTestApp({ prepare: withoutLimits });
  api = createApiCaller(app);
  token = await api.partnerToken();
});
afterAll(() => app.close());

const hashOf = (text: string) => createHash('sha256').update(text).digest();

/** Runs the task on the first institution; the web is the only thing that is not real. */
async function run(
  web: (url: string) => Result<Buffer, string> | Promise<Result<Buffer, string>>,
  aheadMs = 0,
): Promise<string[]> {
  const { sql } = app.database;
  const asked: string[] = [];
  const institution = (await openInstitutionDirectory(sql)).find('00042');
  if (institution === undefined) throw new Error('The sandbox has no institution.');
  const fetchHash = async (url: string) => {
    asked.push(url);
    return web(url);
  };
  const clock = { now: () => new Date(systemClock.now(institution).getTime() + aheadMs) };
  await fetchDisclosureTexts({ sql, clock, log: silentLog, fetchHash }, [institution]);
  return asked;
}

const seen = () => app.database.sql<{ details: Record<string, unknown> }[]>`
  select details from activities where institution_id = '00042' and kind = 'disclosure_text_seen' order by activity_id`;

async function acceptEsign(customer: number): Promise<Buffer | null> {
  const { loginId, institutionUserId } = api.customers({ state: 'active', role: 'PRIMARY' })[customer] ?? api.customer({});
  const answer = await api.withToken(token, 'POST', `/v1/institution-user-disclosures?loginId=${loginId}`, {
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ institutionDisclosureName: 'ESIGN', institutionUserDisclosureStatus: 'ACCEPTED' }),
  });
  expect(answer.statusCode).toBe(204);
  const [row] = await app.database.sql<{ content_hash: Buffer | null }[]>`
    select content_hash from disclosure_evidence
    where institution_id = '00042' and institution_user_id = ${institutionUserId} order by evidence_id desc limit 1`;
  return row?.content_hash ?? null;
}

test('what the URLs hold is looked at once a day, and decisions that follow bear the hash of the text', async () => {
  expect(await acceptEsign(1)).toBeNull();
  expect((await run(() => refuse('unreachable'))).length).toBe(4);
  expect(await acceptEsign(2)).toBeNull();
  expect((await run((url) => accept(hashOf(url)))).length).toBe(4);
  expect(await seen()).toHaveLength(4);
  expect(await acceptEsign(3)).toEqual(hashOf('https://docs.example.com/00042/esign.pdf'));
  expect(await run(() => accept(hashOf('other')))).toEqual([]);
  // A day later the same texts are seen again, all but one.
  const changed = (url: string) => accept(hashOf(url.includes('/ib.') ? 'new terms' : url));
  expect((await run(changed, 86_500_000)).length).toBe(4);
  const told = await seen();
  expect(told).toHaveLength(5);
  expect(told.at(-1)?.details['contentHash']).toBe(hashOf('new terms').toString('hex'));
});

test('a text that was replaced while it was fetched keeps no hash of the old one', async () => {
  const { sql } = app.database;
  await sql`update institution_disclosures set content_hash = null, content_seen_at = null where institution_id = '00042'`;
  const before = (await seen()).length;
  await run(async (url) => {
    if (url.includes('/ib.'))
      await sql`update institution_disclosures set version = version + 1 where institution_id = '00042' and name = 'IB'`;
    return accept(hashOf(url));
  });
  const rows = await sql`select name from institution_disclosures where institution_id = '00042' and content_hash is null`;
  expect(rows).toEqual([{ name: 'IB' }]);
  expect(await seen()).toHaveLength(before + 3);
});
