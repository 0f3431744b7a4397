import Type from 'typebox';
import type { JsonObject } from '../json.ts';
import { AlertChannel } from './schemas.ts';

/** Events and history on the wire (contract sheet "Alerts", sections 3.6 and 3.7). */

const JsonPart = (description: string) => Type.Unsafe<JsonObject>({ type: 'object', additionalProperties: true, description });

export const AlertEventInput = Type.Object(
  {
    eventDomainType: Type.Optional(
      Type.String({
        description: 'account, transaction, notification, user or nonSubscription, in any case, also with `Event` at its end.',
      }),
    ),
    eventDetails: Type.Optional(
      Type.Object({
        eventId: Type.Optional(Type.String({ maxLength: 64, description: 'The event is taken once for each id.' })),
        eventType: Type.Optional(Type.String({ maxLength: 64, description: 'Name of the alert type.' })),
        institutionId: Type.Optional(Type.String({ description: 'That of the token.' })),
        institutionCustomerId: Type.Optional(Type.String({ description: 'Customer who is meant: 32 hexadecimal digits.' })),
        eventSource: Type.Optional(Type.String({ maxLength: 64 })),
        eventOccured: Type.Optional(Type.String({ description: 'ISO 8601; the clock of the institution by default.' })),
        eventNoticed: Type.Optional(Type.String({ description: 'ISO 8601; not before eventOccured.' })),
        eventTags: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 20 })),
        additionalInfo: Type.Optional(JsonPart('At most 16 KiB.')),
      }),
    ),
    account: Type.Optional(JsonPart('Of an account event: id, type.value, availableBalance, currentBalance.')),
    transaction: Type.Optional(JsonPart('Of a transaction event: accountId, amount, type, isCreditTransaction.')),
    notification: Type.Optional(JsonPart('Of a notification: every member can be named in a template.')),
    user: Type.Optional(JsonPart('Of a user event.')),
    eventData: Type.Optional(JsonPart('Of an event without subscription.')),
    destintionDetails: Type.Optional(
      Type.Object(
        {
          contactChannels: Type.Optional(Type.Array(AlertChannel)),
          contactEmail: Type.Optional(Type.Array(Type.String(), { maxItems: 5 })),
          contactPhone: Type.Optional(Type.Array(Type.String(), { maxItems: 5, description: 'E.164.' })),
        },
        { description: 'Addresses that a notification brings; `destinationDetails` is taken too.' },
      ),
    ),
  },
  { description: 'eventDomainType and eventDetails with eventId, eventType and institutionId are required.' },
);

const AlertStatusByChannel = Type.Unsafe<Readonly<Record<string, string>>>({
  type: 'object',
  additionalProperties: { type: 'string' },
  description: 'SUCCESS, FAILURE or IN_PROCESS by channel.',
});

export const AlertHistorySummary = Type.Object({
  alertHistoryId: Type.Integer(),
  eventId: Type.String(),
  eventOccured: Type.String({ format: 'date-time', description: 'Spelt so on the wire.' }),
  alertTypeName: Type.String(),
  institutionId: Type.String(),
  institutionCustomerId: Type.Optional(Type.String()),
  channelInfo: AlertStatusByChannel,
  messageSummary: Type.Optional(
    Type.String({
      description:
        'The shortest text that was sent, at most 160 characters of it; absent when the data keys of the institution were destroyed since.',
    }),
  ),
  jsonMessageSummary: Type.Optional(
    Type.String({ description: 'JSON: the first 160 characters by channel; absent as messageSummary.' }),
  ),
  readFlag: Type.Boolean(),
  additionalInfo: JsonPart('accountId, locale, attempts.'),
});

export const AlertHistorySummaries = Type.Object({ alertHistorySummaryResources: Type.Array(AlertHistorySummary) });

export const AlertHistoryContent = Type.Object({
  alertHistoryContentId: Type.Integer(),
  alertHistoryId: Type.Integer(),
  eventId: Type.String(),
  emailSubjectContent: Type.Optional(Type.String()),
  emailContent: Type.Optional(Type.String()),
  smsContent: Type.Optional(Type.String()),
  pushContent: Type.Optional(Type.String()),
});

