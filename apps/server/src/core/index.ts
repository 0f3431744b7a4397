export { bookHistory } from './ledger/book-history.ts';
export { emptyBooks } from './ledger/empty-books.ts';
export { expireHolds } from './ledger/expire-holds.ts';
export { exportFormats, exportLedger, isExportFormat } from './ledger/export/export-ledger.ts';
export { findHold } from './ledger/find-hold.ts';
export { importBooks } from './ledger/import/import-books.ts';
export type {
  ImportedAccount,
  ImportedBooks,
  ImportedEntry,
  ImportedHold,
  ImportedHolder,
  ImportedPosting,
} from './ledger/import/imported-books.ts';
export { internalAccountKeys } from './ledger/internal-accounts.ts';
export { createLedger } from './ledger/ledger.ts';
export { type DayWork, runDaysJob } from './ledger/months/run-days.ts';
export { type LedgerProgress, type LedgerVerification, verifyLedger } from './ledger/verify-ledger.ts';
export { createOpaqueIds, type IdKey, type IdKind, type OpaqueIds } from './opaque-ids.ts';
export * from './port.ts';
