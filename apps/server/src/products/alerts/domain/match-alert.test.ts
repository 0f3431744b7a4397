import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AlertChannel } from './alert-channel.ts';
import type { AlertType, EventDomain } from './alert-type.ts';
import type { InstitutionPreference, UserPreference } from './choose-preference.ts';
import { type Comparator, noCondition } from './condition.ts';
import {
  type CatalogueFacts,
  type ChannelMatch,
  type Destination,
  type EventFacts,
  matchAlert,
  type Recipient,
} from './match-alert.ts';

const type: AlertType = {
  alertTypeId: 1n,
  alertTypeName: 'LOW_BALANCE',
  displayName: undefined,
  description: undefined,
  alertCategory: 'BALANCE',
  eventDomain: 'ACCOUNT',
  applicableAccountTypes: undefined,
  channels: ['EMAIL', 'SMS', 'PUSH', 'WEB'],
  externalSystem: undefined,
  isActive: true,
  additionalInfo: {},
  userInputType: undefined,
  defaultComparator: 'LT',
  isMandatory: false,
  isPlatforms: true,
};

const channels: readonly AlertChannel[] = ['EMAIL', 'SMS', 'PUSH', 'WEB'];
const dollars = (minor: bigint) => ({ minor, currencyCode: 'USD' });

const event: EventFacts = {
  domain: 'ACCOUNT',
  accountId: 'checking',
  accountExternalId: undefined,
  externalId: undefined,
  cardNumber: undefined,
  customerId: 'me',
  accountType: 'CHECKING',
  amount: dollars(7_000n),
};

const below100 = { comparator: 'LT', thresholdMinor: 10_000n, currencyCode: 'USD' } as const;
const general: UserPreference = {
  alertPreferenceId: 10n,
  channel: 'SMS',
  customerId: 'me',
  scope: { accountId: undefined, accountExternalId: undefined, externalId: undefined, cardNumber: undefined },
  isOpted: true,
  condition: below100,
};
const phone: Destination = { contactMethodId: 5n, channel: 'SMS', isActivated: true, isPrimary: false };
const catalogue: CatalogueFacts = {
  type,
  optIn: { channels: ['SMS'], isActive: true },
  institutionPreferences: [],
  templateChannels: new Set(['SMS']),
};
/** What the general preference asks. */
const fired = 'user 10 LT 10000 USD';
const user = { kind: 'user', preferences: [general], destinations: [phone], silenced: new Map<AlertChannel, string>() } as const;

/** What becomes of the text message. */
function smsOf(changes: {
  readonly event?: Partial<EventFacts>;
  readonly catalogue?: Partial<CatalogueFacts>;
  readonly user?: Partial<Extract<Recipient, { kind: 'user' }>>;
}): ChannelMatch | string {
  const match = matchAlert({ ...event, ...changes.event }, { ...catalogue, ...changes.catalogue }, { ...user, ...changes.user });
  if (match.kind === 'dropped') return match.reason;
  return match.channels.find(({ channel }) => channel === 'SMS') ?? 'no such channel';
}

