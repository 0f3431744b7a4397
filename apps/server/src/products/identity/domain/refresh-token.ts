/**
 * Refresh tokens: 32 letters and digits. The first three write the institution in base 62, so that a token is looked up
 * inside its institution; the other 29 are random (172 bits).
 */

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const base = alphabet.length;
const institutionLength = 3;
const institutionCount = 100_000;

/** Random letters that a refresh token needs behind its institution. */
export const randomLength = 29;

export function toRefreshToken(institutionId: string, random: string): string {
  const number = Number(institutionId);
  const first = alphabet[Math.floor(number / (base * base))];
  const second = alphabet[Math.floor(number / base) % base];
  return `${first}${second}${alphabet[number % base]}${random}`;
}

/** The institution that a token names; undefined when the text cannot be a refresh token. */
export function institutionOfRefreshToken(token: string): string | undefined {
  if (!/^[0-9A-Za-z]{32}$/u.test(token)) return undefined;
  let number = 0;
  for (const letter of token.slice(0, institutionLength)) number = number * base + alphabet.indexOf(letter);
  return number < institutionCount ? String(number).padStart(5, '0') : undefined;
}

/** What the database knows of a presented refresh token. */
export interface StoredRefreshToken {
  readonly clientId: string;
  readonly chainId: string;
  readonly institutionUserId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date;
  readonly usedAt: Date | undefined;
  readonly isChainRevoked: boolean;
}

export type RefreshDecision = 'rotate' | 'repeat' | 'reused' | 'invalid';

/** Within this time the same client gets the same pair again: its network may have lost the first answer. */
export const graceMs = 60_000;

/**
 * A refresh token works once. Presented again after the grace it has been stolen or copied, and nobody can tell who holds
 * the newer one: the whole chain ends (RFC 9700 section 4.14.2).
 */
export function decideRefresh(stored: StoredRefreshToken | undefined, clientId: string, now: Date): RefreshDecision {
  if (stored === undefined || stored.clientId !== clientId || stored.isChainRevoked) return 'invalid';
  if (stored.usedAt === undefined) return now.getTime() < stored.expiresAt.getTime() ? 'rotate' : 'invalid';
  // A parallel call, or a process whose clock is behind, may have read its time before the first use was written: no reuse.
  return now.getTime() - stored.usedAt.getTime() < graceMs ? 'repeat' : 'reused';
}
