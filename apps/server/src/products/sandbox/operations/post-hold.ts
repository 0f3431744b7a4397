import { postHold } from '@openbranch/contract/sandbox/operations';
import { findHold } from '../../../core/index.ts';
import { type Route, route } from '../../../http/route.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import { toMinor } from '../domain/decide-posting.ts';
import { findNamedAccount, findTransactionNumber, toPostingAnswer } from './posted-account.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function postHoldRoute(parts: SandboxParts): Route {
  return route(postHold).handle(async (call) => {
    const named = findNamedAccount(parts, call.params.accountId);
    if (named === undefined) throw call.error('accountNotFound');
    const transactionNumber = findTransactionNumber(parts, named, call.params.transactionId);
    const { institution, accountKey } = named;
    const { institutionId } = institution;
    const now = call.nowIn(institution);
    const transactionDate = toInstitutionDate(now, institution.timeZone);
    return call.writeIn(institution, async (write) => {
      await parts.core.lockBalances(write.sql, institutionId, [accountKey]);
      const [account] = await parts.core.findAccounts(write.sql, institutionId, [accountKey]);
      if (account === undefined) throw call.error('accountNotFound');
      if (transactionNumber === undefined) throw call.error('holdNotFound');
      const hold = await findHold(write.sql, { institutionId, accountKey, transactionNumber });
      if (hold === undefined) throw call.error('holdNotFound');
      const wanted = call.body.amount === undefined ? hold.amountMinor : toMinor(call.body.amount);
      if (wanted === undefined) throw call.error('postingInvalid');
      // The body tells how much, the hold in which direction.
      const amountMinor = hold.amountMinor < 0n && wanted > 0n ? -wanted : wanted;
      const reference = { institutionId, accountKey, transactionNumber };
      const entry = { bookedAt: now, transactionDate, amountMinor, against: 'clearing' } as const;
      const booked = await parts.core.postHold(write.sql, reference, entry);
      if (booked === 'notPending') throw call.error('holdNotPending');
      const balanceAfter = booked.postings[0]?.balanceAfter;
      if (balanceAfter === undefined) throw new Error('A posting on an account answers its balance.');
      const { type, description } = hold;
      await parts.tellOfMoney(write, {
        institutionId,
        occurredAt: now,
        accounts: [
          { account, balance: balanceAfter, change: { kind: 'booked', transactionNumber, amountMinor, type, description } },
        ],
      });
      await write.audit('sandbox_hold_settled', { details: { how: 'posted', accountKey: String(accountKey) } });
      const shown = { transactionNumber, transactionDate, isPending: false, hasImage: false, balanceAfter };
      return toPostingAnswer(parts, named, account, shown);
    });
  });
}
