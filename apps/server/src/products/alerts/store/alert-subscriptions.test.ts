import { createTestApp, type TestApp } from '@openbranch/testkit/test-app';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openExplainedDatabase, type PlanNode } from '../../../../test/explained-database.ts';
import { listPageOfSubscriptions, type PageOfSubscriptions } from './alert-subscriptions.ts';

let app: TestApp;
let institutionId: string;

beforeAll(async () => {
  app = await createTestApp();
  const [institution] = app.sandbox.institutions;
  institutionId = institution?.institutionId ?? '';
  const guid = institution?.customers.find(({ state }) => state === 'active')?.customerId ?? '';
  const { sql } = app.database;
  await sql`
    insert into alert_subscriptions (institution_id, customer_guid, subscription_id, event_type, is_active)
    select ${institutionId}, ${guid}, lpad(to_hex(n), 32, '0'), case when n % 10000 = 0 then 'RARE' else 'LOGIN' end, n % 9000 <> 0
    from generate_series(1, 30000) n`;
  await sql`analyze alert_subscriptions`;
});
afterAll(() => app.close());

const everything: PageOfSubscriptions = { limit: 30, after: '', eventTypes: undefined, isActive: undefined, notOn: undefined };
const indexesOf = (node: PlanNode): string[] => [
  ...(node['Index Name'] === undefined ? [] : [node['Index Name']]),
  ...(node.Plans ?? []).flatMap(indexesOf),
];

test.each([
  ['of a rare type', { eventTypes: ['RARE'] }, 'alert_subscriptions__type', 3],
  ['that have ended', { isActive: false }, 'alert_subscriptions__state', 3],
] as const)('a page of subscriptions %s reads an index that begins with what is asked', async (_, filter, index, count) => {
  const plans: PlanNode[] = [];
  const explained = await openExplainedDatabase(app.target, ({ text, plan }) => {
    if (text.includes('alert_subscriptions')) plans.push(plan);
  });
  expect(await listPageOfSubscriptions(explained.sql, institutionId, { ...everything, ...filter })).toHaveLength(count);
  await explained.close();
  expect(plans.flatMap(indexesOf)).toContain(index);
});
