import { voidHold } from '@openbranch/contract/sandbox/operations';
import { findHold } from '../../../core/index.ts';
import { type Route, route } from '../../../http/route.ts';
import { findNamedAccount, findTransactionNumber } from './posted-account.ts';
import type { SandboxParts } from './sandbox-parts.ts';

export function voidHoldRoute(parts: SandboxParts): Route {
  return route(voidHold).handle(async (call) => {
    const named = findNamedAccount(parts, call.params.accountId);
    if (named === undefined) throw call.error('accountNotFound');
    const transactionNumber = findTransactionNumber(parts, named, call.params.transactionId);
    const { institution, accountKey } = named;
    const { institutionId } = institution;
    await call.writeIn(institution, async (write) => {
      const locked = await parts.core.lockBalances(write.sql, institutionId, [accountKey]);
      if (!locked.has(accountKey)) throw call.error('accountNotFound');
      if (transactionNumber === undefined) throw call.error('holdNotFound');
      const now = call.nowIn(institution);
      const reference = { institutionId, accountKey, transactionNumber };
      const hold = await findHold(write.sql, reference);
      if (hold === undefined) throw call.error('holdNotFound');
      const outcome = await parts.core.voidHold(write.sql, reference, now);
      if (outcome === 'notPending') throw call.error('holdNotPending');
      const [account] = await parts.core.findAccounts(write.sql, institutionId, [accountKey]);
      // A credit to come had given nothing.
      if (account !== undefined && hold.amountMinor < 0n) {
        const change = { kind: 'released', transactionNumber } as const;
        const accounts = [{ account, balance: account.balance, change }];
        await parts.tellOfMoney(write, { institutionId, occurredAt: now, accounts });
      }
      await write.audit('sandbox_hold_settled', { details: { how: 'voided', accountKey: String(accountKey) } });
    });
  });
}
