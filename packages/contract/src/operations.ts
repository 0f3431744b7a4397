import * as customers from './customers/operations.ts';
import * as identity from './identity/operations.ts';
import * as sandbox from './sandbox/operations.ts';

/** Every operation of the API by its id. */
export const operations = { ...identity, ...customers, ...sandbox };

export type Operations = typeof operations;
export type OperationId = keyof Operations;
