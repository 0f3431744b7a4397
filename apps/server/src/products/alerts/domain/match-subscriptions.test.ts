import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertChannel } from './alert-channel.ts';
import { noCondition } from './condition.ts';
import type { CatalogueFacts, Destination, EventFacts, Recipient } from './match-alert.ts';
import { conditionHolds, matchEvent, type SentData } from './match-subscriptions.ts';
import { afterDelivery, type Subscription } from './subscription.ts';

const event: EventFacts = {
  domain: undefined,
  customerId: undefined,
  accountId: undefined,
  accountExternalId: undefined,
  externalId: undefined,
  cardNumber: undefined,
  accountType: undefined,
  amount: undefined,
};
const everyChannel: readonly AlertChannel[] = ['EMAIL', 'SMS', 'PUSH', 'WEB'];
const type: NonNullable<CatalogueFacts['type']> = {
  alertTypeId: 10_000n,
  isPlatforms: false,
  alertTypeName: 'NEWS',
  displayName: undefined,
  description: undefined,
  alertCategory: 'CUSTOM',
  eventDomain: 'NOTIFICATION',
  applicableAccountTypes: undefined,
  channels: everyChannel,
  externalSystem: undefined,
  isActive: true,
  additionalInfo: {},
  userInputType: undefined,
  defaultComparator: undefined,
  isMandatory: false,
};
const catalogue = (change: Partial<CatalogueFacts> = {}): CatalogueFacts => ({
  type,
  optIn: { channels: everyChannel, isActive: true },
  institutionPreferences: [{ institutionAlertPreferenceId: 1n, channel: 'EMAIL', isOpted: true, condition: noCondition }],
  templateChannels: new Set(everyChannel),
  ...change,
});
const at = (contactMethodId: bigint, channel: Destination['channel'], isActivated = true): Destination => ({
  contactMethodId,
  channel,
  isActivated,
  isPrimary: false,
});
const user = (...destinations: Destination[]): Recipient => ({
  kind: 'user',
  preferences: [],
  destinations,
  silenced: new Map(),
});
const reachable = user(at(1n, 'EMAIL'), at(2n, 'SMS'), at(3n, 'SMS'), at(4n, 'VOICE'), at(5n, 'SMS', false));
const subscription = (change: Partial<Subscription> = {}): Subscription => ({
  subscriptionId: 'a'.repeat(32),
  customerGuid: 'c'.repeat(32),
  eventType: 'NEWS',
  runsLeft: undefined,
  isActive: true,
  conditions: [],
  actions: [{ name: 'SMS', attributes: [] }],
  ...change,
});
const match = (
  subscriptions: readonly Subscription[],
  { data = {}, of = catalogue(), to = reachable }: { data?: SentData; of?: CatalogueFacts; to?: Recipient } = {},
) => {
  const matched = matchEvent(event, data, of, to, subscriptions);
  if (matched.kind === 'dropped') return matched.reason;
  return {
    channels: Object.fromEntries(
      matched.channels.map(({ channel, reason, contactMethodIds }) => [channel, reason ?? contactMethodIds]),
    ),
    delivered: matched.delivered,
  };
};
const byPreferences = {
  channels: { EMAIL: [1n], SMS: 'CHANNEL_NOT_OPTED', PUSH: 'CHANNEL_NOT_OPTED', WEB: 'CHANNEL_NOT_OPTED' },
  delivered: [],
};

describe('who decides', () => {
  test('the subscription does: its channels, all activated destinations of them', () => {
    expect(match([subscription()])).toEqual({ channels: { SMS: [2n, 3n] }, delivered: ['a'.repeat(32)] });
  });

  test('the preferences do, when the customer has no active subscription to the type', () => {
    expect(match([])).toEqual(byPreferences);
    expect(match([subscription({ isActive: false }), subscription({ eventType: 'OTHER' })])).toEqual(byPreferences);
  });

  test('the preferences do, for events of V2 and for alerts that nobody can refuse', () => {
    expect(matchEvent(event, undefined, catalogue(), reachable, [subscription()])).toMatchObject({ delivered: [] });
    expect(match([subscription()], { of: catalogue({ type: { ...type, isMandatory: true } }) })).toEqual(byPreferences);
  });

  test('what breaks for the type breaks for subscriptions too', () => {
    expect(match([subscription()], { of: catalogue({ type: undefined }) })).toBe('UNKNOWN_TYPE');
    expect(match([subscription()], { of: catalogue({ type: { ...type, isActive: false } }) })).toBe('TYPE_INACTIVE');
    expect(match([subscription()], { of: catalogue({ optIn: undefined }) })).toBe('NOT_WHITELISTED');
  });
});

