import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createOpaqueIds } from '@openbranch/server/core/index';
import { claimInstallation } from '@openbranch/server/platform/db/claim-installation';
import { findLoadedCustomer } from '@openbranch/server/products/sandbox/index';
import { type PreparedRequest, sendOnce, traceIdMark } from './http-request.ts';
import { type PreparedDatabase, prepareDatabase } from './prepared-institution.ts';

/** A private database that `openbranch sandbox load` has filled. */
export interface LoadedBank extends PreparedDatabase {
  readonly institutionId: string;
  readonly customerCount: number;
  /** Customer number `index`, from 0, as calls and statements know it. */
  customer(index: number): BankCustomer;
  /** A token of the application that was loaded with the customers, which has neither quota nor spike arrest. */
  requestToken(baseUrl: string): Promise<string>;
}

export interface BankCustomer {
  readonly loginName: string;
  readonly customerId: string;
  readonly institutionUserId: string;
  readonly memberNumber: string;
  readonly checkingKey: string;
  readonly savingsKey: string;
  /** As the API shows them. */
  readonly checkingId: string;
  readonly savingsId: string;
}

const institutionId = '00900';
const command = join(import.meta.dirname, '..', 'packages', 'cli', 'bin', 'openbranch.mjs');

/** @param transactions Of each customer, all but one of them on the checking account. */
export async function prepareLoadedBank(customers: number, transactions: number): Promise<LoadedBank> {
  const prepared = await prepareDatabase();
  try {
    const { sql } = prepared.database;
    await claimInstallation(sql, 'sandbox');
    const application = await load(prepared, customers, transactions);
    // What was loaded by the sandbox is served as in production.
    await sql`delete from installation`;
    await vacuum(prepared);
    const ids = createOpaqueIds(prepared.keyRing);
    return {
      ...prepared,
      institutionId,
      customerCount: customers,
      customer: (index) => {
        const { checkingKey, savingsKey, ...names } = findLoadedCustomer(institutionId, index);
        const idOf = (accountKey: bigint) => ids.encodeOne('account', institutionId, { accountKey, number: 0n });
        return {
          ...names,
          checkingKey: String(checkingKey),
          savingsKey: String(savingsKey),
          checkingId: idOf(checkingKey),
          savingsId: idOf(savingsKey),
        };
      },
      requestToken: (baseUrl) => requestToken(baseUrl, application),
    };
  } catch (error) {
    await prepared.remove();
    throw error;
  }
}

interface Application {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Runs the command as a person does; its progress is shown. */
async function load(
  { folder, target, masterKey }: PreparedDatabase,
  customers: number,
  transactions: number,
): Promise<Application> {
  const plan = ['--customers', customers, '--transactions', transactions, '--institution', institutionId, '--sign-ins', 0];
  const child = spawn(process.execPath, [command, 'sandbox', 'load', ...plan.map(String)], {
    env: {
      ...process.env,
      OPENBRANCH_DATA_DIR: join(folder, 'load'),
      OPENBRANCH_MASTER_KEY: masterKey.toString('base64'),
      DATABASE_URL: target.url,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += chunk));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`openbranch sandbox load ended with code ${code}.`);
  const outcome: { readonly application: Application } = JSON.parse(said);
  return outcome.application;
}

/** What the server does by itself some time after a load; only tables with rows, of which alone it can learn something. */
async function vacuum({ database: { sql } }: PreparedDatabase): Promise<void> {
  await sql.unsafe(`set statement_timeout = 0; set maintenance_work_mem = '512MB'`);
  await sql.unsafe(`vacuum (analyze) customers, institution_users, institution_user_customers, credentials, core_members, accounts,
    account_holders, account_balances, ledger_entries, postings`);
  await sql`checkpoint`;
}

async function requestToken(baseUrl: string, { clientId, clientSecret }: Application): Promise<string> {
  const answer = await sendOnce(baseUrl, {
    method: 'POST',
    path: '/oauth2/v1/token',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
      transactionId: traceIdMark,
      institutionId,
    },
    body: 'grant_type=client_credentials',
  });
  const { access_token: token }: { readonly access_token: string } = JSON.parse(answer);
  return token;
}

/** The calls that are measured. A client names the user by login name. */
export function createBankCalls(token: string) {
  const headers = { authorization: `Bearer ${token}`, transactionId: traceIdMark, correlationId: traceIdMark };
  return {
    account: ({ loginName, checkingId }: BankCustomer): PreparedRequest => ({
      method: 'GET',
      path: `/v1/accounts/${checkingId}?loginId=${loginName}`,
      headers,
    }),
    transactions: ({ loginName, checkingId }: BankCustomer): PreparedRequest => ({
      method: 'GET',
      path: `/v1/transactions?accountId=${checkingId}&loginId=${loginName}&$skip=0&$top=50`,
      headers,
    }),
    /** A cent to the other account of the same customer. */
    transfer: ({ loginName, customerId, checkingId, savingsId }: BankCustomer): PreparedRequest => ({
      method: 'POST',
      path: `/v1/transfers?loginId=${loginName}`,
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({
        fromAccountHolderId: customerId,
        fromAccountId: checkingId,
        toAccountId: savingsId,
        amount: { amount: 0.01, currencyCode: 'USD' },
      }),
    }),
  };
}

/** So many customers by chance, the same in every run; none twice while there are enough. */
export function pickCustomers(bank: LoadedBank, wanted: number): BankCustomer[] {
  const count = Math.min(wanted, bank.customerCount);
  // A step without a common divisor with the number of customers comes by each of them once.
  let step = Math.floor(bank.customerCount * 0.618_033_988_749) || 1;
  while (greatestCommonDivisor(step, bank.customerCount) !== 1) step += 1;
  return Array.from({ length: count }, (_, turn) => bank.customer((turn * step) % bank.customerCount));
}

function greatestCommonDivisor(left: number, right: number): number {
  return right === 0 ? left : greatestCommonDivisor(right, left % right);
}
