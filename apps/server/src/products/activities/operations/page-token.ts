import { timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../../../platform/keys/key-ring.ts';
import type { ActivityPosition } from '../store/activities.ts';

/** Where a search goes on. */
export interface PagePosition {
  readonly after: ActivityPosition;
  /** The time of the first page. */
  readonly asOf: Date;
  readonly pageSize: number;
}

/** What a token belongs to: no other search takes it. */
export interface TokenOwner {
  readonly institutionId: string;
  /** The criteria, the same text for the same search. */
  readonly criteria: string;
}

const positionBytes = 26;
const macBytes = 32;

/** Opaque to the caller: the position, and an HMAC over it, the institution and the criteria. */
export function toPageToken(keyRing: KeyRing, owner: TokenOwner, { after, asOf, pageSize }: PagePosition): string {
  const position = Buffer.alloc(positionBytes);
  position.writeBigInt64BE(after.occurredAtMicros, 0);
  position.writeBigInt64BE(after.activityId, 8);
  position.writeBigInt64BE(BigInt(asOf.getTime()), 16);
  position.writeUInt16BE(pageSize, 24);
  return Buffer.concat([position, macOf(keyRing, owner, position)]).toString('base64url');
}

/** @returns undefined for a token that was altered, or that is of another institution or search. */
export function readPageToken(keyRing: KeyRing, owner: TokenOwner, token: string): PagePosition | undefined {
  const bytes = Buffer.from(token, 'base64url');
  // Base64 has several spellings of one value, and only ours is the token unchanged.
  if (bytes.length !== positionBytes + macBytes || bytes.toString('base64url') !== token) return undefined;
  const position = bytes.subarray(0, positionBytes);
  if (!timingSafeEqual(macOf(keyRing, owner, position), bytes.subarray(positionBytes))) return undefined;
  return {
    after: { occurredAtMicros: position.readBigInt64BE(0), activityId: position.readBigInt64BE(8) },
    asOf: new Date(Number(position.readBigInt64BE(16))),
    pageSize: position.readUInt16BE(24),
  };
}

function macOf(keyRing: KeyRing, { institutionId, criteria }: TokenOwner, position: Buffer): Buffer {
  return keyRing.hmac('page-token', `banking activities ${institutionId} ${position.toString('hex')} ${criteria}`);
}
