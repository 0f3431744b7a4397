import { createHmac, timingSafeEqual } from 'node:crypto';

/** Names and form of the headers are documented in docs/delivery.md: providers are put behind them. */
export const signatureHeader = 'openbranch-signature';
export const timestampHeader = 'openbranch-timestamp';
export const messageIdHeader = 'openbranch-message-id';

/** How far the receiver's clock may be from ours: an older request is a replay. */
const replayWindowSeconds = 300;

/** `v1=` and the hexadecimal HMAC-SHA-256 of `<timestamp>.<body>`. @param timestamp Seconds since 1970. */
export function signWebhook(secret: string, timestamp: number, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** What a receiver checks; here so that the tests and the documentation say the same. */
export function isGoodWebhook(
  secret: string,
  request: { readonly signature: string; readonly timestamp: string; readonly body: string },
  nowSeconds: number,
): boolean {
  const timestamp = Number(request.timestamp);
  if (!/^[0-9]{1,12}$/u.test(request.timestamp) || Math.abs(nowSeconds - timestamp) > replayWindowSeconds) return false;
  const expected = Buffer.from(signWebhook(secret, timestamp, request.body));
  const given = Buffer.from(request.signature);
  return expected.length === given.length && timingSafeEqual(expected, given);
}
