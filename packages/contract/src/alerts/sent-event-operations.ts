import { operation } from '../operation.ts';
import { messagingFamily } from './messaging-family.ts';
import { customerParams } from './messaging-params.ts';
import { SentEvents } from './messaging-schemas.ts';

/** L25 (contract sheet "Alerts", section 3.8). */
export const sendCustomerEvent = operation({
  id: 'sendCustomerEvent',
  product: 'alerts',
  summary: 'Send events of a customer',
  description:
    'Takes 1 to 100 events of one customer, all or none. The subscriptions of the customer decide who is told, else the preferences. Takes XML or JSON, at most 64 KiB.',
  family: messagingFamily,
  scopes: [],
  method: 'POST',
  path: '/messagingservices/v1/fis/{di_fiid}/fiCustomers/{di_ficustomer}/events',
  aliases: [
    '/subscriptions/v1/fis/{di_fiid}/fiCustomers/{di_ficustomer}/events',
    '/v1/fis/{di_fiid}/fiCustomers/{di_ficustomer}/events',
  ],
  params: customerParams,
  body: SentEvents,
  bodyFormat: 'json-or-xml',
  maxBodyBytes: 65_536,
  hasReplayGuard: true,
  success: { status: 204 },
  errors: ['inputInvalid', 'tooManyEvents', 'customerNotFound'],
  example: {
    params: { di_fiid: '{{institutionId}}', di_ficustomer: '{{customerId}}' },
    body: {
      Events: {
        Event: [
          {
            eventType: 'PARTNER_NOTICE',
            dataMap: { map: [{ entry: [{ key: 'MESSAGE', value: 'Your card is on its way.' }] }] },
          },
        ],
      },
    },
  },
});
