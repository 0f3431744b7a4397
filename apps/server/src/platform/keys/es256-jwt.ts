import { type KeyObject, sign, verify } from 'node:crypto';

/**
 * JWS compact serialisation with ES256 (RFC 7515, RFC 7518 section 3.4), synchronous on node:crypto: jose and WebCrypto
 * sign in the thread pool, where they would wait behind password hashes. Node answers DER; asking it for the JOSE form
 * (`dsaEncoding`) halves the speed on Node 24, so the conversion is done here.
 */

const coordinateLength = 32;

/** ECDSA-Sig-Value (RFC 3279 section 2.2.3) to r || s, 64 bytes. */
export function derToJose(der: Uint8Array): Buffer {
  const jose = Buffer.alloc(coordinateLength * 2);
  // SEQUENCE of at most 72 bytes: tag, one length byte, then INTEGER r and INTEGER s.
  const lengthOfR = der[3] ?? 0;
  const startOfR = 4;
  const startOfS = startOfR + lengthOfR + 2;
  copyInteger(der.subarray(startOfR, startOfR + lengthOfR), jose, coordinateLength);
  copyInteger(der.subarray(startOfS), jose, coordinateLength * 2);
  return jose;
}

function copyInteger(integer: Uint8Array, target: Buffer, end: number): void {
  // A leading zero keeps the integer positive and is no part of the coordinate.
  const digits = integer.length > coordinateLength ? integer.subarray(integer.length - coordinateLength) : integer;
  target.set(digits, end - digits.length);
}

/** r || s to ECDSA-Sig-Value; undefined when it is not 64 bytes. */
export function joseToDer(jose: Uint8Array): Buffer | undefined {
  if (jose.length !== coordinateLength * 2) return undefined;
  const r = toInteger(jose.subarray(0, coordinateLength));
  const s = toInteger(jose.subarray(coordinateLength));
  return Buffer.from([0x30, r.length + s.length + 4, 0x02, r.length, ...r, 0x02, s.length, ...s]);
}

function toInteger(coordinate: Uint8Array): Uint8Array {
  let start = 0;
  while (start < coordinateLength - 1 && coordinate[start] === 0) start += 1;
  const digits = coordinate.subarray(start);
  return (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0, ...digits) : digits;
}

export function encodeHeader(keyId: string): string {
  return Buffer.from(JSON.stringify({ typ: 'at+jwt', alg: 'ES256', kid: keyId })).toString('base64url');
}

/** @returns header.payload.signature */
export function signJwt(encodedHeader: string, payload: string, key: KeyObject): string {
  const input = `${encodedHeader}.${Buffer.from(payload).toString('base64url')}`;
  return `${input}.${derToJose(sign('sha256', Buffer.from(input, 'latin1'), key)).toString('base64url')}`;
}

/** The payload's text when the signature is good, else undefined. The caller has chosen the key by the header. */
export function verifyJwt(token: string, headerEnd: number, payloadEnd: number, key: KeyObject): string | undefined {
  const encodedSignature = token.slice(payloadEnd + 1);
  const decodedSignature = Buffer.from(encodedSignature, 'base64url');
  // Node skips letters that are not base64url, so many texts would stand for one signature: a token has one spelling.
  if (decodedSignature.toString('base64url') !== encodedSignature) return undefined;
  const signature = joseToDer(decodedSignature);
  if (signature === undefined) return undefined;
  if (!verify('sha256', Buffer.from(token.slice(0, payloadEnd), 'latin1'), key, signature)) return undefined;
  return Buffer.from(token.slice(headerEnd + 1, payloadEnd), 'base64url').toString('utf8');
}
