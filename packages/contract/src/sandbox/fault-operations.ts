import Type from 'typebox';
import { InstitutionId } from '../identifiers.ts';
import { operation } from '../operation.ts';
import { sandboxFamily } from './families.ts';
import { CallFault, CallFaultInput, DeliveryFault, DeliveryFaultInput, MessageChannel } from './schemas.ts';

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
  summary: 'List the faults that are armed',
  description: 'What the provider of messages of an institution does wrong at the moment, and what its calls meet.',
  method: 'GET',
  query: Type.Object({ institutionId: InstitutionId }),
  success: { status: 200, body: Type.Object({ faults: Type.Array(DeliveryFault), callFaults: Type.Array(CallFault) }) },
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

export const armCallFault = operation({
  ...onFaults,
  id: 'armCallFault',
  summary: 'Let calls fail',
  description:
    'The next calls of an institution, or all until it is disarmed, meet a refusal of their operation, a delay, a cut connection or an answer that cannot be read. Nothing is written for such a call. The token and the limits of the call must be good; of several faults the one that was armed first is met.',
  method: 'POST',
  query: Type.Object({ institutionId: InstitutionId }),
  body: CallFaultInput,
  bodyFormat: 'json',
  success: { status: 201, body: CallFault },
  errors: ['institutionNotFound', 'faultInvalid', 'tooManyFaults'],
  example: {
    query: { institutionId: '{{institutionId}}' },
    body: { operation: 'listBankingImages', effect: 'ERROR', error: 'BIS_20001', count: 1 },
  },
});

export const disarmFaults = operation({
  ...onFaults,
  id: 'disarmFaults',
  summary: 'End faults',
  description: 'The one of a channel, one of calls, or without either all of an institution.',
  method: 'DELETE',
  query: Type.Object({
    institutionId: InstitutionId,
    channel: Type.Optional(MessageChannel),
    faultId: Type.Optional(Type.String({ format: 'uuid' })),
  }),
  success: { status: 204 },
  errors: ['institutionNotFound'],
  example: { query: { institutionId: '{{institutionId}}' } },
});
