import { constants, createPublicKey, type KeyObject, publicEncrypt } from 'node:crypto';

/** Reading a key costs more than using it; institutions are few. */
const keys = new Map<string, KeyObject>();
const mostKeys = 1000;

/**
 * RSA-OAEP with SHA-256 (RFC 8017 section 7.1). The same text has another ciphertext each time.
 * @param publicKey SPKI, PEM.
 * @param text At most 190 bytes for a key of 2048 bits.
 * @returns Base64: 344 characters for a key of 2048 bits.
 */
export function encryptToKey(publicKey: string, text: string): string {
  let key = keys.get(publicKey);
  if (key === undefined) {
    key = createPublicKey(publicKey);
    if (keys.size >= mostKeys) keys.clear();
    keys.set(publicKey, key);
  }
  return publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }, Buffer.from(text)).toString(
    'base64',
  );
}
