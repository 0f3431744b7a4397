import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { jwtVerify, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { derToJose, encodeHeader, joseToDer, signJwt, verifyJwt } from './es256-jwt.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const header = encodeHeader('key-1');

function read(token: string, key = publicKey): string | undefined {
  const headerEnd = token.indexOf('.');
  return verifyJwt(token, headerEnd, token.indexOf('.', headerEnd + 1), key);
}

test('3000 signatures survive the way to the JOSE form and back byte for byte', () => {
  for (let round = 0; round < 3000; round += 1) {
    const der = sign('sha256', Buffer.from(`round ${round}`), privateKey);
    expect(joseToDer(derToJose(der))?.equals(der)).toBe(true);
  }
});

test('what node calls ieee-p1363 is what we make of DER', () => {
  for (let round = 0; round < 1500; round += 1) {
    const jose = sign('sha256', Buffer.from(`round ${round}`), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    const der = joseToDer(jose) ?? Buffer.alloc(0);
    expect(derToJose(der).equals(jose)).toBe(true);
  }
});

test('coordinates of any size, with leading zeros and high first bits, survive both ways', () => {
  const coordinate = fc
    .tuple(fc.integer({ min: 0, max: 31 }), fc.uint8Array({ minLength: 32, maxLength: 32 }))
    .map(([zeros, bytes]) => Uint8Array.from(bytes, (byte, index) => (index < zeros ? 0 : byte)));
  fc.assert(
    fc.property(coordinate, coordinate, (r, s) => {
      const jose = Buffer.concat([r, s]);
      expect(derToJose(joseToDer(jose) ?? Buffer.alloc(0)).equals(jose)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('a signature of another length than 64 bytes is none', () => {
  expect([0, 63, 65, 128].map((length) => joseToDer(Buffer.alloc(length)))).toEqual([undefined, undefined, undefined, undefined]);
});

test('jose verifies our tokens, and we verify what jose signs', async () => {
  const ours = signJwt(header, JSON.stringify({ sub: 'somebody' }), privateKey);
  const verified = await jwtVerify(ours, publicKey, { algorithms: ['ES256'], typ: 'at+jwt' });
  expect(verified.payload).toEqual({ sub: 'somebody' });
  expect(verified.protectedHeader).toEqual({ typ: 'at+jwt', alg: 'ES256', kid: 'key-1' });
  const theirs = await new SignJWT({ sub: 'somebody' }).setProtectedHeader({ alg: 'ES256' }).sign(privateKey);
  expect(read(theirs)).toBe('{"sub":"somebody"}');
});

test('any text is carried unchanged', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (payload) => {
      expect(read(signJwt(header, payload, privateKey))).toBe(payload);
    }),
  );
});

test('a token in which any one letter is changed is refused', () => {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const token = signJwt(header, '{"sub":"somebody"}', privateKey);
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom(...letters), (place, letter) => {
      fc.pre(token[place] !== '.' && token[place] !== letter);
      expect(read(token.slice(0, place) + letter + token.slice(place + 1))).toBeUndefined();
    }),
    { numRuns: 500 },
  );
  // The four unused bits of the last letter: the same signature in another spelling.
  for (const letter of letters) {
    if (letter !== token.at(-1)) expect(read(token.slice(0, -1) + letter)).toBeUndefined();
  }
});

test.each([
  ['padded', (token: string) => `${token}==`],
  ['with letters that are no base64url', (token: string) => `${token.slice(0, -3)}!${token.slice(-3)}`],
  ['with a blank behind it', (token: string) => `${token} `],
  ['cut by a letter', (token: string) => token.slice(0, -1)],
  ['without its signature', (token: string) => token.slice(0, token.lastIndexOf('.') + 1)],
  ['with a fourth part', (token: string) => `${token}.AAAA`],
])('a token %s is refused', (_how, change) => {
  expect(read(change(signJwt(header, '{}', privateKey)))).toBeUndefined();
});

test('the key of somebody else verifies nothing', () => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  expect(read(signJwt(header, '{}', privateKey), other.publicKey)).toBeUndefined();
});
