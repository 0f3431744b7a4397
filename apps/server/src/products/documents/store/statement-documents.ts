import type { SealedPlace } from '../../../kernel/personal-data.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';

export interface SealedStatement {
  /** Year and month, 202605. */
  readonly period: string;
  readonly sealed: Buffer;
}

export function statementPlace(institutionId: string, accountKey: bigint, period: string): SealedPlace {
  return { institutionId, table: 'statement_documents', column: 'document_sealed', rowId: `${accountKey}/${period}` };
}

export async function listStatementDocuments(
  sql: Sql,
  institutionId: string,
  accountKey: bigint,
  periods: readonly string[],
): Promise<readonly SealedStatement[]> {
  if (periods.length === 0) return [];
  const rows = await sql<{ period: string; document_sealed: Buffer }[]>`
    select period, document_sealed from statement_documents
    where institution_id = ${institutionId} and account_key = ${accountKey} and period = any(${[...periods]})`;
  return rows.map(({ period, document_sealed: sealed }) => ({ period, sealed }));
}

/** Keeps statements, each in place of an older form of itself. */
export async function saveStatementDocuments(
  tx: Tx,
  institutionId: string,
  accountKey: bigint,
  statements: readonly SealedStatement[],
  madeAt: Date,
): Promise<void> {
  await tx`
    insert into statement_documents ${tx(
      statements.map(({ period, sealed }) => ({
        institution_id: institutionId,
        account_key: accountKey,
        period,
        document_sealed: sealed,
        made_at: madeAt,
      })),
    )}
    on conflict (institution_id, account_key, period)
    do update set document_sealed = excluded.document_sealed, made_at = excluded.made_at`;
}
