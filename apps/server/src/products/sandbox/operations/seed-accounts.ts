import { availableOf, type Core, type HeldAccount } from '../../../core/index.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { subUserEntitlements } from '../domain/demo-accounts.ts';
import type { SeedCustomer, SeedInstitution } from '../domain/seed-plan.ts';
import type { SandboxSeed } from './sandbox-seed.ts';

/** An account as `sandbox.json` shows it. */
export interface SeedAccount {
  readonly accountId: string;
  readonly type: string;
  readonly category: string;
  readonly accountNumber: string;
  /** In units of the currency, when the file was written. */
  readonly available: number;
  readonly description: string;
  readonly ownership: string;
  /** The location of a business that it belongs to. */
  readonly customerId?: string;
  readonly isHidden?: true;
  readonly isHistoryEnabled?: false;
  readonly closedOn?: string;
}

/** The accounts that a customer of the seed reaches. */
export type SeedAccounts = (customer: SeedCustomer) => readonly SeedAccount[];

export const noAccounts: SeedAccounts = () => [];

/** One statement an institution. */
export async function readSeedAccounts(sql: Sql, core: Pick<Core, 'listAccounts'>, seed: SandboxSeed): Promise<SeedAccounts> {
  const lists = await Promise.all(seed.institutions.map((institution) => readOne(sql, core, seed, institution)));
  const byUser = new Map(lists.flat());
  return ({ institutionUserId }) => byUser.get(institutionUserId) ?? [];
}

type OfUser = readonly [institutionUserId: string, accounts: readonly SeedAccount[]];

async function readOne(
  sql: Sql,
  core: Pick<Core, 'listAccounts'>,
  { ids }: SandboxSeed,
  institution: SeedInstitution,
): Promise<readonly OfUser[]> {
  const { institutionId, customers, secondLocation } = institution;
  const memberNumbers = [...new Set([...customers.map((one) => one.memberNumber), secondLocation.memberNumber])];
  const held = await core.listAccounts(sql, institutionId, memberNumbers);
  const encoded = ids.encode(
    'account',
    institutionId,
    held.map(({ accountKey }) => ({ accountKey, number: 0n })),
  );
  const shown = held.map((account, index) => ({ account, accountId: encoded[index] ?? '' }));
  return customers.map((customer): OfUser => {
    const hasLocations = customer.institutionUserId === secondLocation.institutionUserId;
    const own = shown.filter(({ account }) => isReachedBy(customer, account) || (hasLocations && isOf(secondLocation, account)));
    const locationOf = (account: HeldAccount): string =>
      isOf(secondLocation, account) ? secondLocation.customerId : customer.customerId;
    return [
      customer.institutionUserId,
      own.map(({ account, accountId }) => ({
        ...toSeedAccount(account, accountId),
        ...(hasLocations ? { customerId: locationOf(account) } : {}),
      })),
    ];
  });
}

function isOf({ memberNumber }: { readonly memberNumber: string }, account: HeldAccount): boolean {
  return account.memberNumber === memberNumber;
}

function isReachedBy(customer: SeedCustomer, account: HeldAccount): boolean {
  if (!isOf(customer, account)) return false;
  return customer.role !== 'ENTITLED' || subUserEntitlements.some(({ accountKey }) => accountKey === account.accountKey);
}

function toSeedAccount(account: HeldAccount, accountId: string): SeedAccount {
  return {
    accountId,
    type: account.accountType,
    category: account.category,
    accountNumber: account.accountNumber,
    available: Number(availableOf(account, account.balance)) / 100,
    description: account.description,
    ownership: account.ownership,
    ...(account.isHidden ? { isHidden: true } : {}),
    ...(account.isHistoryEnabled ? {} : { isHistoryEnabled: false }),
    ...(account.closedOn === undefined ? {} : { closedOn: account.closedOn }),
  };
}
