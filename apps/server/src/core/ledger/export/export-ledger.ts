import type { Sql, Tx } from '../../../platform/db/database.ts';
import { SetupError } from '../../../platform/db/setup-error.ts';
import { writeCamt053 } from './camt053.ts';
import type { ExportRequest, WriteText } from './export-request.ts';
import { writeHledger } from './hledger.ts';
import { writeOfx } from './ofx.ts';

const writers = { hledger: writeHledger, ofx: writeOfx, camt053: writeCamt053 } as const satisfies Record<
  string,
  (tx: Tx, request: ExportRequest, write: WriteText) => Promise<void>
>;

export type ExportFormat = keyof typeof writers;
export const exportFormats: readonly string[] = Object.keys(writers);

export function isExportFormat(text: string): text is ExportFormat {
  return Object.hasOwn(writers, text);
}

/**
 * Writes booked transactions as they are at this moment, piece by piece: `hledger` the institution's books, the others statements.
 * @throws SetupError when there is no account: a file of no statements is none.
 */
export async function exportLedger(sql: Sql, format: ExportFormat, request: ExportRequest, write: WriteText): Promise<void> {
  await sql.begin('isolation level repeatable read read only', async (tx) => {
    // Whoever reads the text may be slow, and the books may be large.
    await tx`set local statement_timeout = 0`;
    await tx`set local idle_in_transaction_session_timeout = 0`;
    const accounts = await tx`select 1 from accounts where institution_id = ${request.institutionId} limit 1`;
    if (accounts.length === 0)
      throw new SetupError(`Institution ${request.institutionId} has no accounts: there is nothing to write.`);
    await writers[format](tx, request, write);
  });
}
