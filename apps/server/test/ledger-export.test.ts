import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestBooks, type TestBooks } from '@openbranch/testkit/test-books';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bookHistory, exportLedger, type NewEntry } from '../src/core/index.ts';
import type { ExportFormat } from '../src/core/ledger/export/export-ledger.ts';
import { SetupError } from '../src/platform/db/setup-error.ts';

/** Exports are read by programs that nobody here wrote. Where everything has to be shown, a missing one is a failure. */
const isRequired = process.env['CI'] === 'true';
const isMissing = (program: string) => !existsSync(`/usr/bin/${program}`) && !isRequired;
const unless = (program: string, name: string) =>
  isMissing(program) ? ` (skipped: the Debian package ${name} is not installed)` : '';

let own: TestDatabase;
let books: TestBooks;
let folder: string;
const keys: Record<'checking' | 'savings' | 'card' | 'loan' | 'quiet', bigint> = {
  checking: 0n,
  savings: 0n,
  card: 0n,
  loan: 0n,
  quiet: 0n,
};
const nasty = 'Müller & <Söhne> "; date:1999-01-01 | a\u0007b\n\tc';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'openbranch-export-'));
  own = await createTestDatabase();
  books = await createTestBooks(own.database, '00042');
  keys.checking = await books.open({ balanceMinor: 123_456n });
  keys.savings = await books.open({ balanceMinor: 1n, accountType: 'SAVINGS' });
  keys.card = await books.open({ accountType: 'CREDIT_CARD_LOAN', category: 'LOAN', creditLimitMinor: 500_000n });
  keys.loan = await books.open({ balanceMinor: -2_000_000n, accountType: 'MORTGAGE_LOAN', category: 'LOAN' });
  keys.quiet = await books.open();
  const bookedAt = new Date('2026-03-04T15:00:00Z');
  const entryOf = (transactionDate: string, postings: NewEntry['postings']): NewEntry => ({
    ...{ institutionId: '00042', kind: 'transfer', bookedAt, transactionDate, postings },
  });
  const text = { description: nasty, memo: nasty };
  await own.database.sql.begin((tx) =>
    bookHistory(tx, '00042', [
      entryOf('2026-02-10', [
        { account: { key: keys.checking }, amountMinor: -1_999n, type: 'CHECK', checkNumber: '1001', ...text },
        { account: { internal: 'clearing' }, amountMinor: 1_999n, type: 'CHECK' },
      ]),
      entryOf('2026-02-11', [
        { account: { key: keys.checking }, amountMinor: -30_000n, type: 'TRANSFER_DEBIT' },
        { account: { key: keys.loan }, amountMinor: 30_000n, type: 'PAYMENT' },
      ]),
      entryOf('2026-03-01', [
        { account: { key: keys.card }, amountMinor: -4_500n, type: 'RETAIL_PURCHASE', description: 'Shop' },
        { account: { internal: 'clearing' }, amountMinor: 4_500n, type: 'RETAIL_PURCHASE' },
      ]),
      ...Array.from({ length: 1_200 }, () =>
        entryOf('2026-03-02', [
          { account: { key: keys.savings }, amountMinor: 3n, type: 'INTEREST_POSTING' },
          { account: { internal: 'interest' }, amountMinor: -3n, type: 'INTEREST_POSTING' },
        ]),
      ),
    ]),
  );
});
afterAll(async () => {
  await own.drop();
  await rm(folder, { recursive: true });
});

interface Chosen {
  readonly accountKey?: bigint;
  readonly from?: string;
  readonly to?: string;
}

/** @returns The file, and of how many characters its longest piece was. */
async function write(format: ExportFormat, { accountKey, from, to }: Chosen = {}) {
  const pieces: string[] = [];
  const request = { institutionId: '00042', accountKey, from, to, now: new Date('2026-03-05T10:00:00Z'), today: '2026-03-05' };
  await exportLedger(own.database.sql, format, request, async (piece) => void pieces.push(piece));
  const file = join(folder, `export.${format}`);
  await writeFile(file, pieces.join(''));
  return { file, text: pieces.join(''), longest: Math.max(...pieces.map(({ length }) => length)) };
}

function read(program: string, ...args: readonly string[]) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
  if (error !== undefined) throw error;
  return { status, stdout, stderr };
}

const numberOf = async (key: bigint) => (await books.core.findAccounts(own.database.sql, '00042', [key]))[0]?.accountNumber ?? '';

