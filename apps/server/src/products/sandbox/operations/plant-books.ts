import { type ImportedAccount, type ImportedBooks, type ImportedEntry, importBooks } from '../../../core/index.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { subUserEntitlements } from '../domain/demo-accounts.ts';
import { type DemoBooks, planBooks } from '../domain/demo-books.ts';
import { bookedAtOf, type DemoEntry } from '../domain/demo-journal.ts';
import { keyOf, places } from '../domain/demo-places.ts';
import { demoProducts } from '../domain/demo-products.ts';
import type { SeedInstitution } from '../domain/seed-plan.ts';
import { insertEntitlements, insertSecondLocation, reserveNumbers } from '../store/seed-book-rows.ts';

/** Numbers of the seed's entries and transactions; the sequence goes on after them. */
const firstNumber = 100_000n;
const lastNumber = 1_000_000n;

/** A cheque and a deposit slip of the first customer, whose images documents can name before anything is planted. */
export const shownImages = { account: keyOf(places.everyKind, 1), cheque: 900_001n, depositSlip: 900_002n } as const;

/** Gives the customers of an institution their accounts and two years of transactions, up to `now`. */
export async function plantBooks(tx: Tx, institution: SeedInstitution, now: Date): Promise<DemoBooks> {
  const { institutionId } = institution;
  const plan = planBooks(institution, toInstitutionDate(now, institution.timeZone));
  await reserveNumbers(tx, lastNumber);
  await insertSecondLocation(tx, institutionId, institution.secondLocation);
  await importBooks(tx, toImportedBooks(institution, plan, now));
  const subUser = institution.customers[places.subUser];
  if (subUser !== undefined) await insertEntitlements(tx, institutionId, subUser.institutionUserId, subUserEntitlements);
  return plan;
}

function toImportedBooks(institution: SeedInstitution, plan: DemoBooks, now: Date): ImportedBooks {
  const { institutionId, customers, secondLocation } = institution;
  const business = customers[places.business];
  return {
    institutionId,
    firstNumber,
    closedThrough: plan.closedThrough,
    members: [
      ...customers.filter(({ customerId, reachedCustomerId }) => customerId === reachedCustomerId),
      { firstName: business?.firstName ?? '', lastName: business?.lastName ?? '', memberNumber: secondLocation.memberNumber },
    ].map(({ memberNumber, firstName, lastName }) => ({ memberNumber, firstName, lastName, cifNumber: undefined })),
    accounts: plan.accounts.map(toImportedAccount),
    holders: plan.accounts.flatMap(({ accountKey, holders }) => holders.map((holder) => ({ ...holder, accountKey }))),
    entries: withShownImages(plan.entries).map((entry) => toImportedEntry(entry, now)),
    holds: plan.holds.map(({ account, ...hold }) => ({ ...hold, accountKey: account, placedAt: now })),
  };
}

function toImportedAccount(account: DemoBooks['accounts'][number]): ImportedAccount {
  const { trait, product, retirement, loan, description, ...rest } = account;
  const { interestRate, ...kind } = demoProducts[product];
  const isClosed = trait === 'closed';
  return {
    ...kind,
    ...rest,
    ...retirement,
    description: description ?? kind.description,
    interestRate: interestRate === 0 ? undefined : interestRate,
    routingNumber: kind.category === 'DEPOSIT' ? '000000518' : undefined,
    micrNumber: kind.accountType === 'CHECKING' ? account.accountNumber : undefined,
    statusFlags: retirement === undefined ? [] : ['retirementPlan'],
    isHidden: trait === 'hidden',
    isHistoryEnabled: trait !== 'historyOff',
    mayTransferFrom: kind.mayTransferFrom && !isClosed,
    mayTransferTo: kind.mayTransferTo && !isClosed,
    // What the checking account lacks is taken from the savings of the same customer.
    overdraftAccountKey: account.overdraftLimitMinor === undefined ? undefined : account.accountKey + 1n,
    loan,
  };
}

function toImportedEntry(entry: DemoEntry, now: Date): ImportedEntry {
  return { kind: entry.kind, bookedAt: bookedAtOf(entry, now), postings: entry.postings };
}

type NumberedEntry = Omit<DemoEntry, 'postings'> & {
  readonly postings: readonly (DemoEntry['postings'][number] & { readonly transactionNumber?: bigint })[];
};

/** The newest cheque and deposit slip of the shown account get the numbers that documents name. */
function withShownImages(entries: readonly DemoEntry[]): readonly NumberedEntry[] {
  const newest = (imageType: string): DemoEntry | undefined =>
    entries.findLast(({ postings }) =>
      postings.some((one) => one.account === shownImages.account && one.imageType === imageType),
    );
  const numbers = new Map([
    [newest('CHECK'), shownImages.cheque],
    [newest('DEPOSIT_SLIP'), shownImages.depositSlip],
  ]);
  return entries.map((entry) => {
    const transactionNumber = numbers.get(entry);
    if (transactionNumber === undefined) return entry;
    return {
      ...entry,
      postings: entry.postings.map((one) => (one.account === shownImages.account ? { ...one, transactionNumber } : one)),
    };
  });
}