describe('every link that is broken alone is the one that is named', () => {
  test.each([
    ['UNKNOWN_TYPE', { catalogue: { type: undefined } }],
    ['TYPE_INACTIVE', { catalogue: { type: { ...type, isActive: false } } }],
    ['NOT_WHITELISTED', { catalogue: { optIn: undefined } }],
    ['NOT_WHITELISTED', { catalogue: { optIn: { channels: ['SMS'], isActive: false } } }],
    ['WRONG_DOMAIN', { event: { domain: 'TRANSACTION' } }],
  ] as const)('%s, for the whole event', (reason, changes) => {
    expect(smsOf(changes)).toBe(reason);
  });

  test.each([
    ['CHANNEL_NOT_OPTED', { catalogue: { optIn: { channels: ['EMAIL'], isActive: true } } }],
    ['CHANNEL_NOT_OPTED', { user: { preferences: [] } }],
    ['ACCOUNT_TYPE', { catalogue: { type: { ...type, applicableAccountTypes: ['SAVINGS'] } } }],
    ['USER_OPTED_OUT', { user: { preferences: [{ ...general, isOpted: false }] } }],
    ['CONDITION_NOT_MET', { event: { amount: dollars(10_000n) } }],
    ['NO_DESTINATION', { user: { destinations: [] } }],
    ['NO_DESTINATION', { user: { destinations: [{ ...phone, isActivated: false }] } }],
    ['NO_TEMPLATE', { catalogue: { templateChannels: new Set<AlertChannel>(['EMAIL']) } }],
    [undefined, {}],
  ] as const)('%s, for the channel', (reason, changes) => {
    expect(smsOf(changes)).toMatchObject({ channel: 'SMS', reason });
    expect(smsOf(changes)).not.toHaveProperty('because');
  });

  test.each([
    ['currency', { event: { amount: { minor: 1n, currencyCode: 'CAD' } } }],
    ['silent', { user: { silenced: new Map<AlertChannel, string>([['SMS', fired]]) } }],
  ] as const)('CONDITION_NOT_MET because of %s, for the channel', (because, changes) => {
    expect(smsOf(changes)).toMatchObject({ channel: 'SMS', reason: 'CONDITION_NOT_MET', because });
  });
});

test('the row of the account counts before the general one, and that before what the institution presumes', () => {
  const ofAccount = { ...general, alertPreferenceId: 11n, scope: { ...general.scope, accountId: 'checking' }, isOpted: false };
  const elsewhere = { ...ofAccount, scope: { ...general.scope, accountId: 'savings' } };
  const presumed: InstitutionPreference = {
    institutionAlertPreferenceId: 12n,
    channel: 'SMS',
    isOpted: true,
    condition: noCondition,
  };
  expect(smsOf({ user: { preferences: [general, ofAccount] } })).toMatchObject({ reason: 'USER_OPTED_OUT' });
  expect(smsOf({ user: { preferences: [general, elsewhere] } })).toMatchObject({ preference: { preferenceId: 10n } });
  expect(smsOf({ user: { preferences: [elsewhere] }, catalogue: { institutionPreferences: [presumed] } })).toMatchObject({
    preference: { owner: 'institution', preferenceId: 12n },
  });
});

test('a security alert takes no no', () => {
  const mandatory: AlertType = { ...type, isMandatory: true, eventDomain: 'USER' };
  expect(
    smsOf({
      event: { domain: 'USER' },
      catalogue: { type: mandatory },
      user: { preferences: [{ ...general, isOpted: false }] },
    }),
  ).toMatchObject({ reason: undefined });
});

test('a value that the event does not carry does not break the condition', () => {
  expect(smsOf({ event: { amount: undefined } })).toMatchObject({ reason: undefined, silence: 'stays' });
});

test('balances of 120, 90, 80, 130 and 70 with a threshold of 100 send two alerts', () => {
  const silenced = new Map<AlertChannel, string>();
  let sent = 0;
  for (const balance of [12_000n, 9_000n, 8_000n, 13_000n, 7_000n]) {
    const sms = smsOf({ event: { amount: dollars(balance) }, user: { silenced } });
    if (typeof sms === 'string') throw new Error(sms);
    if (sms.reason === undefined) sent += 1;
    if (sms.firedCondition !== undefined) silenced.set('SMS', sms.firedCondition);
    if (sms.silence === 'ends') silenced.delete('SMS');
  }
  expect(sent).toBe(2);
});

