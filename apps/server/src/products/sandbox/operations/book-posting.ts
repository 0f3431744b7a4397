import { bookPosting } from '@openbranch/contract/sandbox/operations';
import { type Balance, spendableOf } from '../../../core/index.ts';
import { type Route, route } from '../../../http/route.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import type { Tx } from '../../../platform/db/database.ts';
import { type DecidedPosting, decidePosting } from '../domain/decide-posting.ts';
import { findNamedAccount, type NamedAccount, toPostingAnswer } from './posted-account.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function bookPostingRoute(parts: SandboxParts): Route {
  return route(bookPosting).handle(async (call) => {
    const named = findNamedAccount(parts, call.params.accountId);
    if (named === undefined) throw call.error('accountNotFound');
    const { institution, accountKey } = named;
    const now = call.nowIn(institution);
    const today = toInstitutionDate(now, institution.timeZone);
    return call.writeIn(institution, async (write) => {
      const balance = (await parts.core.lockBalances(write.sql, institution.institutionId, [accountKey])).get(accountKey);
      const [account] = await parts.core.findAccounts(write.sql, institution.institutionId, [accountKey]);
      if (account === undefined || balance === undefined) throw call.error('accountNotFound');
      const posted = {
        accountType: account.accountType,
        category: account.category,
        isClosed: account.closedOn !== undefined,
        spendableMinor: spendableOf(account, balance),
      };
      const decision = decidePosting(posted, call.body, today, now);
      if (!decision.ok) throw call.error(decision.refusal);
      const { isPending, transactionDate, text } = decision.value;
      const { transactionNumber, balanceAfter } = isPending
        ? await hold(parts, write.sql, named, decision.value, now, balance)
        : await book(parts, write.sql, named, decision.value, { bookedAt: now, currency: account.currency });
      const change = isPending
        ? ({ kind: 'held', transactionNumber } as const)
        : ({ kind: 'booked', transactionNumber, amountMinor: decision.value.amountMinor, ...text } as const);
      // A credit to come gives nothing before it is there.
      if (!isPending || decision.value.amountMinor < 0n)
        await parts.tellOfMoney(write, {
          institutionId: institution.institutionId,
          occurredAt: now,
          accounts: [{ account, balance: balanceAfter, change }],
        });
      await write.audit('sandbox_posting_booked', {
        details: { type: call.body.type, isPending, accountKey: String(accountKey) },
      });
      const hasImage = text.imageType !== undefined;
      return toPostingAnswer(parts, named, account, { transactionNumber, transactionDate, isPending, hasImage, balanceAfter });
    });
  });
}

interface Booked {
  readonly transactionNumber: bigint;
  readonly balanceAfter: Balance;
}

async function hold(
  { core }: SandboxParts,
  tx: Tx,
  { institution, accountKey }: NamedAccount,
  { amountMinor, transactionDate, expiresAt, text }: DecidedPosting,
  now: Date,
  before: Balance,
): Promise<Booked> {
  const { institutionId } = institution;
  const placed = await core.placeHold(tx, {
    ...text,
    institutionId,
    accountKey,
    amountMinor,
    transactionDate,
    placedAt: now,
    expiresAt,
  });
  const heldMinor = amountMinor < 0n ? before.heldMinor - amountMinor : before.heldMinor;
  return { transactionNumber: placed.transactionNumber, balanceAfter: { ...before, heldMinor } };
}

async function book(
  { core }: SandboxParts,
  tx: Tx,
  { institution, accountKey }: NamedAccount,
  { amountMinor, kind, transactionDate, text }: DecidedPosting,
  at: { readonly bookedAt: Date; readonly currency: string },
): Promise<Booked> {
  const booked = await core.post(tx, {
    institutionId: institution.institutionId,
    kind,
    ...at,
    transactionDate,
    postings: [
      { ...text, account: { key: accountKey }, amountMinor },
      { type: text.type, description: text.description, account: { internal: 'clearing' }, amountMinor: -amountMinor },
    ],
  });
  const [own] = booked.postings;
  if (own?.balanceAfter === undefined) throw new Error('A posting on an account answers its balance.');
  return { transactionNumber: own.transactionNumber, balanceAfter: own.balanceAfter };
}
