import type { Core } from '../port.ts';
import {
  findAccountByNumber,
  findAccounts,
  findAccountWithHolders,
  findMember,
  findNumberedAccountWithHolders,
  listAccounts,
  listOwnerNames,
} from './accounts.ts';
import { readBookedPeriod } from './booked-period.ts';
import { correct } from './corrections.ts';
import { countDebits } from './count-debits.ts';
import { saveTerms } from './entry-terms.ts';
import { placeHold, postHold, voidHold } from './holds.ts';
import { lockAccounts, lockBalances } from './lock-balances.ts';
import { findClosedThrough, holdFirstOpenDay } from './months/close-months.ts';
import { post } from './post-entry.ts';
import { listNewestTransactions, listTransactions } from './transactions.ts';

/** The built-in core: the port over tables of this database, and what only a core of our own can do. docs/ledger.md explains it. */
export function createLedger(): Core {
  return {
    findMember,
    listAccounts,
    findAccounts,
    findAccountWithHolders,
    listOwnerNames,
    findAccountByNumber,
    findNumberedAccountWithHolders,
    listTransactions,
    listNewestTransactions,
    countDebits,
    readBookedPeriod,
    findClosedThrough,
    holdFirstOpenDay,
    lockBalances,
    lockAccounts,
    post,
    placeHold,
    postHold,
    voidHold,
    correct,
    saveTerms,
  };
}
