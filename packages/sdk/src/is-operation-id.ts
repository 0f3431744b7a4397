import { type OperationId, operations } from '@openbranch/contract/operations';

export function isOperationId(id: string): id is OperationId {
  return Object.hasOwn(operations, id);
}
