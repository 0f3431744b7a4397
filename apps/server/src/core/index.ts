export { bookHistory } from './ledger/book-history.ts';
export { expireHolds } from './ledger/expire-holds.ts';
export { exportFormats, exportLedger, isExportFormat } from './ledger/export/export-ledger.ts';
export { createLedger } from './ledger/ledger.ts';
export { type LedgerProgress, type LedgerVerification, verifyLedger } from './ledger/verify-ledger.ts';
export { createOpaqueIds, type IdKey, type IdKind, type OpaqueIds } from './opaque-ids.ts';
export * from './port.ts';
