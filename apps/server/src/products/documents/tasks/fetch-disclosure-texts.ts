import type { Institution } from '../../../kernel/institution.ts';
import type { Result } from '../../../kernel/result.ts';
import { recordActivity } from '../../../platform/audit/record-activity.ts';
import type { Sql } from '../../../platform/db/database.ts';
import type { Clock } from '../../../platform/institutions/clock.ts';
import type { Logger } from '../../../platform/telemetry/logger.ts';
import type { Disclosure } from '../domain/disclosure.ts';
import { listTextsToFetch, saveContentHash } from '../store/institution-disclosures.ts';

export interface TextFetchParts {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'warn'>;
  /** SHA-256 of what a URL holds. */
  readonly fetchHash: (url: string) => Promise<Result<Buffer, string>>;
}

const dayMs = 86_400_000;

/**
 * Looks, once a day, what the URLs of enabled disclosures hold, so that later decisions bear the hash of the text itself.
 * Outside any transaction. Another text under the same URL is told in the activity log.
 */
export async function fetchDisclosureTexts(parts: TextFetchParts, institutions: readonly Institution[]): Promise<void> {
  for (const institution of institutions) {
    const now = parts.clock.now(institution);
    const due = await listTextsToFetch(parts.sql, institution.institutionId, new Date(now.getTime() - dayMs));
    for (const disclosure of due) await fetchOne(parts, institution, disclosure, now);
  }
}

async function fetchOne(
  { sql, log, fetchHash }: TextFetchParts,
  { institutionId }: Institution,
  disclosure: Disclosure,
  now: Date,
): Promise<void> {
  const { institutionDisclosureId, data, version, content } = disclosure;
  if (data === undefined) return;
  const fetched = await fetchHash(data);
  if (!fetched.ok) {
    log.warn({ institutionId, institutionDisclosureId, reason: fetched.refusal }, 'the text of a disclosure was not fetched');
    return;
  }
  const hash = fetched.value;
  await sql.begin(async (tx) => {
    // Another text may have been set meanwhile.
    if (!(await saveContentHash(tx, institutionId, disclosure, hash, now))) return;
    if (content?.hash.equals(hash) === true) return;
    await recordActivity(tx, {
      institutionId,
      occurredAt: now,
      kind: 'disclosure_text_seen',
      operation: 'fetch_disclosure_texts',
      details: { institutionDisclosureId, version, contentHash: hash.toString('hex') },
    });
  });
}
