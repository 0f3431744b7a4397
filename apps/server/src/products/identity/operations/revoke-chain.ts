import type { Change } from '../../../platform/change-feed/change-feed.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import { markAllChainsRevoked, markChainRevoked, markChainsOfUserRevoked, type RevokedChain } from '../store/token-chains.ts';

/** Processes differ by moments; for so long beyond the life of a token its revocation is remembered. */
export const productionMarginMs = 300_000;
/** A sandbox clock can be moved back, and then tokens live longer: up to twice the longest life that a token may have. */
export const sandboxMarginMs = 62 * 86_400_000;

/** Until when a revocation must be remembered, in real time. @param now Time of the institution. */
export function rememberedUntil(expiresAt: Date, now: Date, marginMs: number): Date {
  return new Date(Date.now() + Math.max(0, expiresAt.getTime() - now.getTime()) + marginMs);
}

/** Ends every refresh and access token of a chain, at once in this process and within a second in the others. */
export async function revokeChain(
  write: Write,
  institutionId: string,
  chainId: string,
  now: Date,
  marginMs: number,
): Promise<void> {
  const revoked = await markChainRevoked(write.sql, institutionId, chainId, now);
  if (revoked !== undefined) await write.announce(toChange(institutionId, revoked, now, marginMs));
}

/** Ends every chain of a sandbox institution. */
export async function revokeAllChains(write: Write, institutionId: string, now: Date): Promise<void> {
  const revoked = await markAllChainsRevoked(write.sql, institutionId, now);
  await write.announce(...revoked.map((chain) => toChange(institutionId, chain, now, sandboxMarginMs)));
}

/** Ends every chain of a user: each session, refresh and access token, at once. */
export async function revokeChainsOfUser(
  write: Write,
  institutionId: string,
  institutionUserId: string,
  now: Date,
  marginMs: number,
): Promise<void> {
  const revoked = await markChainsOfUserRevoked(write.sql, institutionId, institutionUserId, now);
  await write.announce(...revoked.map((chain) => toChange(institutionId, chain, now, marginMs)));
}

function toChange(institutionId: string, { chainId, accessUntil }: RevokedChain, now: Date, marginMs: number): Change {
  return {
    topic: 'token_chain_revoked',
    institutionId,
    subject: chainId,
    expiresAt: rememberedUntil(accessUntil, now, marginMs),
  };
}
