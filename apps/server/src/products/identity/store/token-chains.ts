import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { StoredRefreshToken } from '../domain/refresh-token.ts';

/** A chain begins with a sign-in; its refresh tokens follow each other, and all end together. */

export interface NewChain {
  readonly institutionId: string;
  readonly chainId: string;
  readonly clientId: string;
  readonly institutionUserId: string;
  readonly scopes: readonly string[];
  readonly startedAt: Date;
  /** When its first access token expires. */
  readonly accessUntil: Date;
}

export async function insertChain(tx: Tx, chain: NewChain): Promise<void> {
  await tx`
    insert into token_chains (institution_id, chain_id, client_id, institution_user_id, scopes, started_at, access_until)
    values (${chain.institutionId}, ${chain.chainId}, ${chain.clientId}, ${chain.institutionUserId}, ${[...chain.scopes]}, ${chain.startedAt},
      ${chain.accessUntil})`;
}

export interface NewRefreshToken {
  readonly institutionId: string;
  readonly tokenHash: Buffer;
  readonly chainId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

export async function insertRefreshToken(tx: Tx, token: NewRefreshToken): Promise<void> {
  await tx`
    insert into refresh_tokens (institution_id, token_hash, chain_id, issued_at, expires_at)
    values (${token.institutionId}, ${token.tokenHash}, ${token.chainId}, ${token.issuedAt}, ${token.expiresAt})`;
}

export interface FoundRefreshToken extends StoredRefreshToken {
  readonly answerSealed: Buffer | undefined;
}

interface RefreshTokenRow {
  readonly client_id: string;
  readonly chain_id: string;
  readonly institution_user_id: string;
  readonly scopes: string[];
  readonly expires_at: Date;
  readonly used_at: Date | null;
  readonly answer_sealed: Buffer | null;
  readonly revoked_at: Date | null;
}

export async function findRefreshToken(
  sql: Sql | Tx,
  institutionId: string,
  tokenHash: Buffer,
): Promise<FoundRefreshToken | undefined> {
  const [row] = await sql<RefreshTokenRow[]>`
    select c.client_id, c.chain_id, c.institution_user_id, c.scopes, t.expires_at, t.used_at, t.answer_sealed, c.revoked_at
    from refresh_tokens t join token_chains c using (institution_id, chain_id)
    where t.institution_id = ${institutionId} and t.token_hash = ${tokenHash}`;
  return row === undefined ? undefined : fromRow(row);
}

/** Locks the chain and the token, so that uses and revocations of one chain have one order. */
export async function lockRefreshToken(tx: Tx, institutionId: string, tokenHash: Buffer): Promise<FoundRefreshToken | undefined> {
  const [row] = await tx<RefreshTokenRow[]>`
    select c.client_id, c.chain_id, c.institution_user_id, c.scopes, t.expires_at, t.used_at, t.answer_sealed, c.revoked_at
    from refresh_tokens t join token_chains c using (institution_id, chain_id)
    where t.institution_id = ${institutionId} and t.token_hash = ${tokenHash}
    for update`;
  return row === undefined ? undefined : fromRow(row);
}

function fromRow(row: RefreshTokenRow): FoundRefreshToken {
  return {
    clientId: row.client_id,
    chainId: row.chain_id,
    institutionUserId: row.institution_user_id,
    scopes: row.scopes,
    expiresAt: row.expires_at,
    usedAt: row.used_at ?? undefined,
    answerSealed: row.answer_sealed ?? undefined,
    isChainRevoked: row.revoked_at !== null,
  };
}

export async function markRefreshTokenUsed(
  tx: Tx,
  institutionId: string,
  tokenHash: Buffer,
  usedAt: Date,
  answerSealed: Buffer,
): Promise<void> {
  await tx`
    update refresh_tokens set used_at = ${usedAt}, answer_sealed = ${answerSealed}
    where institution_id = ${institutionId} and token_hash = ${tokenHash}`;
}

/** A new access token of the chain lives until then. */
export async function extendChain(tx: Tx, institutionId: string, chainId: string, accessUntil: Date): Promise<void> {
  await tx`
    update token_chains set access_until = greatest(access_until, ${accessUntil}::timestamptz)
    where institution_id = ${institutionId} and chain_id = ${chainId}`;
}

export interface RevokedChain {
  readonly chainId: string;
  /** When the last of its access tokens would have expired. */
  readonly accessUntil: Date;
}

/** @returns undefined when it was revoked before. */
export async function markChainRevoked(
  tx: Tx,
  institutionId: string,
  chainId: string,
  revokedAt: Date,
): Promise<RevokedChain | undefined> {
  const [row] = await tx<RevokedChainRow[]>`
    update token_chains set revoked_at = ${revokedAt}
    where institution_id = ${institutionId} and chain_id = ${chainId} and revoked_at is null
    returning chain_id, access_until`;
  return row === undefined ? undefined : toRevokedChain(row);
}

/** Ends every live chain of an institution. */
export async function markAllChainsRevoked(tx: Tx, institutionId: string, revokedAt: Date): Promise<RevokedChain[]> {
  const rows = await tx<RevokedChainRow[]>`
    update token_chains set revoked_at = ${revokedAt}
    where institution_id = ${institutionId} and revoked_at is null returning chain_id, access_until`;
  return rows.map(toRevokedChain);
}

/** Ends every live chain of a user. */
export async function markChainsOfUserRevoked(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  revokedAt: Date,
): Promise<RevokedChain[]> {
  const rows = await tx<RevokedChainRow[]>`
    update token_chains set revoked_at = ${revokedAt}
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId} and revoked_at is null
    returning chain_id, access_until`;
  return rows.map(toRevokedChain);
}

interface RevokedChainRow {
  readonly chain_id: string;
  readonly access_until: Date;
}

function toRevokedChain(row: RevokedChainRow): RevokedChain {
  return { chainId: row.chain_id, accessUntil: row.access_until };
}

/** Few enough to be quick, however much has piled up. */
const rowsPerSweep = 5000;

/** Forgets the answers of used tokens whose grace is over. @returns How many; more may be left. */
export async function forgetAnswers(tx: Tx, institutionId: string, usedBefore: Date): Promise<number> {
  const { count } = await tx`
    update refresh_tokens set answer_sealed = null
    where institution_id = ${institutionId} and token_hash in (
      select token_hash from refresh_tokens
      where institution_id = ${institutionId} and answer_sealed is not null and used_at < ${usedBefore} limit ${rowsPerSweep})`;
  return count;
}

/** Removes refresh tokens past their expiry, which nobody can use any more. @returns How many; more may be left. */
export async function deleteExpiredTokens(tx: Tx, institutionId: string, before: Date): Promise<number> {
  const { count } = await tx`
    delete from refresh_tokens
    where institution_id = ${institutionId} and token_hash in (
      select token_hash from refresh_tokens where institution_id = ${institutionId} and expires_at < ${before} limit ${rowsPerSweep})`;
  return count;
}

/** Removes chains without a refresh token whose access tokens have expired. @returns How many; more may be left. */
export async function deleteEndedChains(tx: Tx, institutionId: string, before: Date): Promise<number> {
  const { count } = await tx`
    delete from token_chains
    where institution_id = ${institutionId} and chain_id in (
      select c.chain_id from token_chains c
      where c.institution_id = ${institutionId} and c.access_until < ${before}
        and not exists (
          select 1 from refresh_tokens t where t.institution_id = ${institutionId} and t.chain_id = c.chain_id)
      limit ${rowsPerSweep})`;
  return count;
}
