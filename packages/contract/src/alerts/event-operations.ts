import Type from 'typebox';
import { operation } from '../operation.ts';
import { AlertEventInput, AlertExplanation, AlertSimulation } from './event-schemas.ts';
import { alertEventsFamily, alertHistoryFamily } from './families.ts';

const addresseeQuery = Type.Object({
  hostUserId: Type.Optional(Type.String({ description: 'Member number of the user; or loginId.' })),
  loginId: Type.Optional(Type.String({ description: 'Login name of the user; or hostUserId. A user token needs neither.' })),
});
const headers = [
  { name: 'institutionCustomerId', isRequired: false, description: 'Customer who is meant, when the body names nobody.' },
] as const;

const exampleEvent = {
  eventDomainType: 'user',
  eventDetails: {
    eventId: '5cec1fc8-758c-4bdd-838c-86aee09bd8ad',
    eventType: 'PASSWORD_CHANGED',
    institutionId: '{{institutionId}}',
    eventSource: 'Partner_00042',
  },
  user: {},
} as const;

/** L24 (contract sheet "Alerts", sections 3.7 and 4.7). */
export const publishAlertEvent = operation({
  id: 'publishAlertEvent',
  product: 'alerts',
  summary: 'Publish an event',
  description:
    'Answered at once; what becomes of the event is told by its explanation. An event id is taken once: the same event again changes nothing.',
  family: alertEventsFamily,
  scopes: ['alerts:publish'],
  method: 'POST',
  path: '/v1/realtime-events',
  aliases: ['/db-events/v1/realtime-events'],
  query: addresseeQuery,
  headers,
  body: AlertEventInput,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: { status: 202 },
  errors: ['malformedInput', 'partMissing', 'addresseeMissing', 'institutionInvalid'],
  example: { query: { loginId: '{{loginId}}' }, body: exampleEvent },
});

/** Ours (contract sheet "Alerts", section 5, "Trace"). */
export const explainAlertEvent = operation({
  id: 'explainAlertEvent',
  product: 'alerts',
  summary: 'Explain what became of an event',
  description: 'For each customer and channel the first link of the chain that did not hold, or what was sent and how it went.',
  family: alertHistoryFamily,
  scopes: ['alertHist:read'],
  method: 'GET',
  path: '/v1/alert-events/{eventId}/explanation',
  params: Type.Object({ eventId: Type.String({ maxLength: 64, pattern: '^[\\x20-\\x7e]+$' }) }),
  success: { status: 200, body: AlertExplanation },
  errors: ['alertUnknown', 'institutionInvalid'],
  example: { params: { eventId: '{{alertEventId}}' } },
});

/** Ours. */
export const simulateAlertEvent = operation({
  id: 'simulateAlertEvent',
  product: 'alerts',
  summary: 'Say what would become of an event',
  description:
    'By the rules of the pipeline, as everything stands now. Nothing is kept or sent. Without eventDomainType it is an event of V1, with the members of notification as its values, and the subscriptions of the customer are asked.',
  family: alertHistoryFamily,
  scopes: ['alertHist:read'],
  method: 'POST',
  path: '/v1/alert-events/simulations',
  query: addresseeQuery,
  headers,
  body: AlertEventInput,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  success: { status: 200, body: AlertSimulation },
  errors: ['eventInvalid', 'institutionInvalid', 'userUnknown'],
  example: { query: { loginId: '{{loginId}}' }, body: exampleEvent },
});
