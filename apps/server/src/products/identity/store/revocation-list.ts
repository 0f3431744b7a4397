/**
 * Access tokens and chains that have ended before their time. Access tokens are verified without the database, so every
 * process holds this list; the change feed fills it.
 */
export interface RevocationList {
  add(kind: 'token' | 'chain', id: string, expiresAt: Date): void;
  isRevoked(tokenId: string, chainId: string | undefined): boolean;
  size(): number;
}

const sweepEvery = 1000;

/** @param realNow Milliseconds of real time: a revocation outlives every move of a sandbox clock. */
export function createRevocationList(realNow: () => number): RevocationList {
  const expiries = new Map<string, number>();
  let additions = 0;
  const sweep = (): void => {
    const now = realNow();
    for (const [key, expiresAt] of expiries) if (expiresAt <= now) expiries.delete(key);
  };
  return {
    add: (kind, id, expiresAt) => {
      expiries.set(`${kind} ${id}`, expiresAt.getTime());
      additions += 1;
      if (additions % sweepEvery === 0) sweep();
    },
    isRevoked: (tokenId, chainId) =>
      expiries.size > 0 && (expiries.has(`token ${tokenId}`) || (chainId !== undefined && expiries.has(`chain ${chainId}`))),
    size: () => expiries.size,
  };
}
