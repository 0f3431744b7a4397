import { createHash } from 'node:crypto';
import type { Tx } from '../../../platform/db/database.ts';
import type { Disclosure } from '../domain/disclosure.ts';
import type { UserDisclosure } from '../domain/user-disclosure.ts';

/** Who brought a decision, over which call. */
export interface DecisionSource {
  /** By the clock of the institution. */
  readonly now: Date;
  readonly operation: string;
  readonly clientId: string;
  /** True when the user had signed in; false when an application speaks for the user. */
  readonly isByUser: boolean;
  readonly traceId: string | undefined;
  readonly address: string;
}

/** A decision before and after: made when there is none before, deleted when there is none after. */
export interface DecisionChange {
  readonly before: UserDisclosure | undefined;
  readonly after: UserDisclosure | undefined;
}

/** Names the text that was decided about: SHA-256 of the name and the URL, as the API shows them. */
export function definitionHash({ name, data }: Pick<Disclosure, 'name' | 'data'>): Buffer {
  return createHash('sha256')
    .update(JSON.stringify([name, data ?? null]))
    .digest();
}

/** Appends; nothing here is ever changed. */
export async function insertEvidence(
  tx: Tx,
  institutionId: string,
  source: DecisionSource,
  changes: readonly DecisionChange[],
): Promise<void> {
  await tx`insert into disclosure_evidence ${tx(changes.flatMap((change) => toEvidenceRow(institutionId, source, change)))}`;
}

function toEvidenceRow(institutionId: string, source: DecisionSource, { before, after }: DecisionChange) {
  const row = after ?? before;
  if (row === undefined) return [];
  const { disclosure } = row;
  return [
    {
      institution_id: institutionId,
      institution_user_id: row.institutionUserId,
      institution_customer_id: row.institutionCustomerId ?? null,
      account_id: row.accountId ?? null,
      institution_user_disclosure_id: row.institutionUserDisclosureId,
      institution_disclosure_id: disclosure.institutionDisclosureId,
      definition_version: disclosure.version,
      definition_name: disclosure.name,
      definition_data: disclosure.data ?? null,
      definition_hash: definitionHash(disclosure),
      content_hash: disclosure.content?.hash ?? null,
      content_seen_at: disclosure.content?.seenAt ?? null,
      event: eventOf({ before, after }),
      old_status: before?.status ?? null,
      new_status: after?.status ?? null,
      old_paper_waiver: before?.paperWaiver ?? null,
      new_paper_waiver: after?.paperWaiver ?? null,
      decided_at: after?.statusAt ?? source.now,
      occurred_at: source.now,
      operation: source.operation,
      client_id: source.clientId,
      is_by_user: source.isByUser,
      trace_id: source.traceId ?? null,
      address: source.address,
    },
  ];
}

export function eventOf({ before, after }: DecisionChange): 'created' | 'updated' | 'deleted' {
  if (after === undefined) return 'deleted';
  return before === undefined ? 'created' : 'updated';
}
