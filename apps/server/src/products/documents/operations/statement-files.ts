import { createHash } from 'node:crypto';
import { isOwed } from '../../../kernel/account-category.ts';
import { typeText } from '../../../kernel/type-text.ts';
import { renderPaper } from '../../../platform/drawing/render-paper.ts';
import { layOutStatement, type Statement } from '../domain/statement-paper.ts';
import type { StatementPeriod } from '../domain/statement-period.ts';
import { toStatements } from '../domain/statements-of-account.ts';
import {
  listStatementDocuments,
  type SealedStatement,
  saveStatementDocuments,
  statementPlace,
} from '../store/statement-documents.ts';
import type { DocumentsParts } from './documents-parts.ts';
import type { ImageCall, ImageSubject } from './image-call.ts';
import { getShowNumber } from './shown-number.ts';

/**
 * The files of statements in base64, by the id of the period; one that cannot be made or read is missing. A file is kept
 * with the fingerprint of what it tells, and is made again when the books tell something else, so that what is kept is
 * always what would be made anew.
 *
 * @param periods Oldest first.
 */
export async function readStatementFiles(
  call: ImageCall,
  parts: DocumentsParts,
  subject: ImageSubject,
  periods: readonly StatementPeriod[],
): Promise<ReadonlyMap<string, string>> {
  const { institutionId } = call.institution;
  const { accountKey } = subject.account;
  const [statements, kept] = await Promise.all([
    readStatements(call, parts, subject, periods),
    listStatementDocuments(
      call.sql,
      institutionId,
      accountKey,
      periods.filter(({ isPreview }) => !isPreview).map(({ id }) => id),
    ),
  ]);
  const files = new Map<string, string>();
  const made: { period: string; text: string }[] = [];
  // One after the other: setting a document keeps a processor busy.
  for (const [index, { id, isPreview }] of periods.entries()) {
    const statement = statements[index];
    if (statement === undefined) continue;
    const fingerprint = fingerprintOf(statement);
    try {
      const known = await openKept(
        parts,
        institutionId,
        accountKey,
        kept.find(({ period }) => period === id),
      );
      const file =
        known?.fingerprint === fingerprint ? known.file : (await renderPaper(layOutStatement(statement))).toString('base64');
      files.set(id, file);
      if (!isPreview && known?.fingerprint !== fingerprint) made.push({ period: id, text: `${fingerprint} ${file}` });
    } catch (error) {
      parts.log.error(`Institution ${institutionId}: a statement cannot be made or read: ${reasonOf(error)}`);
    }
  }
  try {
    await keep(call, parts, accountKey, made);
  } catch (error) {
    // They are made, and shown; the next call makes them again.
    parts.log.error(`Institution ${institutionId}: statements cannot be kept: ${reasonOf(error)}`);
  }
  return files;
}

async function readStatements(
  { institution, sql }: ImageCall,
  { core }: DocumentsParts,
  { account }: ImageSubject,
  periods: readonly StatementPeriod[],
): Promise<readonly Statement[]> {
  const [first, last] = [periods[0], periods.at(-1)];
  if (first === undefined || last === undefined) return [];
  const { institutionId, name: institutionName } = institution;
  const { accountKey, accountNumber, description, currency } = account;
  // A statement is one file for everybody, so it tells what everybody may see.
  const showNumber = getShowNumber({ institution }, { isUnmasked: false, lead: '*' });
  const [{ openingMinor, movements }, ownerNames] = await Promise.all([
    core.readBookedPeriod(sql, { institutionId, accountKey, from: first.from, to: last.to }),
    core.listOwnerNames(sql, institutionId, accountKey),
  ]);
  const head = {
    institutionName,
    ownerNames,
    accountDescription: description,
    accountNumber: showNumber(accountNumber),
    currency,
    isOwed: isOwed(account),
  };
  const rows = movements.map(({ date, amountMinor, type, ...text }) => {
    return { date, amountMinor, text: text.description ?? text.memo ?? typeText(type) };
  });
  return toStatements(head, periods, { openingMinor, rows });
}

/** Changed with the look of statements, so that none of an older look is found. */
const look = 1;

function fingerprintOf(statement: Statement): string {
  const told = JSON.stringify([look, statement], (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return createHash('sha256').update(told).digest('base64url');
}

async function openKept(
  { personalData }: DocumentsParts,
  institutionId: string,
  accountKey: bigint,
  kept: SealedStatement | undefined,
): Promise<{ readonly fingerprint: string; readonly file: string } | undefined> {
  if (kept === undefined) return undefined;
  const text = await personalData.open(statementPlace(institutionId, accountKey, kept.period), kept.sealed);
  if (text === undefined) return undefined;
  const end = text.indexOf(' ');
  return { fingerprint: text.slice(0, end), file: text.slice(end + 1) };
}

async function keep(
  call: ImageCall,
  { personalData }: DocumentsParts,
  accountKey: bigint,
  made: readonly { readonly period: string; readonly text: string }[],
): Promise<void> {
  if (made.length === 0) return;
  const { institutionId } = call.institution;
  await personalData.prepare(institutionId);
  await call.write(({ sql }) => {
    const sealed = made.map(({ period, text }) => {
      return { period, sealed: personalData.seal(statementPlace(institutionId, accountKey, period), text) };
    });
    return saveStatementDocuments(sql, institutionId, accountKey, sealed, call.now);
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'an unknown failure';
}
