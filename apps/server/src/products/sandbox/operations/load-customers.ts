import { createHash } from 'node:crypto';
import { scopes } from '@openbranch/contract/scopes';
import { type ImportedBooks, importBooks } from '../../../core/index.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { createInstitution } from '../../../platform/institutions/create-institution.ts';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import { toAlphanumeric } from '../../../platform/keys/random-text.ts';
import type { PasswordHasher } from '../../../platform/passwords/password-hasher.ts';
import { administer } from '../../../platform/transactions/administer.ts';
import { hashApplicationSecret } from '../../identity/index.ts';
import { toDay } from '../domain/demo-calendar.ts';
import { demoProducts } from '../domain/demo-products.ts';
import { planLoadedEntry } from '../domain/loaded-books.ts';
import { countLoaded, firstNumberOf, type LoadedCustomer, lastLoadedNumber, loadedCustomer } from '../domain/loaded-customer.ts';
import {
  copyCustomers,
  findHighestAccountKey,
  insertLoadApplication,
  isSandboxDatabase,
  liftStatementTimeout,
  lockLoad,
  refreshStatistics,
} from '../store/load-rows.ts';
import { reserveNumbers } from '../store/seed-book-rows.ts';
import type { SeededPassword } from '../store/seed-rows.ts';

export interface LoadPlan {
  readonly institutionId: string;
  /** How many there are to be in the end. */
  readonly customers: number;
  /** Of each customer. */
  readonly transactions: number;
  /** How many of the first customers can sign in. */
  readonly signIns: number;
}

export interface LoadParts {
  readonly sql: Sql;
  readonly keyRing: KeyRing;
  readonly hasher: PasswordHasher;
  readonly onProgress: (loaded: number) => void;
}

export interface LoadOutcome {
  readonly institutionId: string;
  readonly customers: number;
  /** Loaded by this run; the others were there. */
  readonly added: number;
  readonly application: { readonly clientId: string; readonly clientSecret: string };
  /** Of the customers that can sign in. */
  readonly password: string;
}

/** Of one COPY, which is built in memory and has to end before anybody gives it up. */
const [mostCustomersAtOnce, transactionsAtOnce] = [1_000, 20_000];

/**
 * Fills an institution of a sandbox with customers who have a checking and a savings account and the transactions of ninety
 * days. They come in batches, each a transaction: an interrupted load goes on where it was when it is asked for again.
 */
export async function loadCustomers(
  { sql, keyRing, hasher, onProgress }: LoadParts,
  plan: LoadPlan,
): Promise<Result<LoadOutcome, 'notASandbox' | 'anotherLoadRuns'>> {
  if (!(await isSandboxDatabase(sql))) return refuse('notASandbox');
  const { institutionId } = plan;
  await createInstitution(sql, keyRing, { institutionId, name: 'Load Test Bank', timeZone: 'America/New_York' });
  const application = await openApplication(sql, keyRing, institutionId);
  const password = `${toAlphanumeric(keyRing.hmac('sandbox', `load password ${institutionId}`)).slice(0, 16)}a1`;
  const hash = await hasher.hash(password);
  await sql.begin((tx) => reserveNumbers(tx, lastLoadedNumber));
  const customersAtOnce = Math.min(mostCustomersAtOnce, Math.max(1, Math.floor(transactionsAtOnce / plan.transactions)));
  const before = countLoaded(await findHighestAccountKey(sql, institutionId));
  for (let from = before; from < plan.customers; from += customersAtOnce) {
    const until = Math.min(from + customersAtOnce, plan.customers);
    if (!(await loadBatch(sql, plan, hash, { from, until }))) return refuse('anotherLoadRuns');
    onProgress(until);
  }
  if (before < plan.customers) await refreshStatistics(sql);
  const customers = Math.max(before, plan.customers);
  return accept({ institutionId, customers, added: customers - before, application, password });
}

/** Loaded customers are called by this application; its secret follows from the master key, as those of the seed do. */
async function openApplication(sql: Sql, keyRing: KeyRing, institutionId: string) {
  const clientId = digest(`load application ${institutionId}`).slice(0, 48);
  const derive = (name: string): string => toAlphanumeric(keyRing.hmac('sandbox', name));
  const clientSecret = derive(`load secret ${institutionId}`) + derive(`load secret, second part ${institutionId}`).slice(0, 16);
  await administer(sql, 'sandbox load', async ({ tx, now, announce }) => {
    const isNew = await insertLoadApplication(tx, {
      ...{ clientId, institutionId, createdAt: now },
      name: `load-${institutionId}`,
      secretHash: hashApplicationSecret(keyRing, clientId, clientSecret),
      scopes: Object.keys(scopes),
    });
    if (isNew) await announce('applications_changed', clientId);
  });
  return { clientId, clientSecret };
}

interface Range {
  readonly from: number;
  readonly until: number;
}

/** @returns false when somebody else loads the same customers. */
async function loadBatch(sql: Sql, plan: LoadPlan, hash: SeededPassword, { from, until }: Range): Promise<boolean> {
  const { institutionId } = plan;
  const numbered = Array.from({ length: until - from }, (_, place) => ({
    index: from + place,
    customer: loadedCustomer(institutionId, from + place, digest),
  }));
  const customers = numbered.map(({ customer }) => customer);
  const withPassword = new Set(customers.slice(0, Math.max(plan.signIns - from, 0)));
  const now = new Date();
  return sql.begin(async (tx) => {
    await liftStatementTimeout(tx);
    if (!(await lockLoad(tx, institutionId))) return false;
    if (countLoaded(await findHighestAccountKey(tx, institutionId)) !== from) return false;
    await copyCustomers(tx, institutionId, customers, (one) => (withPassword.has(one) ? hash : undefined), now);
    await importBooks(tx, toBooks(plan, numbered, now));
    return true;
  });
}

function toBooks(
  { institutionId, transactions }: LoadPlan,
  numbered: readonly { readonly index: number; readonly customer: LoadedCustomer }[],
  now: Date,
): ImportedBooks {
  const today = toDay(toInstitutionDate(now, 'America/New_York'));
  return {
    institutionId,
    firstNumber: firstNumberOf(numbered[0]?.index ?? 0),
    members: numbered.map(({ customer }) => ({ ...customer, cifNumber: undefined })),
    accounts: numbered.flatMap(({ customer }) => [
      toAccount(customer, 'checking', customer.checkingKey),
      toAccount(customer, 'savings', customer.savingsKey),
    ]),
    holders: numbered.flatMap(({ customer: { memberNumber, checkingKey, savingsKey } }) => [
      { memberNumber, accountKey: checkingKey, ownership: 'PRIMARY' },
      { memberNumber, accountKey: savingsKey, ownership: 'PRIMARY' },
    ]),
    entries: numbered.map(({ index, customer }) => ({
      ...planLoadedEntry(customer, index, transactions, today),
      bookedAt: now,
    })),
    holds: [],
  };
}

function toAccount({ memberNumber }: LoadedCustomer, product: 'checking' | 'savings', accountKey: bigint) {
  return {
    ...demoProducts[product],
    accountKey,
    accountNumber: `${memberNumber}${product === 'checking' ? '01' : '02'}`,
    openedOn: '2020-01-02',
  };
}

function digest(name: string): string {
  return createHash('sha512').update(`openbranch sandbox ${name}`).digest('hex');
}

/** Customer number `index` of a load, from 0. */
export function findLoadedCustomer(institutionId: string, index: number): LoadedCustomer {
  return loadedCustomer(institutionId, index, digest);
}
