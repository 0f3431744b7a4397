export { createOpaqueIds, type IdKey, type IdKind, type OpaqueIds } from './opaque-ids.ts';
export * from './port.ts';
