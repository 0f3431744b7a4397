import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BoundDestination } from './destination.ts';
import { settlePrimaries } from './settle-destinations.ts';

const bound = (contactMethodId: string, protocol: BoundDestination['protocol'], isPrimary: boolean): BoundDestination => ({
  contactMethodId,
  protocol,
  contactInfo: 'x',
  countryCode: undefined,
  isActivated: true,
  isPrimary,
  enrolledAt: new Date(0),
});

test('whatever is asked for, at most one of each protocol comes first', () => {
  const destination = fc.record({
    contactMethodId: fc.nat(6).map(String),
    isPrimary: fc.option(fc.boolean(), { nil: undefined }),
  });
  const protocolOf = (id: string) => (Number(id) % 2 === 0 ? 'SMS' : 'EMAIL');
  fc.assert(
    fc.property(fc.uniqueArray(destination, { selector: (one) => one.contactMethodId }), fc.nat(6), (wanted, first) => {
      const before = [bound(String(first), protocolOf(String(first)), true)];
      const settled = settlePrimaries(
        wanted.map((one) => ({ ...one, protocol: protocolOf(one.contactMethodId) })),
        before,
      );
      for (const protocol of ['SMS', 'EMAIL'])
        expect([...settled].filter(([id, isPrimary]) => isPrimary && protocolOf(id) === protocol).length).toBeLessThan(2);
      expect([...settled.keys()]).toEqual(wanted.map((one) => one.contactMethodId));
    }),
  );
});

test('who does not say keeps its place, unless another one takes it', () => {
  const before = [bound('1', 'SMS', true), bound('2', 'SMS', false)];
  const wanted = (id: string, isPrimary?: boolean) => ({ contactMethodId: id, protocol: 'SMS' as const, isPrimary });
  expect(settlePrimaries([wanted('1')], before)).toEqual(new Map([['1', true]]));
  expect(settlePrimaries([wanted('1'), wanted('2', true)], before)).toEqual(
    new Map([
      ['1', false],
      ['2', true],
    ]),
  );
  expect(settlePrimaries([wanted('1', false)], before)).toEqual(new Map([['1', false]]));
});
