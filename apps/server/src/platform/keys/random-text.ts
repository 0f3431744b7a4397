import { randomFillSync } from 'node:crypto';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** Bytes from here on are thrown away, so that every letter is equally likely. */
const fairBound = 256 - (256 % alphabet.length);

/** Random letters and digits, each worth 5.95 bits. */
export function randomAlphanumeric(length: number): string {
  let text = '';
  const bytes = Buffer.allocUnsafe(length * 2);
  while (text.length < length) {
    for (const byte of randomFillSync(bytes)) {
      if (byte < fairBound && text.length < length) text += alphabet[byte % alphabet.length];
    }
  }
  return text;
}

/**
 * Letters and digits that stand for the bytes; the remainder of 256 by 62 makes some letters slightly likelier, which
 * costs less than a tenth of a bit for each letter. For values derived from a keyed hash.
 */
export function toAlphanumeric(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += alphabet[byte % alphabet.length];
  return text;
}
