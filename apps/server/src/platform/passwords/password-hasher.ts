import { availableParallelism } from 'node:os';
import { hash, verify } from '@node-rs/argon2';
import type { KeyRing } from '../keys/key-ring.ts';

/** More sign-ins wait than can be answered in reasonable time; the caller should try again later. */
export class HasherBusyError extends Error {
  override readonly name = 'HasherBusyError';
}

export interface StoredPassword {
  /** PHC string. */
  readonly passwordHash: string;
  /** Which pepper is in it. */
  readonly pepperId: string;
}

export interface PasswordHasher {
  /** @throws HasherBusyError */
  hash(password: string): Promise<StoredPassword>;
  /**
   * Without a stored password it hashes all the same and answers false, so that an unknown user costs what a known one
   * does.
   * @throws HasherBusyError
   */
  verify(stored: StoredPassword | undefined, password: string): Promise<boolean>;
  /** True when the parameters have changed since it was stored. */
  needsRehash(stored: StoredPassword): boolean;
  /** Hashes running and waiting, for the metrics. */
  load(): { readonly running: number; readonly waiting: number };
}

// OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane.
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 };
const prefix = `$argon2id$v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`;
const pepperId = '1';
/** At about 65 hashes a second on each core, the last in the queue waits about two seconds. */
const waitingPerWorker = 128;

/**
 * argon2id with a pepper derived from the master key: a stolen table is worthless without that key.
 * Hashes run in the thread pool of Node, which must be wider than `width`, so that files and DNS find a thread.
 */
export function createPasswordHasher(keyRing: KeyRing, width: number = availableParallelism()): PasswordHasher {
  const options = { ...parameters, secret: keyRing.key('password-pepper').export() };
  const waiting: (() => void)[] = [];
  let running = 0;

  const inTurn = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (running >= width) {
      if (waiting.length >= width * waitingPerWorker) throw new HasherBusyError('Too many password hashes are waiting.');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running += 1;
    try {
      return await work();
    } finally {
      // The place goes straight to the next in line, so nobody can slip in between.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };

  const decoy = hash('decoy', options);
  return {
    hash: async (password) => ({ passwordHash: await inTurn(() => hash(password, options)), pepperId }),
    verify: async (stored, password) => {
      const isKnown = stored !== undefined && stored.pepperId === pepperId;
      const against = isKnown ? stored.passwordHash : await decoy;
      const matches = await inTurn(() => verify(against, password, options));
      return matches && isKnown;
    },
    needsRehash: (stored) => !stored.passwordHash.startsWith(prefix),
    load: () => ({ running, waiting: waiting.length }),
  };
}
