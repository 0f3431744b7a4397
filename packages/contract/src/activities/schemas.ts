import Type from 'typebox';

/**
 * Search of the activity log (contract sheet "Transactions and Banking Activities", sections 10 to 12). The schemas of the
 * request are for readers: each member has a code of its own, so the rules of the operation look at it.
 */

/** At most so many rows are one page. */
const largestPage = 1000;

const Time = (description: string) => Type.String({ description });

const Condition = Type.Union([Type.Literal('and'), Type.Literal('or')], {
  description: 'How the filters are joined; `and` when absent. A sub-filter must have the other one than what it stands in.',
});

const Filter = Type.Object({
  attributeId: Type.String({ description: 'A key of the rows, in any case.' }),
  criteria: Type.Optional(
    Type.Union(
      [
        Type.Literal('equals'),
        Type.Literal('notEqual'),
        Type.Literal('like'),
        Type.Literal('isPresent'),
        Type.Literal('isNotPresent'),
        Type.Literal('greaterThan'),
        Type.Literal('lessThan'),
        Type.Literal('greaterThanEqual'),
        Type.Literal('lessThanEqual'),
      ],
      { description: '`equals` when absent. `like` is a part of the text in any case, without wildcards.' },
    ),
  ),
  value: Type.Optional(Type.String({ description: 'Needed by all but `isPresent` and `isNotPresent`.' })),
});

const SubFilter = Type.Object({ condition: Type.Optional(Condition), filters: Type.Array(Filter) });

const AdditionalFilters = Type.Object(
  {
    condition: Type.Optional(Condition),
    filters: Type.Optional(Type.Array(Filter)),
    subFilters: Type.Optional(Type.Array(SubFilter)),
  },
  { description: 'Filters on the keys of the rows; one level of sub-filters, 50 filters in all.' },
);

export const SearchCriteria = Type.Object({
  startTime: Time('First moment, with an offset: `2026-03-01T00:00:00-08:00`. Not older than 90 days.'),
  endTime: Time('Last moment, with an offset; after startTime, at most 90 days later.'),
  pageSize: Type.Optional(Type.Integer({ description: `Rows of a page; ${largestPage} when absent, 0 or more than that.` })),
  eventIds: Type.Optional(Type.Array(Type.String(), { description: 'Only these events; all when absent or empty.' })),
  eventType: Type.Optional(
    Type.Union([Type.Literal('user'), Type.Literal('system')], {
      description: 'What users and applications did, or what the institution did; `user` when absent.',
    }),
  ),
  userType: Type.Optional(
    Type.Union([Type.Literal('retail'), Type.Literal('business')], { description: 'Only users of this type.' }),
  ),
  userProduct: Type.Optional(Type.String({ description: 'Only rows with this reqctx_userproduct.' })),
  userId: Type.Optional(Type.String({ description: 'Only rows of this user; needs userIdType.' })),
  userIdType: Type.Optional(
    Type.Union([Type.Literal('loginId'), Type.Literal('memberId')], {
      description: 'What userId is: a login name or a member number.',
    }),
  ),
  companyId: Type.Optional(Type.String({ description: 'Only rows of users of this business: its customer id.' })),
  requestedAttributes: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'Keys that the rows show, in any case; all when absent or empty. eventid, reqctx_id and timestamp always stay.',
    }),
  ),
  additionalFilters: Type.Optional(AdditionalFilters),
  nextPageToken: Type.Optional(
    Type.String({ description: 'From the answer before, unchanged and with the same criteria; pageSize may be left out.' }),
  ),
});

export const BankingActivities = Type.Object({
  nextPageToken: Type.Optional(
    Type.String({ description: 'There is more: send it with the next search. Absent on the last page.' }),
  ),
  count: Type.Integer({ description: 'Rows of this page.' }),
  bankingActivities: Type.Array(
    Type.Unsafe<Record<string, string>>(
      Type.Object({}, { additionalProperties: Type.String(), description: 'One activity: keys in lower case, values as text.' }),
    ),
    { description: 'Newest first.' },
  ),
});
