import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toEventFacts } from './alert-event.ts';
import { readEvent } from './event-input.ts';
import { laneCount, laneOf } from './event-lane.ts';

const now = new Date('2026-06-19T09:21:33Z');
const details = { eventId: 'e-1', eventType: 'low_balance', institutionId: '00042' };

describe('the body of an event', () => {
  test('never breaks the reader, whatever it holds', () => {
    const body = fc.dictionary(
      fc.constantFrom('eventDomainType', 'eventDetails', 'account', 'transaction', 'notification', 'destintionDetails'),
      fc.oneof(fc.jsonValue(), fc.constant(details), fc.constant('account')),
    );
    fc.assert(
      fc.property(body, (given) => {
        const event = readEvent(given, '00042', now);
        if (event.ok) expect(event.value.eventType).toBe('LOW_BALANCE');
      }),
    );
  });

  test('is read by the names of clients: any case of the domain, dashes in a customer, the misspelt destinations', () => {
    const read = readEvent(
      {
        eventDomainType: 'nonSubscriptionEvent',
        eventDetails: { ...details, institutionCustomerId: '439892ED-F4AA-4983-A605-E3F3D7DCB651' },
        eventData: { name: 'Pat' },
        destinationDetails: { contactChannels: ['email'], contactEmail: ['pat@example.com', 'pat@example.com'] },
      },
      '00042',
      now,
    );
    expect(read).toMatchObject({
      ok: true,
      value: {
        domain: 'NOTIFICATION',
        customerId: '439892edf4aa4983a605e3f3d7dcb651',
        addresses: undefined,
        occurredAt: now,
        parts: { notification: { name: 'Pat' } },
      },
    });
  });

  test('brings addresses as a notification only, never as an event without a subscription', () => {
    const addressesOf = (eventDomainType: string) => {
      const destinationDetails = { contactChannels: ['email'], contactEmail: ['pat@example.com', 'pat@example.com'] };
      const body = { eventDomainType, eventDetails: details, notification: {}, destinationDetails };
      const read = readEvent(body, '00042', now);
      return read.ok ? read.value.addresses : read.refusal;
    };
    expect(addressesOf('NotificationEvent')).toEqual({ EMAIL: ['pat@example.com'] });
    for (const word of ['nonSubscription', 'NON_SUBSCRIPTION', 'nonSubscriptionEvent']) expect(addressesOf(word)).toBeUndefined();
  });

  test.each([
    ['9999-12-31T23:59:59-12:00', false],
    ['0000-01-01T00:00Z', false],
    ['1999-12-31T23:59:59Z', false],
    ['2000-01-01T00:00:00Z', true],
    ['2026-06-20T09:21:33Z', true],
    ['2026-06-20T09:21:34Z', false],
  ])('cannot have happened before 2000, or later than a day after now: %s', (eventOccured, isTaken) => {
    const body = { eventDomainType: 'user', eventDetails: { ...details, eventOccured } };
    expect(readEvent(body, '00042', now).ok).toBe(isTaken);
  });

  test('gives the rules an account, its type and an amount in minor units', () => {
    const read = readEvent(
      {
        eventDomainType: 'ACCOUNT',
        eventDetails: details,
        account: { id: 'a1', type: { value: 'CHECKING' }, availableBalance: { currencyCode: 'USD', amount: 72.1 } },
      },
      '00042',
      now,
    );
    if (!read.ok) throw new Error(read.refusal);
    const addressee = { kind: 'users', institutionUserIds: ['A'], customerId: undefined } as const;
    expect(toEventFacts({ ...read.value, addressee })).toMatchObject({
      accountId: 'a1',
      accountType: 'CHECKING',
      amount: { minor: 7210n, currencyCode: 'USD' },
    });
  });
});

test('events of one user share a lane, and lanes are within their bound', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (user, one, other) => {
      const addressee = { kind: 'users', institutionUserIds: [user], customerId: undefined } as const;
      const lane = laneOf({ addressee, eventId: one });
      expect(laneOf({ addressee, eventId: other })).toBe(lane);
      expect(lane >= 0 && lane < laneCount && Number.isInteger(lane)).toBe(true);
    }),
  );
});
