import type { Write } from '../../../platform/work/unit-of-work.ts';
import { markAllChainsRevoked, markChainRevoked, markChainsOfUserRevoked } from '../store/token-chains.ts';

/** Longer than any access token can live, also when a sandbox clock is moved. */
export const revocationLifeMs = 62 * 86_400_000;

/** Ends every refresh and access token of a chain, at once in this process and within a second in the others. */
export async function revokeChain(write: Write, institutionId: string, chainId: string, now: Date): Promise<void> {
  await markChainRevoked(write.sql, institutionId, chainId, now);
  await write.announce({
    topic: 'token_chain_revoked',
    institutionId,
    subject: chainId,
    expiresAt: new Date(Date.now() + revocationLifeMs),
  });
}

/** Ends every chain of an institution. */
export async function revokeAllChains(write: Write, institutionId: string, now: Date): Promise<void> {
  await announceRevoked(write, institutionId, await markAllChainsRevoked(write.sql, institutionId, now));
}

/** Ends every chain of a user: each session, refresh and access token, at once. */
export async function revokeChainsOfUser(
  write: Write,
  institutionId: string,
  institutionUserId: string,
  now: Date,
): Promise<void> {
  await announceRevoked(write, institutionId, await markChainsOfUserRevoked(write.sql, institutionId, institutionUserId, now));
}

async function announceRevoked(write: Write, institutionId: string, chainIds: readonly string[]): Promise<void> {
  const expiresAt = new Date(Date.now() + revocationLifeMs);
  await write.announce(
    ...chainIds.map((subject) => ({ topic: 'token_chain_revoked', institutionId, subject, expiresAt }) as const),
  );
}
