import Type from 'typebox';

/** Events, destinations and subscriptions of V1 on the wire (contract sheet "Alerts", sections 3.8 to 3.10). */

/** `<map><entry><key/><value/></entry></map>`, which may repeat and may leave `entry` out. */
const MessagingMap = Type.Object({
  map: Type.Array(
    Type.Object({
      entry: Type.Array(
        Type.Object({
          key: Type.String({ maxLength: 64 }),
          value: Type.String({ maxLength: 2000 }),
        }),
      ),
    }),
  ),
});

export const SentEvents = Type.Object({
  Events: Type.Object({
    Event: Type.Array(
      Type.Object({
        fiCustomerId: Type.Optional(Type.String({ description: 'That of the path.' })),
        fiId: Type.Optional(Type.String({ description: 'That of the path.' })),
        eventType: Type.String({ maxLength: 64, description: 'Name of the alert type.' }),
        dataMap: Type.Optional(MessagingMap),
      }),
      { maxItems: 100 },
    ),
  }),
});

const destinationProtocol = Type.Union([Type.Literal('SMS'), Type.Literal('VOICE'), Type.Literal('EMAIL'), Type.Literal('PUSH')]);
const contactInfo = Type.String({
  maxLength: 512,
  description: '4 to 15 national digits (SMS, VOICE), an address of at most 64 characters (EMAIL), the token of a device (PUSH).',
});
const telephoneCountryCode = Type.String({ description: '1 to 3 digits, SMS and VOICE only; default 1.' });

export const NewDestinations = Type.Object({
  destinations: Type.Object({
    destination: Type.Array(
      Type.Object({
        protocol: destinationProtocol,
        telephoneCountryCode: Type.Optional(telephoneCountryCode),
        contactInfo,
        activated: Type.Optional(Type.Boolean({ description: 'Only activated ones receive; default true.' })),
        primary: Type.Optional(Type.Boolean({ description: 'Comes before the others of its protocol; one of each.' })),
      }),
      { maxItems: 10 },
    ),
  }),
});

export const ChangedDestinations = Type.Object({
  destinations: Type.Object({
    destination: Type.Array(
      Type.Object({
        id: Type.String(),
        telephoneCountryCode: Type.Optional(telephoneCountryCode),
        contactInfo: Type.Optional(contactInfo),
        activated: Type.Optional(Type.Boolean()),
        primary: Type.Optional(Type.Boolean()),
      }),
      { maxItems: 10 },
    ),
  }),
});

/** The order of the members is the order of the XML elements. */
export const Destinations = Type.Object({
  destination: Type.Array(
    Type.Object({
      id: Type.String({ description: 'The id of the contact method.' }),
      protocol: destinationProtocol,
      telephoneCountryCode: Type.Optional(Type.String()),
      contactInfo: Type.String(),
      activated: Type.Boolean(),
      primary: Type.Boolean(),
      enrolledDateTime: Type.String({ format: 'date-time' }),
    }),
  ),
});

const ActionName = Type.Union([
  Type.Literal('EMAIL'),
  Type.Literal('SMS'),
  Type.Literal('PUSH'),
  Type.Literal('WEB'),
  Type.Literal('VOICE'),
]);

const subscriptionParts = {
  subscriptionEventConditionsMap: Type.Optional(MessagingMap),
  subscriptionActions: Type.Optional(
    Type.Object({
      subscriptionAction: Type.Array(
        Type.Object({ name: ActionName, subscriptionActionAttributesMap: Type.Optional(MessagingMap) }),
      ),
    }),
  ),
};

const fulfillment = Type.String({ description: '`RECURRING`, which is the default, or the runs that are left: 1 to 9999.' });

const subscriptionInput = {
  fiId: Type.Optional(Type.String({ description: 'That of the path.' })),
  fiCustomerId: Type.Optional(Type.String({ description: 'That of the path.' })),
};

export const NewSubscription = Type.Object({
  Subscription: Type.Object({
    ...subscriptionInput,
    eventTypeId: Type.String({ maxLength: 64, description: 'Name of the alert type.' }),
    fulfillment: Type.Optional(fulfillment),
    ...subscriptionParts,
  }),
});

export const ChangedSubscription = Type.Object({
  Subscription: Type.Object({
    id: Type.String(),
    ...subscriptionInput,
    eventTypeId: Type.Optional(Type.String({ maxLength: 64 })),
    fulfillment: Type.Optional(fulfillment),
    ...subscriptionParts,
  }),
});

export const Subscription = Type.Object({
  id: Type.String({ description: '32 hexadecimal digits.' }),
  fiId: Type.String(),
  fiCustomerId: Type.String(),
  eventTypeId: Type.String(),
  fulfillment: Type.String({ description: '`RECURRING`, or the runs that are left; at 0 it is not active any more.' }),
  ...subscriptionParts,
});

export const Subscriptions = Type.Object({ Subscription: Type.Array(Subscription) });