test('a condition that was changed is not silent: 90 with a threshold of 100 fires, and 40 with one of 50 fires again', () => {
  const silenced = new Map<AlertChannel, string>();
  const balance = (minor: bigint, preferences: readonly UserPreference[]) => {
    const sms = smsOf({ event: { amount: dollars(minor) }, user: { silenced, preferences } });
    if (typeof sms === 'string') throw new Error(sms);
    if (sms.firedCondition !== undefined) silenced.set('SMS', sms.firedCondition);
    if (sms.silence === 'ends') silenced.delete('SMS');
    return sms.reason;
  };
  const below50: UserPreference = { ...general, condition: { ...below100, thresholdMinor: 5_000n } };
  expect(balance(9_000n, [general])).toBeUndefined();
  expect(balance(4_000n, [general])).toBe('CONDITION_NOT_MET');
  expect(balance(4_000n, [below50])).toBeUndefined();
  expect(balance(3_000n, [below50])).toBe('CONDITION_NOT_MET');
  expect(
    balance(3_000n, [below50, { ...below50, alertPreferenceId: 11n, scope: { ...general.scope, accountId: 'checking' } }]),
  ).toBe(undefined);
});

test('an amount of another currency is no value on the other side', () => {
  const silenced = new Map<AlertChannel, string>([['SMS', fired]]);
  const amount = { minor: 99_999n, currencyCode: 'CAD' };
  expect(smsOf({ event: { amount }, user: { silenced } })).toMatchObject({ reason: 'CONDITION_NOT_MET', silence: 'stays' });
});

test('the primary destination alone is used, else all that are activated', () => {
  const other = { ...phone, contactMethodId: 6n };
  expect(smsOf({ user: { destinations: [phone, other] } })).toMatchObject({ contactMethodIds: [5n, 6n] });
  expect(smsOf({ user: { destinations: [phone, { ...other, isPrimary: true }] } })).toMatchObject({ contactMethodIds: [6n] });
  expect(smsOf({ user: { destinations: [phone, { ...other, isPrimary: true, isActivated: false }] } })).toMatchObject({
    contactMethodIds: [5n],
  });
});

test('addresses that the event brings are used without asking anybody', () => {
  const addresses = new Map<AlertChannel, readonly string[]>([
    ['SMS', ['+12015550142']],
    ['EMAIL', []],
  ]);
  const match = matchAlert(
    { ...event, amount: dollars(99_999n) },
    { ...catalogue, optIn: { channels: [...channels], isActive: true }, templateChannels: new Set(channels) },
    { kind: 'addresses', addresses },
  );
  expect(match.kind === 'matched' && match.channels.map(({ channel, reason }) => [channel, reason])).toEqual([
    ['EMAIL', 'NO_DESTINATION'],
    ['SMS', undefined],
    ['PUSH', 'CHANNEL_NOT_OPTED'],
    ['WEB', 'CHANNEL_NOT_OPTED'],
  ]);
});

/*
 * The model: the same rules told another way. It makes every sentence of the sheet a list of candidates and throws away
 * what does not fit, without order, early ends or sharing a line with the rules.
 */
type World = {
  readonly event: EventFacts;
  readonly catalogue: CatalogueFacts;
  readonly user: Extract<Recipient, { kind: 'user' }>;
};

function modelReasonsOf({ event: e, catalogue: c, user: u }: World): string | Record<string, string> {
  const t = c.type;
  if (t === undefined) return 'UNKNOWN_TYPE';
  const whole = [
    [t.isActive, 'TYPE_INACTIVE'],
    [c.optIn?.isActive === true, 'NOT_WHITELISTED'],
    [e.domain === undefined || e.domain === t.eventDomain, 'WRONG_DOMAIN'],
  ] as const;
  const failed = whole.filter(([holds]) => !holds).map(([, reason]) => reason)[0];
  if (failed !== undefined) return failed;
  return Object.fromEntries(t.channels.map((channel) => [channel, modelOfChannel(channel, t, e, c, u)]));
}

