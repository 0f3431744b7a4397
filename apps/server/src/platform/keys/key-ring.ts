import { createHmac, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/** Every secret of the platform is derived from the master key, each for one purpose (RFC 5869). */
export type KeyPurpose =
  | 'application-secret'
  | 'refresh-token'
  | 'refresh-answer'
  | 'password-pepper'
  | 'signing-key'
  | 'activity-seal'
  | 'data-key'
  | 'replay'
  | 'message-recipient'
  | 'page-token'
  | 'passcode'
  | 'reset-session'
  | 'public-id'
  | 'public-id-proof'
  | 'sandbox';

export interface KeyRing {
  /** HMAC-SHA-256 of a text under the key of a purpose: 32 bytes. For secrets of high entropy only. */
  hmac(purpose: KeyPurpose, text: string): Buffer;
  /** The key of a purpose itself, 32 bytes. */
  key(purpose: KeyPurpose): KeyObject;
}

/** @param masterKey 32 bytes. */
export function createKeyRing(masterKey: Buffer): KeyRing {
  if (masterKey.length !== 32) throw new Error('The master key must be 32 bytes.');
  const keys = new Map<KeyPurpose, KeyObject>();
  const key = (purpose: KeyPurpose): KeyObject => {
    const known = keys.get(purpose);
    if (known !== undefined) return known;
    const derived = createSecretKey(Buffer.from(hkdfSync('sha256', masterKey, Buffer.alloc(0), `openbranch/${purpose}/1`, 32)));
    keys.set(purpose, derived);
    return derived;
  };
  return { key, hmac: (purpose, text) => createHmac('sha256', key(purpose)).update(text).digest() };
}
