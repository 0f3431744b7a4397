import Type from 'typebox';
import { operation } from '../operation.ts';
import { AlertHistoryContent, AlertHistorySummaries } from './event-schemas.ts';
import { alertHistoryFamily } from './families.ts';
import { AlertPathId, TextOrTexts } from './schemas.ts';

const statusWords = { description: 'SUCCESS, FAILURE, IN_PROCESS; several times, or once with commas.' };
const Statuses = Type.Unsafe<string | readonly string[]>({
  type: ['string', 'array'],
  items: { type: 'string', maxLength: 64 },
  maxLength: 64,
  maxItems: 10,
  ...statusWords,
});
const trueOrFalse = '^(?:[Tt][Rr][Uu][Ee]|[Ff][Aa][Ll][Ss][Ee])$';

/** L22 (contract sheet "Alerts", section 4.6). */
export const listAlertHistory = operation({
  id: 'listAlertHistory',
  product: 'alerts',
  summary: 'List the alerts that were sent to a user',
  description: 'Newest first, at most 1,000; the last 90 days unless dates are given.',
  family: alertHistoryFamily,
  scopes: ['alertHist:read'],
  method: 'GET',
  path: '/v1/alert-history',
  aliases: ['/db-alerts-delivery/v1/alert-history'],
  query: Type.Object({
    hostUserId: Type.Optional(Type.String({ description: 'Member number of the user; or loginId.' })),
    loginId: Type.Optional(Type.String({ description: 'Login name of the user; or hostUserId. A user token needs neither.' })),
    institutionCustomerId: Type.Optional(Type.String({ description: 'Location of a business user; also as a header.' })),
    accountIds: Type.Optional(TextOrTexts),
    alertTypeNames: Type.Optional(TextOrTexts),
    eventIds: Type.Optional(TextOrTexts),
    emailStatus: Type.Optional(Statuses),
    smsStatus: Type.Optional(Statuses),
    pushStatus: Type.Optional(Statuses),
    startDate: Type.Optional(Type.String({ description: 'Day of the institution, or ISO 8601 with time.' })),
    endDate: Type.Optional(Type.String({ description: 'Day of the institution, to its end, or ISO 8601 with time.' })),
    id: Type.Optional(AlertPathId),
    readFlag: Type.Optional(Type.String({ pattern: trueOrFalse })),
  }),
  headers: [{ name: 'institutionCustomerId', isRequired: false, description: 'Location of a business user.' }],
  success: { status: 200, body: AlertHistorySummaries },
  errors: ['unknownFault', 'institutionInvalid', 'dateInvalid', 'userUnknown', 'userNotCovered'],
  example: { query: { loginId: '{{loginId}}' } },
});

/** L23. */
export const getAlertHistoryContent = operation({
  id: 'getAlertHistoryContent',
  product: 'alerts',
  summary: 'Get the words of an alert that was sent',
  description:
    'By `id`, else `alertHistoryId`, else `eventId`: the first that finds something. A user token finds its own only. Without words when the data keys of the institution were destroyed since.',
  family: alertHistoryFamily,
  scopes: ['alertHist:read'],
  method: 'GET',
  path: '/v1/alert-history-content',
  aliases: ['/db-alerts-delivery/v1/alert-history-content'],
  query: Type.Object({
    id: Type.Optional(AlertPathId),
    alertHistoryId: Type.Optional(AlertPathId),
    eventId: Type.Optional(Type.String({ maxLength: 64 })),
  }),
  success: { status: 200, body: AlertHistoryContent },
  errors: ['unknownFault', 'institutionInvalid', 'contentUnknown'],
  example: { query: { eventId: '{{alertEventId}}' } },
});

/** Ours: no published operation sets the flag. */
export const setAlertReadFlag = operation({
  id: 'setAlertReadFlag',
  product: 'alerts',
  summary: 'Mark an alert as read, or as not read',
  description: 'A user token marks its own only.',
  family: alertHistoryFamily,
  scopes: ['alertHist:read'],
  method: 'PUT',
  path: '/v1/alert-history/{alertHistoryId}/read-flag',
  params: Type.Object({ alertHistoryId: AlertPathId }),
  body: Type.Object({ readFlag: Type.Boolean() }),
  bodyFormat: 'json',
  success: { status: 204 },
  errors: ['alertUnknown', 'institutionInvalid'],
  example: { params: { alertHistoryId: '{{alertHistoryId}}' }, body: { readFlag: true } },
});