describe.skipIf(isMissing('hledger'))(`hledger reads the books${unless('hledger', 'hledger')}`, () => {
  test('strictly, in balance, and comes to the balances that the ledger has', async () => {
    const { file } = await write('hledger');
    expect(read('hledger', '-f', file, 'check', '--strict')).toEqual({ status: 0, stdout: '', stderr: '' });
    const { stdout } = read('hledger', '-f', file, 'balance', '--flat', '-O', 'csv');
    const balances = Object.fromEntries(
      stdout
        .split('\n')
        .slice(1)
        .filter(Boolean)
        .map((line) => line.replaceAll('"', '').split(',')),
    );
    expect(balances).toEqual({
      'assets:clearing': '-64.99 USD',
      [`assets:loans:${await numberOf(keys.card)}`]: '45.00 USD',
      [`assets:loans:${await numberOf(keys.loan)}`]: '19700.00 USD',
      'equity:opening': '-18765.43 USD',
      'expenses:interest': '36.00 USD',
      [`liabilities:deposits:${await numberOf(keys.checking)}`]: '-914.57 USD',
      [`liabilities:deposits:${await numberOf(keys.savings)}`]: '-36.01 USD',
      total: '0',
    });
  });

  test('of one account, of some days', async () => {
    const { file } = await write('hledger', { accountKey: keys.checking, from: '2026-02-11', to: '2026-02-28' });
    expect(read('hledger', '-f', file, 'check', '--strict').status).toBe(0);
    const { stdout } = read('hledger', '-f', file, 'print');
    expect(stdout.match(/^2026-/gmu)).toHaveLength(1);
    expect(stdout).toContain('300.00 USD');
  });
});

describe.skipIf(isMissing('ofxdump'))(`ofxdump reads the statements${unless('ofxdump', 'ofx')}`, () => {
  test('with every account, every transaction and the balances', async () => {
    const { file } = await write('ofx');
    const { status, stdout } = read('ofxdump', file);
    expect(status).toBe(0);
    for (const key of [keys.checking, keys.savings, keys.card, keys.loan, keys.quiet])
      expect(stdout).toContain(await numberOf(key));
    expect(stdout.match(/^ofx_proc_transaction\(\)/gmu)).toHaveLength(1_207);
    expect(stdout).toContain('Total money amount: -19.99');
    expect(stdout).toContain('Müller & <Söhne> "; date:1999-01-01 | a b c');
    expect(stdout).toContain('914.57');
    expect(stdout).toContain('-19700.00');
    expect(stdout).toMatch(/Account type: CREDIT ?CARD/iu);
  });
});

describe.skipIf(isMissing('xmllint'))(`xmllint reads the XML${unless('xmllint', 'libxml2-utils')}`, () => {
  const schema = join(import.meta.dirname, 'fixtures', 'camt.053.001.08-structure.xsd');

  test('of camt.053 by the structure of its schema, whole and in part', async () => {
    for (const chosen of [{}, { accountKey: keys.checking, from: '2026-02-11', to: '2026-02-28' }, { accountKey: keys.quiet }]) {
      const { file } = await write('camt053', chosen);
      expect(read('xmllint', '--noout', '--schema', schema, file)).toMatchObject({ status: 0 });
    }
  });

  test('of OFX as XML', async () => {
    const { file } = await write('ofx');
    expect(read('xmllint', '--noout', file)).toMatchObject({ status: 0, stderr: '' });
  });

  test('and finds what the opening balance and the entries make the closing one', async () => {
    const { file } = await write('camt053', { accountKey: keys.checking, from: '2026-02-11', to: '2026-02-28' });
    const textAt = (path: string) =>
      read('xmllint', '--xpath', `string(${path.replaceAll(/([A-Z]\w+)/gu, "*[local-name()='$1']")})`, file).stdout.trim();
    expect(textAt('//Bal[1]/Amt')).toBe('1214.57');
    expect(textAt('//Ntry/Amt')).toBe('300.00');
    expect(textAt('//Ntry/CdtDbtInd')).toBe('DBIT');
    expect(textAt('//Bal[2]/Amt')).toBe('914.57');
  });
});

test('an export is written in small pieces, however large the books are', async () => {
  for (const format of ['hledger', 'ofx', 'camt053'] as const) {
    const { text, longest } = await write(format);
    expect(text.length).toBeGreaterThan(longest * 2);
    expect(longest).toBeLessThan(500 * 1_000);
  }
});

test('an institution without accounts has nothing to write', async () => {
  const request = {
    institutionId: '00077',
    accountKey: undefined,
    from: undefined,
    to: undefined,
    now: new Date(),
    today: '2026-03-05',
  };
  await expect(exportLedger(own.database.sql, 'camt053', request, async () => undefined)).rejects.toThrow(SetupError);
});
