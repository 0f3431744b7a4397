import Type from 'typebox';
import { DateTime, InstitutionId } from '../identifiers.ts';
import { operation } from '../operation.ts';
import { sandboxFamily } from './families.ts';
import { Clock, LockoutPolicy, Switch } from './schemas.ts';

const params = Type.Object({ institutionId: InstitutionId });
const example = { params: { institutionId: '{{institutionId}}' } } as const;

export const getClock = operation({
  id: 'getClock',
  product: 'sandbox',
  summary: 'Read the clock of an institution',
  description: 'Everything that depends on time (tokens, locks, windows) follows this clock.',
  family: sandboxFamily,
  scopes: [],
  method: 'GET',
  path: '/sandbox/v1/institutions/{institutionId}/clock',
  params,
  success: { status: 200, body: Clock },
  errors: ['institutionNotFound'],
  isSandboxOnly: true,
  example,
});

export const setClock = operation({
  id: 'setClock',
  product: 'sandbox',
  summary: 'Set the clock of an institution',
  description: 'The clock goes on from the given time.',
  family: sandboxFamily,
  scopes: [],
  method: 'PUT',
  path: '/sandbox/v1/institutions/{institutionId}/clock',
  params,
  body: Type.Object({ now: DateTime }),
  bodyFormat: 'json',
  success: { status: 200, body: Clock },
  errors: ['institutionNotFound', 'timeOutOfRange'],
  isSandboxOnly: true,
  example: { ...example, body: { now: '{{now}}' } },
});

export const advanceClock = operation({
  id: 'advanceClock',
  product: 'sandbox',
  summary: 'Move the clock of an institution forward',
  description: 'Adds seconds to the clock, at most ten years at once.',
  family: sandboxFamily,
  scopes: [],
  method: 'POST',
  path: '/sandbox/v1/institutions/{institutionId}/clock:advance',
  params,
  body: Type.Object({ seconds: Type.Integer({ minimum: 0, maximum: 315_360_000 }) }),
  bodyFormat: 'json',
  success: { status: 200, body: Clock },
  errors: ['institutionNotFound', 'timeOutOfRange'],
  isSandboxOnly: true,
  example: { ...example, body: { seconds: 1 } },
});

export const resetInstitution = operation({
  id: 'resetInstitution',
  product: 'sandbox',
  summary: 'Bring an institution back to its seed',
  description:
    'Customers, states, switches, policies and clock are again as on the first start; every token of a user ends; tokens of applications stay.',
  family: sandboxFamily,
  scopes: [],
  method: 'POST',
  path: '/sandbox/v1/institutions/{institutionId}:reset',
  params,
  success: { status: 204 },
  errors: ['institutionNotFound'],
  isSandboxOnly: true,
  example,
});

export const listSwitches = operation({
  id: 'listSwitches',
  product: 'sandbox',
  summary: 'List the switches of the contradiction register',
  description: 'Where public sources of the API disagree, a switch shows the other form.',
  family: sandboxFamily,
  scopes: [],
  method: 'GET',
  path: '/sandbox/v1/institutions/{institutionId}/switches',
  params,
  success: { status: 200, body: Type.Object({ switches: Type.Array(Switch) }) },
  errors: ['institutionNotFound'],
  isSandboxOnly: true,
  example,
});

export const setSwitch = operation({
  id: 'setSwitch',
  product: 'sandbox',
  summary: 'Set a switch of an institution',
  description: 'Takes effect at once.',
  family: sandboxFamily,
  scopes: [],
  method: 'PUT',
  path: '/sandbox/v1/institutions/{institutionId}/switches/{switchKey}',
  params: Type.Object({ institutionId: InstitutionId, switchKey: Type.String({ minLength: 1, maxLength: 64 }) }),
  body: Type.Object({ value: Type.Unsafe<string | boolean>({ type: ['string', 'boolean'] }) }),
  bodyFormat: 'json',
  success: { status: 200, body: Switch },
  errors: ['institutionNotFound', 'switchNotFound', 'switchValueInvalid'],
  isSandboxOnly: true,
  example: { params: { institutionId: '{{institutionId}}', switchKey: 'debug.rules' }, body: { value: true } },
});

export const getLockoutPolicy = operation({
  id: 'getLockoutPolicy',
  product: 'sandbox',
  summary: 'Read the lock-out policy of an institution',
  description: 'How many failed sign-ins lock a user, and for how long.',
  family: sandboxFamily,
  scopes: [],
  method: 'GET',
  path: '/sandbox/v1/institutions/{institutionId}/policies/lockout',
  params,
  success: { status: 200, body: LockoutPolicy },
  errors: ['institutionNotFound'],
  isSandboxOnly: true,
  example,
});

export const setLockoutPolicy = operation({
  id: 'setLockoutPolicy',
  product: 'sandbox',
  summary: 'Set the lock-out policy of an institution',
  description: 'Takes effect with the next sign-in.',
  family: sandboxFamily,
  scopes: [],
  method: 'PUT',
  path: '/sandbox/v1/institutions/{institutionId}/policies/lockout',
  params,
  body: LockoutPolicy,
  bodyFormat: 'json',
  success: { status: 200, body: LockoutPolicy },
  errors: ['institutionNotFound'],
  isSandboxOnly: true,
  example: { ...example, body: { maxFailed: 5, autoUnlockMinutes: 0 } },
});
