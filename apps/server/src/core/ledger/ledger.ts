import type { Core } from '../port.ts';
import {
  findAccountByNumber,
  findAccounts,
  findAccountWithHolders,
  findMember,
  listAccounts,
  listHoldings,
  listOwnerNames,
} from './accounts.ts';
import { readBookedPeriod } from './booked-period.ts';
import { correct } from './corrections.ts';
import { countDebits } from './count-debits.ts';
import { placeHold, postHold, voidHold } from './holds.ts';
import { lockBalances } from './lock-balances.ts';
import { post } from './post-entry.ts';
import { saveTerms } from './save-terms.ts';
import { listTransactions } from './transactions.ts';

/** The built-in core: the port over tables of this database, and what only a core of our own can do. docs/ledger.md explains it. */
export function createLedger(): Core {
  return {
    findMember,
    listAccounts,
    findAccounts,
    findAccountWithHolders,
    listHoldings,
    listOwnerNames,
    findAccountByNumber,
    listTransactions,
    countDebits,
    readBookedPeriod,
    lockBalances,
    post,
    placeHold,
    postHold,
    voidHold,
    correct,
    saveTerms,
  };
}
