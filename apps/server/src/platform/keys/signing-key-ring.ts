import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK } from 'jose';
import type { Sql, Tx } from '../db/database.ts';
import { SetupError } from '../db/setup-error.ts';
import { encodeHeader, signJwt, verifyJwt } from './es256-jwt.ts';
import type { KeyRing } from './key-ring.ts';
import { open, seal } from './sealed-box.ts';

/** A public key as the key set shows it. */
export interface PublicJwk {
  readonly kty: string;
  readonly crv: string;
  readonly x: string;
  readonly y: string;
  readonly kid: string;
  readonly alg: string;
  readonly use: string;
}

/** Signs and verifies access tokens with keys that live encrypted in the database. */
export interface SigningKeyRing {
  /** A compact JWS of type at+jwt over the payload. */
  sign(payload: string): string;
  /** The payload of a token that one of our keys has signed, else undefined. */
  verify(token: string): string | undefined;
  publicKeys(): readonly PublicJwk[];
  reload(): Promise<void>;
}

interface LoadedKey {
  readonly encodedHeader: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly publicJwk: PublicJwk;
  readonly activatesAt: number;
  readonly retiresAt: number;
}

interface KeyRow {
  readonly key_id: string;
  readonly public_jwk: PublicJwk;
  readonly private_key_sealed: Buffer;
  readonly activates_at: Date;
  readonly retires_at: Date | null;
}

/** The longest life that an application's tokens may have, in seconds: a retired key verifies for that long. */
const longestTokenLifeSeconds = 2_592_000;
/**
 * Before the first token bears the signature of a new key, every process has read it, and so has every gateway that
 * keeps the key set as long as it may (`cacheSeconds` of the operation getKeySet: 30).
 */
const activationDelaySeconds = 90;

/**
 * Opens the ring; makes the first key when there is none.
 * @throws SetupError when the keys of the database were sealed under another master key.
 */
export async function openSigningKeyRing(sql: Sql, keyRing: KeyRing): Promise<SigningKeyRing> {
  let keysByHeader = new Map<string, LoadedKey>();
  let newestFirst: readonly LoadedKey[] = [];

  const reload = async (): Promise<void> => {
    const rows = await sql<KeyRow[]>`
      select key_id, public_jwk, private_key_sealed, activates_at, retires_at from signing_keys
      where retires_at is null or retires_at > clock_timestamp()
      order by activates_at desc, key_id`;
    newestFirst = rows.map((row) => loadKey(row, keyRing));
    keysByHeader = new Map(newestFirst.map((key) => [key.encodedHeader, key]));
  };

  await sql.begin(async (tx) => {
    // Two processes that start at once must not make two first keys.
    await tx`select pg_advisory_xact_lock(hashtextextended('openbranch signing keys', 0))`;
    const rows = await tx`select 1 from signing_keys limit 1`;
    if (rows.length === 0) await insertKey(tx, keyRing, 0);
  });
  await reload();

  return {
    sign: (payload) => {
      const now = Date.now();
      const key = newestFirst.find(({ activatesAt }) => activatesAt <= now) ?? newestFirst.at(-1);
      if (key === undefined) throw new Error('There is no signing key.');
      return signJwt(key.encodedHeader, payload, key.privateKey);
    },
    verify: (token) => {
      const headerEnd = token.indexOf('.');
      const payloadEnd = token.indexOf('.', headerEnd + 1);
      if (payloadEnd === -1) return undefined;
      // The header must be, byte for byte, one that we write: no other algorithm, type or key can be asked for.
      const key = keysByHeader.get(token.slice(0, headerEnd));
      return key === undefined || key.retiresAt <= Date.now()
        ? undefined
        : verifyJwt(token, headerEnd, payloadEnd, key.publicKey);
    },
    publicKeys: () => {
      const now = Date.now();
      return newestFirst.filter(({ retiresAt }) => retiresAt > now).map(({ publicJwk }) => publicJwk);
    },
    reload,
  };
}

/** A new key, and until when those before it go on verifying. */
export interface RotatedSigningKey {
  readonly keyId: string;
  /** From then on it signs. */
  readonly activatesAt: Date;
  readonly retiring: readonly { readonly keyId: string; readonly retiresAt: Date }[];
}

/** Makes a new signing key in the caller's transaction. Older keys go on verifying until no token of theirs can live. */
export async function rotateSigningKey(tx: Tx, keyRing: KeyRing): Promise<RotatedSigningKey> {
  await tx`select pg_advisory_xact_lock(hashtextextended('openbranch signing keys', 0))`;
  await tx`
    update signing_keys set retires_at = clock_timestamp() + ${activationDelaySeconds + longestTokenLifeSeconds} * interval '1 second'
    where retires_at is null`;
  const keyId = await insertKey(tx, keyRing, activationDelaySeconds);
  const rows = await tx<{ key_id: string; activates_at: Date; retires_at: Date | null }[]>`
    select key_id, activates_at, retires_at from signing_keys
    where key_id = ${keyId} or retires_at > clock_timestamp() order by retires_at, key_id`;
  const made = rows.find((row) => row.key_id === keyId);
  if (made === undefined) throw new Error('The new signing key is not there.');
  const retiring = rows.flatMap((row) => (row.retires_at === null ? [] : [{ keyId: row.key_id, retiresAt: row.retires_at }]));
  return { keyId, activatesAt: made.activates_at, retiring };
}

async function insertKey(tx: Tx, keyRing: KeyRing, delaySeconds: number): Promise<string> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = await exportJWK(publicKey);
  const keyId = await calculateJwkThumbprint(jwk);
  const sealed = seal(keyRing.key('signing-key'), keyId, privateKey.export({ format: 'der', type: 'pkcs8' }));
  await tx`
    insert into signing_keys (key_id, algorithm, public_jwk, private_key_sealed, created_at, activates_at)
    values (${keyId}, 'ES256', ${tx.json({ ...jwk, kid: keyId, alg: 'ES256', use: 'sig' })}, ${sealed}, clock_timestamp(),
      clock_timestamp() + ${delaySeconds} * interval '1 second')`;
  return keyId;
}

function loadKey(row: KeyRow, keyRing: KeyRing): LoadedKey {
  const der = openPrivateKey(row, keyRing);
  const { kty, crv, x, y } = row.public_jwk;
  const jwk: JsonWebKey = { kty, crv, x, y };
  return {
    encodedHeader: encodeHeader(row.key_id),
    privateKey: createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }),
    publicKey: createPublicKey({ key: jwk, format: 'jwk' }),
    publicJwk: row.public_jwk,
    activatesAt: row.activates_at.getTime(),
    retiresAt: row.retires_at?.getTime() ?? Number.POSITIVE_INFINITY,
  };
}

function openPrivateKey(row: KeyRow, keyRing: KeyRing): Buffer {
  try {
    return open(keyRing.key('signing-key'), row.key_id, row.private_key_sealed);
  } catch (cause) {
    throw new SetupError(
      'The signing keys in the database do not open with this master key: set OPENBRANCH_MASTER_KEY, or put back master.key in the data directory, to the key that this database began with.',
      { cause },
    );
  }
}
