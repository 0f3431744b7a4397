import { operation } from '../operation.ts';
import { activitiesFamily } from './family.ts';
import { BankingActivities, SearchCriteria } from './schemas.ts';

/** Y1 (contract sheet "Transactions and Banking Activities", section 9). */
export const searchBankingActivities = operation({
  id: 'searchBankingActivities',
  product: 'activities',
  summary: 'Search the activity log',
  description:
    'What happened in the institution in up to 90 days, newest first. The answer is always compressed by gzip. A search looks at 50,000 rows of the log at most: a page may hold fewer rows than asked for, or none, and still have a nextPageToken. Nothing at all is 204.',
  family: activitiesFamily,
  scopes: ['banking-activities:read'],
  method: 'POST',
  path: '/v1/banking-activities',
  aliases: ['/data-apis/v1/banking-activities'],
  body: SearchCriteria,
  bodyFormat: 'json',
  hasOwnBodyRules: true,
  headers: [
    {
      name: 'Accept-Encoding',
      isRequired: false,
      description: 'application/gzip (default), gzip, deflate or *; a list must have one of them.',
    },
  ],
  success: { status: 200, body: BankingActivities, contentEncoding: 'gzip', emptyStatus: 204 },
  errors: [
    'windowReversed',
    'windowTooOld',
    'windowTooLong',
    'typeInvalid',
    'bodyInvalid',
    'criteriaUnsupported',
    'conditionsSame',
    'userTypeInvalid',
    'userIdTypeInvalid',
    'userIdTypeMissing',
    'eventTypeInvalid',
    'filterInvalid',
    'notPrintableAscii',
    'fieldInvalid',
    'pageTokenInvalid',
  ],
  example: { body: { startTime: '{{dayAgo}}', endTime: '{{dayAhead}}', eventIds: ['login'], pageSize: 10 } },
});
