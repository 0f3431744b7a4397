import { setSwitch } from './sandbox-calls.ts';
import type { TestApp } from './test-app.ts';

/** Runs `work` while an institution has other policies, then puts the old ones back. */
export async function withPolicies(
  app: TestApp,
  institutionId: string,
  policies: Readonly<Record<string, Readonly<Record<string, string | number | boolean | readonly string[] | object>>>>,
  work: () => Promise<void>,
): Promise<void> {
  const { sql } = app.database;
  const [before] = await sql<{ policies: object }[]>`select policies from institutions where institution_id = ${institutionId}`;
  await sql`update institutions set policies = policies || ${sql.json(JSON.parse(JSON.stringify(policies)))} where institution_id = ${institutionId}`;
  await reload(app, institutionId);
  try {
    await work();
  } finally {
    await sql`update institutions set policies = ${sql.json(JSON.parse(JSON.stringify(before?.policies ?? {})))} where institution_id = ${institutionId}`;
    await reload(app, institutionId);
  }
}

/** Runs `work` while an institution is switched off. */
export async function whileSwitchedOff(app: TestApp, institutionId: string, work: () => Promise<void>): Promise<void> {
  const { sql } = app.database;
  await sql`update institutions set is_active = false where institution_id = ${institutionId}`;
  await reload(app, institutionId);
  try {
    await work();
  } finally {
    await sql`update institutions set is_active = true where institution_id = ${institutionId}`;
    await reload(app, institutionId);
  }
}

/** A switch that is set, to what it is, makes the program read the institution again. */
async function reload(app: TestApp, institutionId: string): Promise<void> {
  await setSwitch(app, institutionId, 'trace.strict_uuid', false);
}
