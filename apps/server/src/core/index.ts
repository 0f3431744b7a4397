export { bookHistory } from './ledger/book-history.ts';
export { emptyBooks } from './ledger/empty-books.ts';
export { expireHolds } from './ledger/expire-holds.ts';
export { internalAccountKeys } from './ledger/internal-accounts.ts';
export { createLedger } from './ledger/ledger.ts';
export { createOpaqueIds, type IdKey, type IdKind, type OpaqueIds } from './opaque-ids.ts';
export * from './port.ts';
