import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CapturedStatement } from './captured-statements.ts';
import type { LoadedBank } from './loaded-bank.ts';

export interface PgbenchPlan {
  readonly bank: LoadedBank;
  readonly statements: readonly CapturedStatement[];
  /** Rows of table `bench_customers`, numbered from 0. */
  readonly customerCount: number;
  /** Columns of that table, which parameters name. */
  readonly names: readonly string[];
  readonly clients: number;
}

export interface Pgbench {
  /** Transactions a second. */
  run(seconds: number): Promise<number>;
}

const run = promisify(execFile);

/** PostgreSQL's own load, running a script of these statements, each prepared once by each client. */
export async function createPgbench(plan: PgbenchPlan): Promise<Pgbench> {
  const program = findProgram();
  const file = join(plan.bank.folder, 'transfer.sql');
  await writeFile(file, toScript(plan));
  const settings = ['-n', '-M', 'prepared', '-c', String(plan.clients), '-j', '1', '-D', 'known=0', '-f', file];
  return {
    run: async (seconds) => {
      const { stdout } = await run(program, [...settings, '-T', String(seconds), plan.bank.target.url]);
      const perSecond = /^tps = ([\d.]+)/mu.exec(stdout)?.[1];
      if (perSecond === undefined || !/^number of failed transactions: 0 /mu.test(stdout))
        throw new Error(`pgbench gave no result:\n${stdout}`);
      return Number(perSecond);
    },
  };
}

/** Debian's is not in the path. */
function findProgram(): string {
  const folder = '/usr/lib/postgresql';
  const versions = existsSync(folder) ? readdirSync(folder) : [];
  const found = versions.map((version) => `${folder}/${version}/bin/pgbench`).findLast((file) => existsSync(file));
  if (found === undefined) throw new Error('There is no pgbench: on Debian, apt-get install postgresql.');
  return found;
}

/**
 * Each client takes another customer every twentieth time, so that asking for its parameters weighs little; trace ids are
 * numbers, which nobody draws twice.
 */
function toScript({ statements, customerCount, names }: PgbenchPlan): string {
  const lines = [
    '\\set turn random(1, 20)',
    '\\set traceId random(1, 9000000000000000000)',
    '\\if :known = 0 or :turn = 1',
    `\\set number random(0, ${customerCount - 1})`,
    `select ${names.map((name) => `"${name}"`).join(', ')} from bench_customers where number = :number \\gset`,
    '\\set known 1',
    '\\endif',
    ...statements.map((statement) => `${toPgbench(statement)};`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Parameters that name something become variables, which pgbench sends as parameters; the others become constants. */
function toPgbench({ text, parameters }: CapturedStatement): string {
  const sql = text.replaceAll(/\$(\d+)/gu, (_, number: string) => toExpression(parameters[Number(number) - 1] ?? null));
  return sql.trim();
}

function toExpression(value: string | null): string {
  if (value === null) return 'null';
  const whole = /^\{\{([A-Za-z]+)\}\}$/u.exec(value)?.[1];
  if (whole !== undefined) return `:${whole}`;
  const parts = value.split(/(\{\{[A-Za-z]+\}\})/u).filter((part) => part !== '');
  const texts = parts.map((part) => {
    const name = /^\{\{([A-Za-z]+)\}\}$/u.exec(part)?.[1];
    // A colon in a constant would begin a variable: it is written as an escape.
    return name === undefined ? toConstant(part) : `:${name}::text`;
  });
  return texts.length === 1 ? (texts[0] ?? 'null') : `(${texts.join(' || ')})`;
}

function toConstant(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll(':', '\\x3A');
  return /[\\]/u.test(escaped) ? `E'${escaped}'` : `'${escaped}'`;
}
