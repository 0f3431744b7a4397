import type { OwnEvent, UserEvent } from '../../../kernel/own-event.ts';
import type { DemoBooks } from './demo-books.ts';
import { type Day, fromDay, toDay } from './demo-calendar.ts';
import { bookedAtOf, type DemoPosting } from './demo-journal.ts';
import { createSeededRandom } from './demo-people.ts';
import { places } from './demo-places.ts';
import { demoProducts } from './demo-products.ts';
import type { SeedInstitution } from './seed-plan.ts';

/** Something of the last ninety days that customers could be told of. */
export interface DemoAlertEvent {
  /** Unique in the institution, and the same wherever it is planted on the same day. */
  readonly name: string;
  readonly event: OwnEvent;
  readonly readAt: Date | undefined;
  readonly failsBy: 'EMAIL' | 'SMS' | undefined;
}

export interface AlertEventsPlan {
  readonly now: Date;
  /** YYYY-MM-DD in the institution. */
  readonly today: string;
  readonly accountIdOf: (accountKey: bigint) => string;
}

const daysKept = 90;
const hourMs = 3_600_000;

type Happened = Pick<DemoAlertEvent, 'name' | 'event'> & Partial<Pick<DemoAlertEvent, 'failsBy'>>;

/** Every posting on an account for everyday money, and what happened to the access of customers; oldest first. */
export function planAlertEvents(
  institution: SeedInstitution,
  books: Pick<DemoBooks, 'accounts' | 'entries'>,
  plan: AlertEventsPlan,
): readonly DemoAlertEvent[] {
  const random = createSeededRandom(Number(institution.institutionId) * 1000 + daysKept);
  const happened = [...planPostings(institution, books, plan), ...planAccess(institution, plan, random)];
  return happened
    .toSorted((one, other) => one.event.occurredAt.getTime() - other.event.occurredAt.getTime())
    .map((one) => withFate(one, plan.now, random));
}

/** Most alerts are read within two days; now and then the provider is away. */
function withFate({ failsBy, ...happened }: Happened, now: Date, random: () => number): DemoAlertEvent {
  const readAt = new Date(happened.event.occurredAt.getTime() + Math.floor(random() * 48 * hourMs));
  const isRead = random() < 0.7 && readAt < now;
  const isMissed = random() < 0.03;
  return { ...happened, readAt: isRead ? readAt : undefined, failsBy: failsBy ?? (isMissed ? 'SMS' : undefined) };
}

function planPostings(
  { institutionId }: SeedInstitution,
  { accounts, entries }: Pick<DemoBooks, 'accounts' | 'entries'>,
  { now, today, accountIdOf }: AlertEventsPlan,
): readonly Happened[] {
  const since = fromDay(toDay(today) - daysKept + 1);
  const everyday = everydayAccounts(accounts, accountIdOf);
  const balances = new Map<bigint, bigint>();
  const counts = new Map<string, number>();
  const happened: Happened[] = [];
  for (const entry of entries)
    for (const posting of entry.postings) {
      const { account: accountKey, amountMinor, transactionDate } = posting;
      const account = typeof accountKey === 'string' ? undefined : everyday.get(accountKey);
      if (account === undefined) continue;
      const availableBalanceMinor = (balances.get(account.accountKey) ?? 0n) + amountMinor;
      balances.set(account.accountKey, availableBalanceMinor);
      if (transactionDate < since) continue;
      const day = `seed-${accountKey}-${transactionDate}`;
      const count = (counts.get(day) ?? 0) + 1;
      counts.set(day, count);
      const name = `${day}-${count}`;
      const moved = { ...account, availableBalanceMinor, reference: name, transaction: toTransaction(posting) };
      happened.push({ name, event: { kind: 'posted', institutionId, occurredAt: bookedAtOf(entry, now), accounts: [moved] } });
    }
  return happened;
}

function toTransaction({ type, description, amountMinor }: DemoPosting) {
  const isCredit = amountMinor > 0n;
  return {
    // Books number their transactions when they are imported, and no words of the seed name them.
    transactionId: '',
    amountMinor: isCredit ? amountMinor : -amountMinor,
    isCredit,
    isCashWithdrawal: type === 'ATM_WITHDRAWAL',
    description,
  };
}

/** Accounts for everyday money, by key. */
function everydayAccounts(accounts: DemoBooks['accounts'], accountIdOf: AlertEventsPlan['accountIdOf']) {
  return new Map(
    accounts
      .filter(({ product, trait }) => demoProducts[product].accountType === 'CHECKING' && trait === undefined)
      .map(({ accountKey, accountNumber, product }) => {
        const { accountType } = demoProducts[product];
        return [accountKey, { accountKey, accountId: accountIdOf(accountKey), accountNumber, accountType, currencyCode: 'USD' }];
      }),
  );
}

/** Sign-ins every few days, and by some customers something out of the ordinary. */
function planAccess(institution: SeedInstitution, { now, today }: AlertEventsPlan, random: () => number): readonly Happened[] {
  const { institutionId, customers } = institution;
  const last = toDay(today);
  const tell = (place: number, kind: UserEvent['kind'], occurredAt: Date, failsBy?: 'EMAIL'): Happened[] => {
    const institutionUserId = customers[place]?.institutionUserId;
    if (institutionUserId === undefined || occurredAt > now) return [];
    const name = `seed-user-${place + 1}-${occurredAt.toISOString().slice(0, 16)}-${kind}`;
    return [{ name, event: { kind, institutionId, institutionUserId, occurredAt }, failsBy }];
  };
  const at = (day: Day, hour: number, minute: number) => new Date(`${fromDay(day)}T${twoDigits(hour)}:${twoDigits(minute)}:00Z`);
  const signIns = customers.flatMap(({ state }, place) => {
    const days = Array.from({ length: daysKept }, (_, index) => last - daysKept + 1 + index);
    return days.flatMap((day) => {
      const time = at(day, 14 + Math.floor(random() * 9), Math.floor(random() * 60));
      return random() < 0.15 && state === 'active' ? tell(place, 'signed-in', time) : [];
    });
  });
  return [
    ...signIns,
    ...tell(places.partnerOne, 'contact-changed', at(last - 12, 17, 20)),
    ...tell(places.partnerTwo, 'password-changed', at(last - 41, 16, 5), 'EMAIL'),
    ...tell(places.primary, 'locked', at(last - 23, 15, 12)),
    ...tell(places.primary, 'unlocked', at(last - 23, 15, 40)),
    ...customers.flatMap(({ state }, place) => (state === 'locked' ? tell(place, 'locked', now) : [])),
  ];
}

function twoDigits(count: number): string {
  return String(count).padStart(2, '0');
}
