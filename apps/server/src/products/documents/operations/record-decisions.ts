import { randomBytes } from 'node:crypto';
import { sendTogether } from '../../../platform/db/send-together.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { UserDisclosure } from '../domain/user-disclosure.ts';
import {
  type DecisionChange,
  type DecisionSource,
  definitionHash,
  eventOf,
  insertEvidence,
} from '../store/disclosure-evidence.ts';
import { deleteDecision, saveDecisions } from '../store/user-disclosures.ts';

const kinds = {
  created: 'user_disclosure_created',
  updated: 'user_disclosure_updated',
  deleted: 'user_disclosure_deleted',
} as const;

export function newRowId(): string {
  return randomBytes(16).toString('hex').toUpperCase();
}

/** Writes changed decisions of one user with their evidence and a row each in the activity log. */
export async function recordDecisions(
  write: Write,
  institutionId: string,
  source: DecisionSource,
  changes: readonly DecisionChange[],
): Promise<void> {
  if (changes.length === 0) return;
  const kept = changes.flatMap(({ after }) => (after === undefined ? [] : [after]));
  await sendTogether([
    kept.length === 0 ? undefined : saveDecisions(write.sql, institutionId, kept),
    ...changes.map(({ before, after }) =>
      before === undefined || after !== undefined
        ? undefined
        : deleteDecision(write.sql, institutionId, before.institutionUserDisclosureId),
    ),
    insertEvidence(write.sql, institutionId, source, changes),
    ...changes.map((change) => audit(write, source, change)),
  ]);
}

function audit(write: Write, source: DecisionSource, change: DecisionChange): Promise<void> {
  const row: UserDisclosure | undefined = change.after ?? change.before;
  if (row === undefined) throw new Error('A change of nothing was recorded.');
  const { disclosure, accountId, institutionUserId } = row;
  return write.audit(kinds[eventOf(change)], {
    institutionUserId,
    details: {
      disclosure: disclosure.name,
      institutionUserDisclosureId: row.institutionUserDisclosureId,
      institutionDisclosureId: disclosure.institutionDisclosureId,
      version: disclosure.version,
      // With it a row of the evidence that somebody changed does not fit the sealed log.
      textHash: definitionHash(disclosure).toString('hex'),
      contentHash: disclosure.content?.hash.toString('hex') ?? null,
      oldStatus: change.before?.status ?? null,
      newStatus: change.after?.status ?? null,
      ...(accountId === undefined ? {} : { accountId }),
      ...(row.paperWaiver === undefined ? {} : { paperWaiver: row.paperWaiver }),
      by: source.isByUser ? 'user' : 'application',
    },
  });
}