function modelOfChannel(channel: AlertChannel, t: AlertType, e: EventFacts, c: CatalogueFacts, u: World['user']): string {
  const mine = u.preferences.filter(
    (p) => p.channel === channel && (e.customerId === undefined || p.customerId === e.customerId),
  );
  const narrow = (p: UserPreference) => Object.values(p.scope).filter((value) => value !== undefined).length;
  const agrees = (p: UserPreference) =>
    [
      [p.scope.accountId, e.accountId],
      [p.scope.accountExternalId, e.accountExternalId],
      [p.scope.externalId, e.externalId],
      [p.scope.cardNumber, e.cardNumber],
    ].every(([wanted, given]) => wanted === undefined || wanted === given);
  const ranked = mine.filter(agrees).sort((a, b) => narrow(b) - narrow(a) || Number(a.alertPreferenceId - b.alertPreferenceId));
  const chosen = [...ranked, ...c.institutionPreferences.filter((p) => p.channel === channel)][0];
  const { comparator = t.defaultComparator, thresholdMinor, currencyCode } = chosen?.condition ?? noCondition;
  const compared = comparator !== undefined && thresholdMinor !== undefined && e.amount !== undefined;
  const sameMoney = currencyCode === undefined || e.amount?.currencyCode === undefined || currencyCode === e.amount.currencyCode;
  const difference = compared && e.amount !== undefined ? e.amount.minor - thresholdMinor : 0n;
  const isMet = { LT: difference < 0n, LE: difference <= 0n, GT: difference > 0n, GE: difference >= 0n }[comparator ?? 'LT'];
  const isSilent =
    compared && t.eventDomain === 'ACCOUNT' && e.accountId !== undefined && isQuiet(u.silenced.get(channel), chosen, comparator);
  const reachable = channel === 'WEB' || u.destinations.some((d) => d.channel === channel && d.isActivated);
  const links: readonly (readonly [boolean, string])[] = [
    [c.optIn?.channels.includes(channel) === true && chosen !== undefined, 'CHANNEL_NOT_OPTED'],
    [t.applicableAccountTypes?.some((one) => one === e.accountType || e.accountType === undefined) ?? true, 'ACCOUNT_TYPE'],
    [chosen?.isOpted === true || t.isMandatory, 'USER_OPTED_OUT'],
    [!compared || (sameMoney && isMet && !isSilent), 'CONDITION_NOT_MET'],
    [reachable, 'NO_DESTINATION'],
    [c.templateChannels.has(channel), 'NO_TEMPLATE'],
  ];
  return links.filter(([holds]) => !holds).map(([, reason]) => reason)[0] ?? 'SENT';
}

/** The model takes the words of a condition apart where the rules put them together. */
function isQuiet(
  quiet: string | undefined,
  chosen: UserPreference | InstitutionPreference | undefined,
  comparator: Comparator | undefined,
): boolean {
  const [owner, id, how = '', limit = '', currency = ''] = quiet?.split(' ') ?? [];
  if (chosen === undefined || quiet === undefined) return false;
  const [itsOwner, itsId] =
    'alertPreferenceId' in chosen ? ['user', chosen.alertPreferenceId] : ['institution', chosen.institutionAlertPreferenceId];
  const { thresholdMinor, currencyCode } = chosen.condition;
  const same = [
    [owner, itsOwner],
    [id, itsId],
    [how, comparator],
    [limit, thresholdMinor],
    [currency, currencyCode],
  ];
  return same.every(([one, other]) => String(one) === String(other ?? ''));
}

const channel = fc.constantFrom(...channels);
/** Few enough that the condition which counts is often one of them. */
const quietCondition = fc
  .tuple(
    fc.constantFrom('user', 'institution'),
    fc.integer({ min: 1, max: 3 }),
    fc.constantFrom('LT', 'GE'),
    fc.constantFrom(100, 200),
    fc.constantFrom('', 'USD'),
  )
  .map((words) => words.join(' '));
