import type { OperationId, Operations } from '@openbranch/contract/operations';
import { operations } from '@openbranch/contract/operations';
import type { Input } from './build-request.ts';
import { callOperation } from './call-operation.ts';
import type { CallOptions, OperationMethod } from './operation-method.ts';
import { type ClientOptions, toSettings } from './settings.ts';
import { createTokenSources, type TokenSources } from './token-sources.ts';

export { type ErrorNameIn, isOpenbranchError, OpenbranchError } from './openbranch-error.ts';
export { type NetworkErrorReason, OpenbranchNetworkError } from './openbranch-network-error.ts';
export { OpenbranchUsageError } from './openbranch-usage-error.ts';
export type { CallOptions, InputOf, OperationMethod } from './operation-method.ts';
export type { ClientOptions, RequestNotice } from './settings.ts';

/** One method for each operation of the API, named by its id. */
export type Client = { readonly [Id in OperationId]: OperationMethod<Operations[Id]> };

/**
 * Makes a client. It connects to nothing yet: the first call that needs an access token gets it, later ones share it.
 *
 * @throws {OpenbranchUsageError} for options that cannot be meant
 */
export function createClient(options: ClientOptions): Client {
  const settings = toSettings(options);
  const tokens: TokenSources = createTokenSources(settings, (operation, input) =>
    callOperation(settings, () => tokens, operation, input, {}),
  );
  const methods: Record<string, unknown> = {};
  for (const operation of Object.values(operations)) {
    methods[operation.id] = (input: Input = {}, callOptions: CallOptions = {}) =>
      callOperation(settings, () => tokens, operation, input, callOptions);
  }
  if (!isClient(methods)) throw new Error('an operation is not exported under its own id');
  return methods;
}

/** The types of the methods follow from the contract, as what they do does. */
function isClient(methods: Record<string, unknown>): methods is Client {
  return Object.keys(operations).every((id) => typeof methods[id] === 'function');
}