export const AlertReason = Type.Union(
  [
    Type.Literal('UNKNOWN_TYPE'),
    Type.Literal('TYPE_INACTIVE'),
    Type.Literal('NOT_WHITELISTED'),
    Type.Literal('WRONG_DOMAIN'),
    Type.Literal('CHANNEL_NOT_OPTED'),
    Type.Literal('ACCOUNT_TYPE'),
    Type.Literal('USER_OPTED_OUT'),
    Type.Literal('CONDITION_NOT_MET'),
    Type.Literal('NO_DESTINATION'),
    Type.Literal('NO_TEMPLATE'),
    Type.Literal('PROVIDER_REFUSED'),
  ],
  { description: 'The first link of the chain that does not hold.' },
);

const explainedChannel = {
  channel: Type.Union([...AlertChannel.anyOf, Type.Literal('VOICE')], { description: 'VOICE by a subscription only.' }),
  reason: Type.Optional(AlertReason),
  because: Type.Optional(
    Type.Union([Type.Literal('silent'), Type.Literal('currency')], {
      description:
        'Of CONDITION_NOT_MET: the condition has fired for this account and is silent until a value on its other side; the amount is of another currency than the threshold. Absent when the amount is on the other side.',
    }),
  ),
  preference: Type.Optional(
    Type.Object({ owner: Type.Union([Type.Literal('user'), Type.Literal('institution')]), alertPrefId: Type.Integer() }),
  ),
  template: Type.Optional(Type.Object({ alertTemplateResourceId: Type.Integer(), version: Type.Integer() })),
  unresolved: Type.Optional(Type.Array(Type.String(), { description: 'Variables without a value; they were left empty.' })),
};

export const AlertDeliveryStatus = Type.Object({
  messageId: Type.Optional(Type.String({ format: 'uuid' })),
  contactMethodId: Type.Optional(Type.String()),
  status: Type.Union([Type.Literal('IN_PROCESS'), Type.Literal('SUCCESS'), Type.Literal('FAILURE')]),
  tries: Type.Integer(),
  failure: Type.Optional(Type.String({ description: 'A code.' })),
});

const explainedOutcome = {
  alertTypeName: Type.String(),
  institutionUserId: Type.Optional(Type.String({ description: 'Absent when the event brought its own addresses.' })),
  institutionCustomerId: Type.Optional(Type.String()),
  reason: Type.Optional(AlertReason),
};

export const AlertExplanation = Type.Object({
  eventId: Type.String(),
  eventType: Type.String(),
  eventDomain: Type.Optional(Type.String()),
  producer: Type.Union([Type.Literal('PUBLISH'), Type.Literal('SEND'), Type.Literal('OWN')]),
  eventSource: Type.Optional(Type.String()),
  eventOccured: Type.String({ format: 'date-time' }),
  acceptedAt: Type.String({ format: 'date-time' }),
  duplicates: Type.Integer({ description: 'How often it came again, with no effect.' }),
  state: Type.Union(
    [
      Type.Literal('ACCEPTED'),
      Type.Literal('DROPPED'),
      Type.Literal('DISPATCHED'),
      Type.Literal('SETTLED'),
      Type.Literal('DEAD'),
    ],
    { description: 'ACCEPTED waits, DEAD could not be processed.' },
  ),
  failure: Type.Optional(Type.String({ description: 'Why it could not be processed: a code.' })),
  outcomes: Type.Array(
    Type.Object({
      ...explainedOutcome,
      alertHistoryId: Type.Optional(Type.Integer()),
      channels: Type.Array(Type.Object({ ...explainedChannel, deliveries: Type.Array(AlertDeliveryStatus) })),
    }),
  ),
});

export const AlertSimulation = Type.Object({
  outcomes: Type.Array(
    Type.Object({
      ...explainedOutcome,
      channels: Type.Array(
        Type.Object({
          ...explainedChannel,
          contactMethodIds: Type.Array(Type.String()),
          contents: Type.Optional(
            Type.Unsafe<Readonly<Record<string, string>>>({
              type: 'object',
              additionalProperties: { type: 'string' },
              description: 'What would be sent, by content type.',
            }),
          ),
        }),
      ),
    }),
  ),
});