const maybe = <Value>(...values: Value[]) => fc.constantFrom<Value | undefined>(undefined, ...values);
const domain = fc.constantFrom<EventDomain>('ACCOUNT', 'TRANSACTION', 'USER');
const condition = fc.record({
  comparator: maybe<Comparator>('LT', 'LE', 'GT', 'GE'),
  thresholdMinor: maybe(100n, 200n),
  currencyCode: maybe('USD', 'CAD'),
});
const scope = fc.record({
  accountId: maybe('a', 'b'),
  accountExternalId: maybe('x'),
  externalId: maybe('e'),
  cardNumber: maybe('4471'),
});
const oneEach = (ids: readonly number[]) => new Set(ids).size === ids.length;
const world: fc.Arbitrary<World> = fc.record({
  event: fc.record({
    domain: fc.option(domain, { nil: undefined }),
    accountId: maybe('a', 'b'),
    accountExternalId: maybe('x'),
    externalId: maybe('e'),
    cardNumber: maybe('4471'),
    customerId: maybe('here', 'there'),
    accountType: maybe('CHECKING', 'SAVINGS'),
    amount: fc.option(fc.record({ minor: fc.constantFrom(50n, 100n, 150n, 200n, 250n), currencyCode: maybe('USD', 'CAD') }), {
      nil: undefined,
    }),
  }),
  catalogue: fc.record({
    type: fc.option(
      fc
        .record({
          eventDomain: domain,
          applicableAccountTypes: maybe<readonly string[]>(['CHECKING'], ['SAVINGS']),
          channels: fc.subarray([...channels], { minLength: 1 }),
          isActive: fc.boolean(),
          defaultComparator: maybe<Comparator>('LT', 'GE'),
          isMandatory: fc.boolean(),
        })
        .map((some) => ({ ...type, ...some })),
      { nil: undefined, freq: 9 },
    ),
    optIn: fc.option(fc.record({ channels: fc.subarray([...channels]), isActive: fc.boolean() }), { nil: undefined, freq: 9 }),
    institutionPreferences: fc.uniqueArray(
      fc.record({ institutionAlertPreferenceId: fc.bigInt(1n, 9n), channel, isOpted: fc.boolean(), condition }),
      { selector: (one) => one.channel, maxLength: 4 },
    ),
    templateChannels: fc.subarray([...channels]).map((some) => new Set(some)),
  }),
  user: fc.record({
    kind: fc.constant('user' as const),
    preferences: fc
      .array(
        fc.record({
          alertPreferenceId: fc.bigInt(1n, 9n),
          channel,
          customerId: fc.constantFrom('here', 'there'),
          scope,
          isOpted: fc.boolean(),
          condition,
        }),
        { maxLength: 6 },
      )
      .filter((some) => oneEach(some.map((one) => Number(one.alertPreferenceId)))),
    destinations: fc.array(
      fc.record({ contactMethodId: fc.bigInt(1n, 9n), channel, isActivated: fc.boolean(), isPrimary: fc.boolean() }),
      { maxLength: 5 },
    ),
    silenced: fc.uniqueArray(fc.tuple(channel, quietCondition), { selector: ([name]) => name }).map((some) => new Map(some)),
  }),
});

test('the rules say of every event, catalogue and user what the model says', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(world, (one) => {
      const match = matchAlert(one.event, one.catalogue, one.user);
      const reasons =
        match.kind === 'dropped'
          ? match.reason
          : Object.fromEntries(match.channels.map((entry) => [entry.channel, entry.reason ?? 'SENT']));
      expect(reasons).toEqual(modelReasonsOf(one));
      for (const reason of typeof reasons === 'string' ? [reasons] : Object.values(reasons)) seen.add(reason);
    }),
    { numRuns: 5000 },
  );
  // The worlds reach every end of the chain.
  expect(seen.size).toBe(11);
});

test("only what is sent begins a silence, only a value on the other side ends one, and destinations are the channel's own", () => {
  fc.assert(
    fc.property(world, (one) => {
      const match = matchAlert(one.event, one.catalogue, one.user);
      if (match.kind === 'dropped') return;
      for (const entry of match.channels) {
        if (entry.silence === 'begins') expect(entry.reason).toBeUndefined();
        expect(entry.firedCondition !== undefined).toBe(entry.silence === 'begins');
        if (entry.silence === 'ends') expect(entry.reason).toBe('CONDITION_NOT_MET');
        for (const id of entry.contactMethodIds)
          expect(one.user.destinations).toContainEqual(
            expect.objectContaining({ contactMethodId: id, channel: entry.channel, isActivated: true }),
          );
      }
    }),
    { numRuns: 2000 },
  );
});
