import { createHmac, type KeyObject } from 'node:crypto';
import type { BlindIndexPurpose, SealedPlace } from '../../kernel/personal-data.ts';
import { open, seal } from '../keys/sealed-box.ts';

/** The unwrapped keys of one institution. */
export interface InstitutionKeys {
  /** Seals; undefined when the institution has none. */
  readonly current: { readonly keyNumber: number; readonly key: KeyObject } | undefined;
  /** Every data key that still opens, the current one too. */
  readonly readable: ReadonlyMap<number, KeyObject>;
  readonly destroyed: ReadonlySet<number>;
  readonly index: KeyObject | undefined;
  /** False when the transaction that read them may have made or changed them itself: they are gone if it fails. */
  readonly isSettled: boolean;
}

const version = 1;
const headerLength = 5;

/** The header of a sealed value: version and the number of its key. */
export function sealedHeader(keyNumber: number): Buffer {
  const header = Buffer.alloc(headerLength);
  header.writeUInt8(version, 0);
  header.writeUInt32BE(keyNumber, 1);
  return header;
}

export function sealWith(keys: InstitutionKeys, place: SealedPlace, text: string): Buffer {
  if (keys.current === undefined)
    throw new Error(`Institution ${place.institutionId} has no data key: prepare it before the transaction.`);
  const { keyNumber, key } = keys.current;
  return Buffer.concat([sealedHeader(keyNumber), seal(key, contextOf(place), Buffer.from(text))]);
}

export type Opened =
  | { readonly kind: 'text'; readonly text: string }
  /** Its key was destroyed. */
  | { readonly kind: 'gone' }
  /** Its key is not in memory: it may have been made a moment ago. */
  | { readonly kind: 'unknown-key' };

/** Throws when the value is not what was sealed in this place. */
export function openWith(keys: InstitutionKeys, place: SealedPlace, sealed: Uint8Array): Opened {
  const value = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  if (value.length <= headerLength || value.readUInt8(0) !== version) throw unreadable(place);
  const keyNumber = value.readUInt32BE(1);
  if (keys.destroyed.has(keyNumber)) return { kind: 'gone' };
  const key = keys.readable.get(keyNumber);
  if (key === undefined) return { kind: 'unknown-key' };
  try {
    return { kind: 'text', text: open(key, contextOf(place), value.subarray(headerLength)).toString() };
  } catch {
    throw unreadable(place);
  }
}

/** The purpose goes first, so that the same text has another hash for another purpose. */
export function blindIndexWith(keys: InstitutionKeys, institutionId: string, purpose: BlindIndexPurpose, text: string): Buffer {
  if (keys.index === undefined)
    throw new Error(`Institution ${institutionId} has no index key: prepare it before the transaction.`);
  return createHmac('sha256', keys.index).update(`${purpose}\0${text}`).digest();
}

/** Names the column and never the row, which would name a person. */
export function unreadable({ institutionId, table, column }: SealedPlace): Error {
  return new Error(`A value of ${table}.${column} of institution ${institutionId} is not what was sealed there.`);
}

function contextOf({ institutionId, table, column, rowId }: SealedPlace): string {
  return `${institutionId}/${table}/${column}/${rowId}`;
}
