import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BankCustomer, LoadedBank } from './loaded-bank.ts';

/** A statement as a server sent it, with `{{name}}` in its parameters for what belongs to the customer or the call. */
export interface CapturedStatement {
  readonly text: string;
  /** As PostgreSQL writes them; null is NULL. */
  readonly parameters: readonly (string | null)[];
}

/** Longer than the time between two statements that a server sends by itself. */
const idleMs = 3_000;

/** From now on the database writes every statement of new connections with its parameters into its log. */
export async function startCapture({ database: { sql } }: LoadedBank): Promise<void> {
  await sql`alter database openbranch set log_statement = 'all'`;
  await sql`alter database openbranch set log_error_verbosity = 'default'`;
}

export async function endCapture({ database: { sql } }: LoadedBank): Promise<void> {
  await sql`alter database openbranch reset all`;
}

/**
 * What the server sends for one call. The call is made twice before, so that the server knows by heart what it keeps; what
 * it sends by itself at any time is left out.
 */
export async function captureStatements(
  bank: LoadedBank,
  call: (customer: BankCustomer, traceId: string) => Promise<unknown>,
): Promise<readonly CapturedStatement[]> {
  const traceIdOf = (turn: number) => `00000000-0000-4000-8000-00000000000${turn}`;
  for (const turn of [1, 2]) await call(bank.customer(turn), traceIdOf(turn));
  const idle = await logged(bank, () => wait(idleMs));
  const own = new Set(idle.map(({ text }) => text));
  const customer = bank.customer(3);
  const statements = await logged(bank, () => call(customer, traceIdOf(3)));
  const names = new Map<string, string>([
    [traceIdOf(3), 'traceId'],
    [customer.loginName, 'loginName'],
    [customer.customerId, 'customerId'],
    [customer.institutionUserId, 'institutionUserId'],
    [customer.memberNumber, 'memberNumber'],
    [customer.checkingKey, 'checkingKey'],
    [customer.savingsKey, 'savingsKey'],
  ]);
  return ofTheCall(statements, [...names.keys()])
    .filter(({ text }) => !own.has(text))
    .map(({ text, parameters }) => ({ text, parameters: parameters.map((value) => withNames(value, names)) }));
}

interface LoggedStatement extends CapturedStatement {
  /** Of the connection. */
  readonly process: string;
}

/**
 * Transactions of others, which name nothing of the call, are left out, and so is what comes after the commit: the alerts
 * that were told of money begin with it.
 */
function ofTheCall(statements: readonly LoggedStatement[], values: readonly string[]): readonly LoggedStatement[] {
  const isOwn = ({ parameters }: LoggedStatement) => parameters.some((one) => values.some((value) => one?.includes(value)));
  const own = new Set(statements.filter(isOwn).map(({ process }) => process));
  const begun = statements.filter(({ text }) => text.startsWith('begin')).map(({ process }) => process);
  const others = new Set(begun.filter((process) => !own.has(process)));
  const kept = statements.filter(({ process }) => !others.has(process));
  const end = kept.findIndex(({ text }) => text === 'commit');
  return end < 0 ? kept : kept.slice(0, end + 1);
}

function withNames(value: string | null, names: ReadonlyMap<string, string>): string | null {
  let text = value;
  for (const [found, name] of names) text = text?.replaceAll(found, `{{${name}}}`) ?? null;
  return text;
}

async function logged(bank: LoadedBank, work: () => Promise<unknown>): Promise<LoggedStatement[]> {
  const file = join(bank.folder, 'data', 'postgres.log');
  const { size } = await stat(file);
  await work();
  // The database writes its log beside the answer.
  await wait(200);
  return parseLog((await readFile(file)).subarray(size).toString('utf8'));
}

/** Lines of one record begin with its time, further ones with a tab. */
function parseLog(text: string): LoggedStatement[] {
  const records = text.replaceAll('\n\t', '\u0000').split('\n');
  const statements: { readonly process: string; readonly text: string; parameters: readonly (string | null)[] }[] = [];
  for (const record of records) {
    const [, process = '', kind, said = ''] = /^\S+ \S+ \S+ \[(\d+)\] (LOG|DETAIL): {2}(.*)$/su.exec(record) ?? [];
    const statement = /^(?:statement|execute [^:]+): (.*)$/su.exec(said)?.[1];
    const last = statements.findLast((one) => one.process === process);
    if (kind === 'LOG' && statement !== undefined) statements.push({ process, text: lines(statement), parameters: [] });
    else if (kind === 'DETAIL' && last !== undefined && /^parameters: /iu.test(said)) last.parameters = parseParameters(said);
  }
  return statements;
}

const lines = (text: string): string => text.replaceAll('\u0000', '\n');

function parseParameters(said: string): (string | null)[] {
  const found = said.matchAll(/\$\d+ = (?:'((?:[^']|'')*)'|NULL)/gsu);
  return [...found].map(([, text]) => (text === undefined ? null : lines(text).replaceAll("''", "'")));
}

/** What a statement takes for a call of this customer. */
export function fillParameters(
  { parameters }: CapturedStatement,
  values: Readonly<Record<string, string>>,
): readonly (string | null)[] {
  return parameters.map((text) => text?.replaceAll(/\{\{([A-Za-z]+)\}\}/gu, (_, name: string) => values[name] ?? '') ?? null);
}
