import Type from 'typebox';
import { InstitutionId } from '../identifiers.ts';
import { operation } from '../operation.ts';
import { sandboxFamily } from './families.ts';
import { DeliveryFault, DeliveryFaultInput, MessageChannel } from './schemas.ts';

const onFaults = {
  product: 'sandbox',
  family: sandboxFamily,
  scopes: [],
  path: '/sandbox/v1/faults',
  isSandboxOnly: true,
} as const;

export const listFaults = operation({
  ...onFaults,
  id: 'listFaults',
  summary: 'List the faults of delivery',
  description: 'What the provider of messages of an institution does wrong at the moment.',
  method: 'GET',
  query: Type.Object({ institutionId: InstitutionId }),
  success: { status: 200, body: Type.Object({ faults: Type.Array(DeliveryFault) }) },
  errors: ['institutionNotFound'],
  example: { query: { institutionId: '{{institutionId}}' } },
});

export const armFault = operation({
  ...onFaults,
  id: 'armFault',
  summary: 'Make the provider of messages do something wrong',
  description: 'One for each channel of an institution; a second one replaces the first. It stays until it is disarmed.',
  method: 'PUT',
  query: Type.Object({ institutionId: InstitutionId }),
  body: DeliveryFaultInput,
  bodyFormat: 'json',
  success: { status: 200, body: DeliveryFault },
  errors: ['institutionNotFound'],
  example: { query: { institutionId: '{{institutionId}}' }, body: { channel: 'PUSH', kind: 'SLOW', delayMs: 1000 } },
});

export const disarmFaults = operation({
  ...onFaults,
  id: 'disarmFaults',
  summary: 'Let the provider of messages do right again',
  description: 'For one channel, or for all of an institution.',
  method: 'DELETE',
  query: Type.Object({ institutionId: InstitutionId, channel: Type.Optional(MessageChannel) }),
  success: { status: 204 },
  errors: ['institutionNotFound'],
  example: { query: { institutionId: '{{institutionId}}' } },
});
