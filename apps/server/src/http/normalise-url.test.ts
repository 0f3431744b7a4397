import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createNormaliseUrl } from './normalise-url.ts';

const normalise = createNormaliseUrl(new Set(['unlock-user', 'reset']));
const id = '5b0c9e1f7a2d4c3e8f60a1b2c3d4e5f6';
const unlock = `/v1/customers/${id}/@unlock-user`;

test.each([
  ['/v1/token', '/v1/token'],
  ['/v1/token/', '/v1/token'],
  ['/v1/token/?a=1/', '/v1/token?a=1/'],
  ['/', '/'],
  ['/digitalbanking/v1/token', '/v1/token'],
  ['/digitalbanking/stage/v1/token', '/v1/token'],
  ['/digitalbanking/sandbox/v1/token', '/v1/token'],
  ['/digitalbanking', '/'],
  ['/digitalbanking/', '/'],
  ['/digitalbanking/stage/', '/'],
  ['/digital%62anking/stage/v1/token', '/v1/token'],
  [`/v1/customers/${id}:unlock-user`, unlock],
  [`/v1/customers/${id}%3Aunlock-user`, unlock],
  [`/v1/customers/${id}%3aunlock-user/`, unlock],
  [`/v1/customers/${id}:unlockUser`, unlock],
  [`/v1/customers/${id}:unlock%2Duser?x=1`, `${unlock}?x=1`],
  [`/digitalbanking/stage/ux-users/v1/customers/${id}:unlock-user`, `/ux-users${unlock}`],
  ['/v1/customers/a:b:unlock-user', '/v1/customers/a%3Ab/@unlock-user'],
])('%s is %s', (url, expected) => {
  expect(normalise(url)).toBe(expected);
});

describe('what is no spelling of anything stays apart', () => {
  test.each([
    ['an unknown action', `/v1/customers/${id}:delete-user`, `/v1/customers/${id}%3Adelete-user`],
    ['an action in other letters', `/v1/customers/${id}:UNLOCK-USER`, `/v1/customers/${id}%3AUNLOCK-USER`],
    ['an action of nothing', '/v1/customers/:unlock-user', '/v1/customers/%3Aunlock-user'],
    ['an action that is not at the end', `/v1/customers/${id}:unlock-user/x`, `/v1/customers/${id}%3Aunlock-user/x`],
    ['a lead that only begins so', '/digitalbankingx/v1/token', '/digitalbankingx/v1/token'],
    ['a lead inside', '/v1/digitalbanking/token', '/v1/digitalbanking/token'],
    ['a second lead', '/digitalbanking/digitalbanking/v1/token', '/digitalbanking/v1/token'],
    ['an encoded slash', '/v1%2Ftoken', '/v1%2Ftoken'],
    ['a second trailing slash', '/v1/token//', '/v1/token/'],
    ['what is encoded twice', '/v1/customers/%2540unlock-user', '/v1/customers/%2540unlock-user'],
    ['a malformed escape', '/v1/customers/%zz', '/v1/customers/%25zz'],
    ['an escape that is cut off', '/v1/customers/a%', '/v1/customers/a%25'],
    ['an escape that is no UTF-8', '/v1/customers/%ff', '/v1/customers/%25ff'],
  ])('%s', (_what, url, expected) => {
    expect(normalise(url)).toBe(expected);
  });

  test.each(['@unlock-user', '%40unlock-user', '%2540unlock-user', '%zz@unlock-user'])(
    'nobody can write the form of the router: %s',
    (segment) => {
      expect(normalise(`/v1/customers/${id}/${segment}`)).not.toContain('@');
    },
  );
});

/** Pieces that URLs of ours and of attackers are made of. */
const piece = fc.oneof(
  fc.constantFrom('/', '%2F', '%2f', ':', '%3A', '@', '%40', '%2540', '%', '%zz', '%ff', '?', '#', '..', '.', '//', '\\', ';'),
  fc.constantFrom('digitalbanking', 'stage', 'sandbox', 'v1', 'customers', id, 'unlock-user', 'unlockUser', 'reset'),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
);
const anyUrl = fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);

describe('whatever comes in', () => {
  test('it answers a path that begins with a slash, and leaves the query alone', () => {
    fc.assert(
      fc.property(anyUrl, (url) => {
        const [path = '', query] = splitAtQuery(normalise(url));
        expect(path.startsWith('/')).toBe(true);
        expect(query).toBe(splitAtQuery(url)[1]);
      }),
      { numRuns: 2000 },
    );
  });

  test('a mark stands only before an action that was written after a colon at the end', () => {
    fc.assert(
      fc.property(anyUrl, (url) => {
        const [path = ''] = splitAtQuery(normalise(url));
        expect(path).toMatch(/^[^@]*(?:[^/@]\/@(?:unlock-user|reset))?$/u);
      }),
      { numRuns: 2000 },
    );
  });

  test('what it has answered means the same when it is asked again', () => {
    fc.assert(
      fc.property(anyUrl, (url) => {
        const once = normalise(url);
        const [path = ''] = splitAtQuery(once);
        // An action has left the wire's form; a second lead or trailing slash is one more than is taken off.
        fc.pre(!path.includes('@') && !path.startsWith('/digitalbanking') && !(path.length > 1 && path.endsWith('/')));
        fc.pre(!/%3A(?:unlock|reset)/iu.test(path));
        expect(normalise(once)).toBe(once);
      }),
      { numRuns: 2000 },
    );
  });
});

function splitAtQuery(url: string): [string, string | undefined] {
  const start = url.indexOf('?');
  return start === -1 ? [url, undefined] : [url.slice(0, start), url.slice(start)];
}
