import Type from 'typebox';
import { CustomerId } from '../identifiers.ts';
import { operation } from '../operation.ts';
import { sandboxFamily } from './families.ts';
import { TransferLimits, TransferLimitsInput } from './schemas.ts';

const onLimits = {
  product: 'sandbox',
  family: sandboxFamily,
  scopes: [],
  path: '/sandbox/v1/customers/{customerId}/transfer-limits',
  params: Type.Object({ customerId: CustomerId }),
  isSandboxOnly: true,
} as const;

const params = { customerId: '{{customerId}}' } as const;

export const getTransferLimits = operation({
  ...onLimits,
  id: 'getTransferLimits',
  summary: 'Read the transfer limits of a customer',
  description: 'What the customer may move out; what is absent is as the institution has it (policy `moneyMovement`).',
  method: 'GET',
  success: { status: 200, body: TransferLimits },
  errors: ['customerNotFound'],
  example: { params },
});

export const setTransferLimits = operation({
  ...onLimits,
  id: 'setTransferLimits',
  summary: 'Set the transfer limits of a customer',
  description:
    "They take the place of the institution's, from the next transfer on; what is left out is as the institution has it. The customer id tells the institution.",
  method: 'PUT',
  body: TransferLimitsInput,
  bodyFormat: 'json',
  success: { status: 200, body: TransferLimits },
  errors: ['customerNotFound', 'transferLimitsInvalid'],
  example: { params, body: { transferLimit: 2500, dailyLimit: 5000 } },
});

export const deleteTransferLimits = operation({
  ...onLimits,
  id: 'deleteTransferLimits',
  summary: 'Give a customer the transfer limits of the institution again',
  description: 'A customer without limits of its own is answered the same.',
  method: 'DELETE',
  success: { status: 204 },
  errors: ['customerNotFound'],
  example: { params },
});
