import Type from 'typebox';
import { operation } from '../operation.ts';
import { messagingFamily } from './messaging-family.ts';
import { institutionParam } from './messaging-params.ts';
import { ChangedDestinations, Destinations, NewDestinations } from './messaging-schemas.ts';

const path =
  '/destinations/v2/fis/{di_fiid}/products/{product_id}/notificationApps/{notification_app_id}/fiCustomers/{di_ficustomer}/destinations';

const applicationParams = {
  ...institutionParam,
  product_id: Type.String({ description: 'Product, for instance `DIGITAL`.' }),
  notification_app_id: Type.String({ description: 'Application of the product: `ALERTS`, `OTP`, or one of the institution.' }),
  di_ficustomer: Type.String({ description: 'Customer: 32 hexadecimal digits.' }),
};

const onDestinations = {
  product: 'alerts',
  family: messagingFamily,
  scopes: [],
  path,
  params: Type.Object(applicationParams),
} as const;

const params = {
  di_fiid: '{{institutionId}}',
  product_id: 'DIGITAL',
  notification_app_id: 'ALERTS',
  di_ficustomer: '{{customerId}}',
} as const;

const unknown = ['customerNotFound', 'applicationNotFound'] as const;

/** L26 (contract sheet "Alerts", section 4.8). */
export const listDestinations = operation({
  ...onDestinations,
  id: 'listDestinations',
  summary: 'List the destinations of a customer',
  description: 'Where the messages of an application go: contact methods of the customer that are bound to it.',
  method: 'GET',
  success: { status: 200, body: Destinations, xmlRoot: 'destinations', emptyStatus: 204 },
  errors: [...unknown],
  example: { params },
});

/** L27. */
export const createDestinations = operation({
  ...onDestinations,
  id: 'createDestinations',
  summary: 'Create destinations of a customer',
  description:
    'Binds contact methods to an application; what is not on file yet is enrolled. One that is bound already is changed. Takes XML or JSON.',
  method: 'POST',
  body: NewDestinations,
  bodyFormat: 'json-or-xml',
  maxBodyBytes: 65_536,
  success: { status: 200, body: Destinations, xmlRoot: 'destinations' },
  errors: [...unknown, 'inputInvalid', 'tooManyDestinations'],
  example: {
    params,
    body: {
      destinations: { destination: [{ protocol: 'EMAIL', contactInfo: 'second.address@example.com', activated: true }] },
    },
  },
});

/** L28. */
export const updateDestinations = operation({
  ...onDestinations,
  id: 'updateDestinations',
  summary: 'Change destinations of a customer',
  description: 'Changes those that are listed, all or none; what is left out keeps its value. Takes XML or JSON.',
  method: 'PUT',
  body: ChangedDestinations,
  bodyFormat: 'json-or-xml',
  maxBodyBytes: 65_536,
  success: { status: 200, body: Destinations, xmlRoot: 'destinations' },
  errors: [...unknown, 'inputInvalid', 'destinationNotFound'],
  example: { params, body: { destinations: { destination: [{ id: '{{contactMethodId}}', activated: true }] } } },
});

/** L29, and L30 by a query: the same path, told apart by the selector. */
export const deleteDestinations = operation({
  ...onDestinations,
  id: 'deleteDestinations',
  summary: 'Delete the destinations of a customer',
  description:
    'Unbinds all of them, or the one that the query names; the contact methods stay. An empty selector, and any query name that is not listed here, is refused and nothing is deleted.',
  method: 'DELETE',
  query: Type.Object({
    destinationId: Type.Optional(Type.String({ description: 'Only this one.' })),
    destination_id: Type.Optional(Type.String({ description: 'The same.' })),
  }),
  success: { status: 204 },
  errors: [...unknown, 'selectorInvalid', 'destinationNotFound'],
  example: { params: { ...params, notification_app_id: 'OTP' }, query: { destinationId: '{{contactMethodId}}' } },
});

/** L30 by the path. */
export const deleteDestination = operation({
  ...onDestinations,
  id: 'deleteDestination',
  summary: 'Delete a destination of a customer',
  description: 'Unbinds it; the contact method stays. A query is refused, and nothing is deleted.',
  method: 'DELETE',
  path: `${path}/{destinationId}`,
  params: Type.Object({ ...applicationParams, destinationId: Type.String() }),
  success: { status: 204 },
  errors: [...unknown, 'selectorInvalid', 'destinationNotFound'],
  example: { params: { ...params, destinationId: '{{destinationId}}' } },
});
