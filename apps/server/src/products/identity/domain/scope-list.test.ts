import fc from 'fast-check';
import { expect, test } from 'vitest';
import { grantedScopes, parseScopeList } from './scope-list.ts';

const name = fc.stringMatching(/^[a-zA-Z-]{1,12}(:[a-z_]{1,8})?$/u).filter((text) => text !== 'disclosure:reads');
const separator = fc.stringMatching(/^[ ,]{1,4}$/u);

test('commas, blanks and both separate scopes, however many stand between two', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, separator)), (pairs) => {
      const expected = [...new Set(pairs.map(([scope]) => scope))];
      expect(parseScopeList(pairs.map(([scope, between]) => scope + between).join(''))).toEqual(expected);
    }),
  );
});

test('a scope asked for twice is granted once, and the old spelling of disclosures:read is understood', () => {
  expect(parseScopeList('a:read,a:read disclosure:reads, disclosures:read')).toEqual(['a:read', 'disclosures:read']);
});

test.each([undefined, '', ' ', ', ,'])('who asks for no scope (%j) gets all that are allowed', (asked) => {
  expect(grantedScopes(asked, ['a:read', 'b:write'])).toEqual(['a:read', 'b:write']);
});

test('one scope that is not allowed refuses the whole request', () => {
  expect(grantedScopes('a:read,b:write', ['a:read'])).toBeUndefined();
  expect(grantedScopes('A:READ', ['a:read'])).toBeUndefined();
});

test('an application that is allowed no scope gets no token', () => {
  expect(grantedScopes(undefined, [])).toBeUndefined();
});

test('no request ever gets more than is allowed', () => {
  fc.assert(
    fc.property(fc.option(fc.string(), { nil: undefined }), fc.array(name), (asked, allowed) => {
      const granted = grantedScopes(asked, allowed);
      expect(granted === undefined || granted.every((scope) => allowed.includes(scope))).toBe(true);
    }),
  );
});
