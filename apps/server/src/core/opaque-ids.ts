import { type Cipheriv, createCipheriv, createDecipheriv, type Decipheriv, timingSafeEqual } from 'node:crypto';
import type { KeyRing } from '../platform/keys/key-ring.ts';

/**
 * Public ids of accounts and transactions: 43 characters of base64url, which are 32 bytes. The first 16 are one AES-256
 * block over (kind, institution, account, number), the last 16 the same block under a second key. Equal input gives equal
 * text, nothing can be read from it, and a text that was not made here is known by its second half. So rows hold numbers
 * only, and a lookup by id needs no index of texts. The ids of a whole page are made by two calls of the cipher.
 */
export interface OpaqueIds {
  encode(kind: IdKind, institutionId: string, keys: readonly IdKey[]): readonly string[];
  encodeOne(kind: IdKind, institutionId: string, key: IdKey): string;
  /** Nothing for what is no id of this kind and institution, whatever else it may be. */
  decode(kind: IdKind, institutionId: string, id: string): IdKey | undefined;
}

const kinds = ['account', 'transaction', 'image'] as const;
export type IdKind = (typeof kinds)[number];

export interface IdKey {
  readonly accountKey: bigint;
  /** 0 for an account. */
  readonly number: bigint;
}

const blockBytes = 16;

export function createOpaqueIds(keyRing: Pick<KeyRing, 'key'>): OpaqueIds {
  const hide = createPermutation(createCipheriv('aes-256-ecb', keyRing.key('public-id'), null));
  const show = createPermutation(createDecipheriv('aes-256-ecb', keyRing.key('public-id'), null));
  const prove = createPermutation(createCipheriv('aes-256-ecb', keyRing.key('public-id-proof'), null));
  const encode: OpaqueIds['encode'] = (kind, institutionId, keys) => {
    const blocks = Buffer.alloc(keys.length * blockBytes);
    keys.forEach((key, index) => void writeBlock(blocks, index * blockBytes, kind, institutionId, key));
    const [hidden, proofs] = [hide(blocks), prove(blocks)];
    const both = Buffer.allocUnsafe(2 * blockBytes);
    return keys.map((_, index) => {
      const from = index * blockBytes;
      hidden.copy(both, 0, from, from + blockBytes);
      proofs.copy(both, blockBytes, from, from + blockBytes);
      return both.toString('base64url');
    });
  };
  return {
    encode,
    encodeOne: (kind, institutionId, key) => {
      const [id] = encode(kind, institutionId, [key]);
      if (id === undefined) throw new Error('One key makes one id.');
      return id;
    },
    decode: (kind, institutionId, id) => {
      if (!/^[A-Za-z0-9_-]{43}$/.test(id)) return undefined;
      const bytes = Buffer.from(id, 'base64url');
      const block = show(bytes.subarray(0, blockBytes));
      const isOurs = timingSafeEqual(prove(block), bytes.subarray(blockBytes));
      const isOfKind = block[0] === kinds.indexOf(kind) + 1 && block.readUIntBE(1, 3) === Number(institutionId);
      // The last character of 43 has two bits to spare, which a caller could set at will: only one spelling is the id.
      if (!isOurs || !isOfKind || bytes.toString('base64url') !== id) return undefined;
      return { accountKey: BigInt(block.readUIntBE(4, 6)), number: BigInt(block.readUIntBE(10, 6)) };
    },
  };
}

function writeBlock(into: Buffer, at: number, kind: IdKind, institutionId: string, { accountKey, number }: IdKey): void {
  into.writeUInt8(kinds.indexOf(kind) + 1, at);
  into.writeUIntBE(Number(institutionId), at + 1, 3);
  into.writeUIntBE(Number(accountKey), at + 4, 6);
  into.writeUIntBE(Number(number), at + 10, 6);
}

/**
 * Single blocks of a secret permutation: no two blocks of one key are ever chained, so there is nothing for a mode to do, and
 * what was asked before leaves nothing in the cipher. So one is kept, because making it costs more than a page of ids.
 */
function createPermutation(cipher: Cipheriv | Decipheriv): (blocks: Buffer) => Buffer {
  cipher.setAutoPadding(false);
  return (blocks) => {
    const answer = cipher.update(blocks);
    if (answer.length !== blocks.length) throw new Error('A cipher of blocks takes whole blocks.');
    return answer;
  };
}
