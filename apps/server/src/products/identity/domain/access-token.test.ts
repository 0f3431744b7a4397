import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromClaims, toClaims } from './access-token.ts';

const text = fc.string();
const subject = fc.record({
  chainId: text,
  institutionUserId: text,
  customerId: text,
  memberNumber: fc.option(text, { nil: undefined }),
});
const request = fc.record({
  issuer: text,
  clientId: text,
  institutionId: text,
  scopes: fc.array(fc.stringMatching(/^[a-z:]{1,8}$/u)),
  edition: fc.constantFrom('v1' as const, 'v2' as const),
  tokenId: text,
  now: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
  ttl: fc.integer({ min: 60, max: 2_592_000 }),
  subject: fc.option(subject, { nil: undefined }),
});

test('whatever is written into a token is read from it again', () => {
  fc.assert(
    fc.property(request, (made) => {
      const claims = toClaims(made);
      expect(fromClaims(JSON.parse(JSON.stringify(claims)))).toEqual(claims);
    }),
  );
});

test('a token lives for exactly its time to live, counted from the second of its issue', () => {
  fc.assert(
    fc.property(request, (made) => {
      const { iat, exp } = toClaims(made);
      expect([exp - iat, iat]).toEqual([made.ttl, Math.floor(made.now.getTime() / 1000)]);
    }),
  );
});

test('the token of a user names the customer as its subject, the token of an application the application', () => {
  fc.assert(
    fc.property(request, (made) => {
      const { sub, customer_id, institution_user_id, member_number } = toClaims(made);
      const { clientId, subject: user } = made;
      expect(sub).toBe(user?.customerId ?? clientId);
      expect([customer_id, institution_user_id, member_number]).toEqual([
        user?.customerId,
        user?.institutionUserId,
        user?.memberNumber,
      ]);
    }),
  );
});

test('JSON that is not of our making is no token and breaks nothing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (payload) => {
      expect(fromClaims(payload)).toBeUndefined();
    }),
  );
});

test('a claim that is missing or of another type makes the whole token unreadable', () => {
  const needed = ['iss', 'aud', 'sub', 'client_id', 'institution_id', 'scope', 'edition', 'jti', 'iat', 'exp'];
  fc.assert(
    fc.property(request, fc.constantFrom(...needed), fc.constantFrom(undefined, null, true, {}, []), (made, name, other) => {
      expect(fromClaims({ ...toClaims(made), [name]: other })).toBeUndefined();
    }),
  );
});

test('an unknown edition is no token', () => {
  fc.assert(
    fc.property(request, fc.string(), (made, edition) => {
      fc.pre(edition !== 'v1' && edition !== 'v2');
      expect(fromClaims({ ...toClaims(made), edition })).toBeUndefined();
    }),
  );
});
