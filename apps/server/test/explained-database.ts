import postgres from 'postgres';
import { connectionOptions } from '../src/platform/db/connection-options.ts';
import type { Database, Sql } from '../src/platform/db/database.ts';
import type { DatabaseTarget } from '../src/platform/db/database-target.ts';

/** A statement as the server ran it, with the plan that it took for it. */
export interface ExplainedStatement {
  readonly text: string;
  readonly plan: PlanNode;
}

/** The members of PostgreSQL's EXPLAIN (FORMAT JSON) that say what is read, and how. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Parent Relationship'?: string;
  readonly 'Subplan Name'?: string;
  readonly Operation?: string;
  readonly 'Scan Direction'?: string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly Alias?: string;
  readonly 'CTE Name'?: string;
  readonly 'Function Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Recheck Cond'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly PlanNode[];
}

/**
 * One connection that tells of every statement. Plans are those that fit all parameters, because a server takes them after
 * a few calls, and because others would show the parameters of one call.
 */
export async function openExplainedDatabase(
  target: DatabaseTarget,
  onStatement: (statement: ExplainedStatement) => void,
): Promise<Database> {
  const sql: Sql = postgres({
    ...connectionOptions(target),
    max: 1,
    types: {
      bigint: postgres.BigInt,
      date: { to: 1082, from: [1082], serialize: (day: string) => day, parse: (day: string) => day },
    },
    onnotice: ({ message = '' }) => {
      const [, plan] = /^duration: [\d.]+ ms {2}plan:\n(.*)$/su.exec(message) ?? [];
      if (plan === undefined) return;
      const explained: { readonly 'Query Text': string; readonly Plan: PlanNode } = JSON.parse(plan);
      onStatement({ text: explained['Query Text'], plan: explained.Plan });
    },
    connection: {
      TimeZone: 'UTC',
      DateStyle: 'ISO',
      session_preload_libraries: 'auto_explain',
      // postgres.js leaves out what is falsy.
      'auto_explain.log_min_duration': '0',
      'auto_explain.log_format': 'json',
      client_min_messages: 'log',
      plan_cache_mode: 'force_generic_plan',
    },
  });
  await sql`select 1`;
  return { sql, close: () => sql.end({ timeout: 5 }) };
}
