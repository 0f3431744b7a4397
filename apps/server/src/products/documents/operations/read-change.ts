import type { updateUserDisclosure } from '@openbranch/contract/documents/disclosure-operations';
import type { BodyOf } from '@openbranch/contract/operation';
import { parseDecisionTime } from '../domain/decision-time.ts';
import { parseDisclosureId } from '../domain/disclosure.ts';
import type { RowReferences } from '../domain/user-disclosure.ts';

/** The body of a change; `decidedAt` is undefined when its time is none that can be. */
export function readChange(body: BodyOf<typeof updateUserDisclosure>, now: Date) {
  const references: RowReferences = {
    disclosureId: toId(body.institutionDisclosureId),
    rowOrDisclosureId: toId(body.institutionUserDisclosureId),
    name: body.institutionDisclosureName,
  };
  const decidedAt = parseDecisionTime(body.institutionUserDisclosureStatusUpdateDateTime, now);
  return { references, status: body.institutionUserDisclosureStatus, decidedAt };
}

function toId(text: string | undefined): string | undefined {
  return text === undefined ? undefined : parseDisclosureId(text);
}