describe('where it goes', () => {
  const picking = (name: 'SMS' | 'EMAIL', id: string) => ({ name, attributes: [{ key: 'destinationId', value: id }] });

  test('to the destination that an action picks, and nowhere when it is gone or not activated', () => {
    expect(match([subscription({ actions: [picking('SMS', '3')] })])).toMatchObject({ channels: { SMS: [3n] } });
    for (const id of ['5', '9', '1'])
      expect(match([subscription({ actions: [picking('SMS', id)] })])).toEqual({
        channels: { SMS: 'NO_DESTINATION' },
        delivered: [],
      });
  });

  test('without actions to every channel of the type', () => {
    expect(match([subscription({ actions: [] })])).toMatchObject({
      channels: { EMAIL: [1n], SMS: [2n, 3n], PUSH: 'NO_DESTINATION', WEB: [] },
    });
  });

  test('by telephone with the words of the text message', () => {
    const voice = subscription({ actions: [{ name: 'VOICE', attributes: [] }] });
    expect(match([voice])).toMatchObject({ channels: { VOICE: [4n] } });
    expect(match([voice], { of: catalogue({ templateChannels: new Set(['EMAIL']) }) })).toMatchObject({
      channels: { VOICE: 'NO_TEMPLATE' },
    });
    const optIn = { channels: ['EMAIL'], isActive: true } as const;
    expect(match([voice], { of: catalogue({ optIn }) })).toMatchObject({ channels: { VOICE: 'CHANNEL_NOT_OPTED' } });
  });

  test('to each destination once, however many subscriptions name it; each of them has had a run', () => {
    const other = subscription({
      subscriptionId: 'b'.repeat(32),
      actions: [picking('SMS', '2'), { name: 'EMAIL', attributes: [] }],
    });
    const cold = subscription({ subscriptionId: 'd'.repeat(32), conditions: [{ key: 'x', value: 'y' }] });
    expect(match([subscription(), other, cold])).toEqual({
      channels: { EMAIL: [1n], SMS: [2n, 3n] },
      delivered: ['a'.repeat(32), 'b'.repeat(32)],
    });
    expect(match([cold])).toEqual({ channels: { SMS: 'CONDITION_NOT_MET' }, delivered: [] });
  });
});

describe('a condition', () => {
  test.each([
    ['balance.lt', '100', '72.10', true],
    ['balance.lt', '100', '100.00', false],
    ['balance.le', '100', '100.00', true],
    ['balance.gt', '9', '10', true],
    ['balance.ge', '-5', '-5.0', true],
    ['balance.ne', '5', '5.00', false],
    ['balance', '5', '5.00', true],
    ['balance.lt', '0.3', '0.1', true],
    ['balance', 'ATM', 'ATM', true],
    ['balance.ne', 'ATM', 'POS', true],
    ['balance', 'ATM', 'atm', false],
  ])('%s %s against %s', (key, value, carried, holds) => {
    expect(conditionHolds({ key, value }, { balance: carried })).toBe(holds);
  });

  test('a value that the event does not carry holds nothing, not even that it is unlike', () => {
    for (const operator of ['', '.lt', '.le', '.gt', '.ge', '.ne'])
      expect(conditionHolds({ key: `x${operator}`, value: '1' }, { y: '1' })).toBe(false);
    expect(conditionHolds({ key: 'toString', value: '1' }, {})).toBe(false);
  });

  test('amounts compare as amounts: cents are exact', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: -1e9, max: 1e9 }), (one, other) => {
        const text = (cents: number) =>
          `${cents < 0 ? '-' : ''}${Math.floor(Math.abs(cents) / 100)}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;
        const holds = (operator: string) => conditionHolds({ key: `b.${operator}`, value: text(other) }, { b: text(one) });
        expect([holds('lt'), holds('le'), holds('gt'), holds('ge'), holds('ne')]).toEqual([
          one < other,
          one <= other,
          one > other,
          one >= other,
          one !== other,
        ]);
      }),
    );
  });
});

test('a run takes one of those that are left, and the last one ends the subscription', () => {
  expect(afterDelivery(subscription())).toEqual(subscription());
  expect(afterDelivery(subscription({ runsLeft: 2 }))).toMatchObject({ runsLeft: 1, isActive: true });
  expect(afterDelivery(subscription({ runsLeft: 1 }))).toMatchObject({ runsLeft: 0, isActive: false });
});
