import Type from 'typebox';
import { operation } from '../operation.ts';
import { messagingFamily } from './messaging-family.ts';
import { customerParams, institutionParam } from './messaging-params.ts';
import { ChangedSubscription, NewSubscription, Subscription, Subscriptions } from './messaging-schemas.ts';
import { TextOrTexts } from './schemas.ts';

const ofCustomer = '/v1/fis/{di_fiid}/fiCustomers/{di_ficustomer}/subscriptions' as const;
const subscriptionParams = Type.Object({ ...customerParams.properties, subscription_id: Type.String() });
const params = { di_fiid: '{{institutionId}}', di_ficustomer: '{{customerId}}' } as const;

const onSubscriptions = {
  product: 'alerts',
  family: messagingFamily,
  scopes: [],
  path: `/subscriptions${ofCustomer}`,
  aliases: [ofCustomer],
  params: customerParams,
} as const;

const onSubscription = {
  ...onSubscriptions,
  path: `/subscriptions${ofCustomer}/{subscription_id}`,
  aliases: [`${ofCustomer}/{subscription_id}`],
  params: subscriptionParams,
} as const;

const inputErrors = ['customerNotFound', 'inputInvalid', 'destinationNotFound'] as const;

/** L31 (contract sheet "Alerts", section 4.9). */
export const listCustomerSubscriptions = operation({
  ...onSubscriptions,
  id: 'listCustomerSubscriptions',
  summary: 'List the subscriptions of a customer',
  description: 'Those that are used up too.',
  method: 'GET',
  query: Type.Object({
    eventType: Type.Optional(TextOrTexts),
    action: Type.Optional(Type.String({ description: 'EMAIL, SMS, PUSH, WEB or VOICE.' })),
  }),
  success: { status: 200, body: Subscriptions, xmlRoot: 'Subscriptions', emptyStatus: 204 },
  errors: ['customerNotFound', 'queryInvalid'],
  example: { params },
});

/** L32. */
export const createSubscription = operation({
  ...onSubscriptions,
  id: 'createSubscription',
  summary: 'Subscribe a customer to an event',
  description:
    'An event that is sent then goes where the actions say, when the conditions hold. Without actions it goes to every channel. Takes XML or JSON.',
  method: 'POST',
  body: NewSubscription,
  bodyFormat: 'json-or-xml',
  maxBodyBytes: 65_536,
  hasReplayGuard: true,
  success: { status: 200, body: Subscription, xmlRoot: 'Subscription' },
  errors: [...inputErrors, 'tooManySubscriptions'],
  example: {
    params,
    body: {
      Subscription: {
        eventTypeId: 'PARTNER_NOTICE',
        fulfillment: 'RECURRING',
        subscriptionEventConditionsMap: { map: [{ entry: [{ key: 'balance.lt', value: '100' }] }] },
        subscriptionActions: { subscriptionAction: [{ name: 'EMAIL' }] },
      },
    },
  },
});

/** L33. */
export const updateSubscription = operation({
  ...onSubscriptions,
  id: 'updateSubscription',
  summary: 'Change a subscription',
  description: 'The body names it; what is left out keeps its value. Takes XML or JSON.',
  method: 'PUT',
  body: ChangedSubscription,
  bodyFormat: 'json-or-xml',
  maxBodyBytes: 65_536,
  success: { status: 200, body: Subscription, xmlRoot: 'Subscription' },
  errors: [...inputErrors, 'subscriptionNotFound'],
  example: { params, body: { Subscription: { id: '{{subscriptionId}}', fulfillment: '3' } } },
});

/** L34. */
export const getSubscription = operation({
  ...onSubscription,
  id: 'getSubscription',
  summary: 'Get a subscription',
  description: 'One that is unknown and one of another customer answer the same.',
  method: 'GET',
  success: { status: 200, body: Subscription, xmlRoot: 'Subscription' },
  errors: ['customerNotFound', 'subscriptionNotFound'],
  example: { params: { ...params, subscription_id: '{{subscriptionId}}' } },
});

/** L35. */
export const deleteSubscription = operation({
  ...onSubscription,
  id: 'deleteSubscription',
  summary: 'Delete a subscription',
  description: 'From then on the preferences of the customer apply, unless another subscription does.',
  method: 'DELETE',
  success: { status: 204 },
  errors: ['customerNotFound', 'subscriptionNotFound'],
  example: { params: { ...params, subscription_id: '{{subscriptionId}}' } },
});

/** L36. */
export const listInstitutionSubscriptions = operation({
  id: 'listInstitutionSubscriptions',
  product: 'alerts',
  summary: 'List the subscriptions of an institution',
  description:
    'By customer, a page after the other. A page ends with all subscriptions of its last customer, so it may be longer than its limit.',
  family: messagingFamily,
  scopes: [],
  method: 'GET',
  path: '/subscriptions/v1/fis/{di_fiid}/subscriptions',
  aliases: ['/v1/fis/{di_fiid}/subscriptions'],
  params: Type.Object(institutionParam),
  query: Type.Object({
    eventType: Type.Optional(TextOrTexts),
    limit: Type.Optional(Type.String({ pattern: '^(?:[1-9][0-9]?|1[0-9]{2}|200)$', description: 'From 1 to 200, default 30.' })),
    userToken: Type.Optional(Type.String({ description: 'Where to go on: fiCustomerId of the last one of the page before.' })),
    filterOutSubs: Type.Optional(
      Type.String({
        pattern: '^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$',
        description: 'true: without those that were delivered today, on the day of the institution.',
      }),
    ),
    status: Type.Optional(Type.String({ pattern: '^[AIai]$', description: 'A: active ones, I: used up ones.' })),
  }),
  success: { status: 200, body: Subscriptions, xmlRoot: 'Subscriptions' },
  errors: ['customerNotAuthorized', 'queryInvalid'],
  example: { params: { di_fiid: '{{institutionId}}' }, query: { limit: '30' } },
});
