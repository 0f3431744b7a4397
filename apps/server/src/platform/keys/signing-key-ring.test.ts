import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { eventually } from '@openbranch/testkit/eventually';
import { createTestDatabase, type TestDatabase } from '@openbranch/testkit/test-database';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { SetupError } from '../db/setup-error.ts';
import { createKeyRing } from './key-ring.ts';
import { openSigningKeyRing, rotateSigningKey, type SigningKeyRing } from './signing-key-ring.ts';

const keyRing = createKeyRing(randomBytes(32));
let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(() => db.drop());

beforeEach(async () => {
  await db.database.sql`delete from signing_keys`;
});

const openRing = () => openSigningKeyRing(db.database.sql, keyRing);
const rotate = () => db.database.sql.begin((tx) => rotateSigningKey(tx, keyRing));

function keyIdOf(token: string): string {
  const header: { kid: string } = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
  return header.kid;
}

async function verifyByKeySet(ring: SigningKeyRing, token: string): Promise<string | undefined> {
  const keySet = createLocalJWKSet({ keys: ring.publicKeys().map((key) => ({ ...key })) });
  return (await jwtVerify(token, keySet, { typ: 'at+jwt', algorithms: ['ES256'] })).payload.sub;
}

test('processes that start at the same time on an empty database make one key between them', async () => {
  const rings = await Promise.all([openRing(), openRing(), openRing(), openRing()]);
  const token = rings[0].sign('{"sub":"me"}');
  for (const ring of rings) {
    expect(ring.publicKeys()).toHaveLength(1);
    expect(ring.verify(token)).toBe('{"sub":"me"}');
  }
});

test('after a rotation the key set shows both keys, old tokens stay good, and new ones bear the new key once it is active', async () => {
  const ring = await openRing();
  const old = ring.sign('{"sub":"old"}');
  const { keyId: newKeyId } = await rotate();
  await ring.reload();
  // Other processes may not have read the new key yet.
  expect(keyIdOf(ring.sign('{}'))).toBe(keyIdOf(old));
  expect(ring.publicKeys().map(({ kid }) => kid)).toEqual([newKeyId, keyIdOf(old)]);
  await db.database.sql`update signing_keys set activates_at = clock_timestamp() where key_id = ${newKeyId}`;
  await ring.reload();
  const fresh = await eventually(() => {
    const token = ring.sign('{"sub":"new"}');
    return keyIdOf(token) === newKeyId ? token : undefined;
  });
  expect([ring.verify(old), ring.verify(fresh)]).toEqual(['{"sub":"old"}', '{"sub":"new"}']);
  expect([await verifyByKeySet(ring, old), await verifyByKeySet(ring, fresh)]).toEqual(['old', 'new']);
});

test('a key stays in the key set for as long as a token of it can live, then it leaves and its tokens are refused', async () => {
  const ring = await openRing();
  const old = ring.sign('{}');
  await rotate();
  const [row] = await db.database.sql<{ days: number }[]>`
    select extract(epoch from retires_at - clock_timestamp())::float8 / 86400 as days from signing_keys where retires_at is not null`;
  expect(row?.days).toBeGreaterThan(29.99);
  await db.database.sql`update signing_keys set retires_at = clock_timestamp() where key_id = ${keyIdOf(old)}`;
  await ring.reload();
  expect(ring.publicKeys().map(({ kid }) => kid)).not.toContain(keyIdOf(old));
  expect(ring.verify(old)).toBeUndefined();
});

test('rotating twice in a row keeps all three keys verifying', async () => {
  const ring = await openRing();
  const old = ring.sign('{}');
  await Promise.all([rotate(), rotate()]);
  await ring.reload();
  expect(ring.publicKeys()).toHaveLength(3);
  expect(ring.verify(old)).toBe('{}');
});

test('the key set has no private part', async () => {
  const ring = await openRing();
  for (const key of ring.publicKeys()) {
    expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    expect(key).toMatchObject({ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' });
  }
});

test('the private key is unreadable in the database', async () => {
  await openRing();
  const [row] = await db.database.sql<{ private_key_sealed: Buffer; public_jwk: { x: string; y: string; d?: string } }[]>`
    select private_key_sealed, public_jwk from signing_keys`;
  const sealed = row?.private_key_sealed ?? Buffer.alloc(0);
  // A PKCS #8 document has the public point in it.
  expect(sealed.includes(Buffer.from(row?.public_jwk.x ?? '', 'base64url'))).toBe(false);
  expect(row?.public_jwk.d).toBeUndefined();
});

test('a start with another master key says so in one line and names what to do', async () => {
  await openRing();
  const other = openSigningKeyRing(db.database.sql, createKeyRing(randomBytes(32)));
  await expect(other).rejects.toThrow(SetupError);
  await expect(other).rejects.toThrow(/^The signing keys .* master key: set OPENBRANCH_MASTER_KEY[^\n]*$/u);
});

test('a private key that was put under another key id does not open', async () => {
  await openRing();
  await db.database.sql`update signing_keys set key_id = 'another'`;
  await expect(openRing()).rejects.toThrow(SetupError);
});

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

test.each([
  ['says that it is not signed', (kid: string) => ({ typ: 'at+jwt', alg: 'none', kid })],
  ['names another algorithm', (kid: string) => ({ typ: 'at+jwt', alg: 'HS256', kid })],
  ['names another key', () => ({ typ: 'at+jwt', alg: 'ES256', kid: 'other' })],
  ['names another type', (kid: string) => ({ typ: 'JWT', alg: 'ES256', kid })],
  ['has one more member', (kid: string) => ({ typ: 'at+jwt', alg: 'ES256', kid, jku: 'https://evil.example' })],
  ['has its members in another order', (kid: string) => ({ alg: 'ES256', typ: 'at+jwt', kid })],
])('a token whose header %s is refused, whatever its signature', async (_what, header) => {
  const ring = await openRing();
  const good = ring.sign('{"sub":"me"}');
  const [, payload = '', signature = ''] = good.split('.');
  const changed = encode(header(keyIdOf(good)));
  expect(ring.verify(`${changed}.${payload}.${signature}`)).toBeUndefined();
  expect(ring.verify(`${changed}.${payload}.`)).toBeUndefined();
});

test.each(['', '.', '..', 'a.b', 'a.b.c', '...', 'a.b.c.d'])('the text %j is no token and breaks nothing', async (text) => {
  const ring = await openRing();
  expect(ring.verify(text)).toBeUndefined();
});

test('a payload of our header that somebody else has signed is refused', async () => {
  const ring = await openRing();
  const stranger = await openSigningKeyRing(db.database.sql, keyRing);
  const [header = '', , signature = ''] = stranger.sign('{"sub":"me"}').split('.');
  expect(ring.verify(`${header}.${encode({ sub: 'you' })}.${signature}`)).toBeUndefined();
});

test('a key of the key set verifies a token with nothing but node', async () => {
  const ring = await openRing();
  const [header = '', payload = '', signature = ''] = ring.sign('{"sub":"me"}').split('.');
  const [key] = ring.publicKeys();
  const publicKey = createPublicKey({ key: { ...key }, format: 'jwk' });
  const input = Buffer.from(`${header}.${payload}`);
  expect(verify('sha256', input, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url'))).toBe(true);
});
