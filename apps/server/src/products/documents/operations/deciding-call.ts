import type { Institution } from '../../../kernel/institution.ts';
import type { Principal } from '../../../kernel/principal.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { UserDisclosure } from '../domain/user-disclosure.ts';
import type { DecisionSource } from '../store/disclosure-evidence.ts';
import { type DecidingUser, hasAcceptedAll } from '../store/user-disclosures.ts';
import type { DocumentsParts } from './documents-parts.ts';
import type { FoundUser } from './find-deciding-user.ts';

export function toDecidingUser({ user, institutionCustomerId }: FoundUser): DecidingUser {
  return { institutionId: user.institutionId, institutionUserId: user.institutionUserId, institutionCustomerId };
}

/** What every call knows that brings a decision. */
interface BringingCall {
  readonly principal: Principal;
  readonly now: Date;
  readonly traceId: string | undefined;
  readonly clientAddress: string;
}

export function toDecisionSource(call: BringingCall, operation: string): DecisionSource {
  const { principal, now, traceId, clientAddress } = call;
  return {
    now,
    operation,
    clientId: principal.application.clientId,
    isByUser: principal.user !== undefined,
    traceId,
    address: clientAddress,
  };
}

/** The last of the required disclosures completes a registration that waited for it. */
export async function completeIfAccepted(
  write: Write,
  { completeRegistration }: Pick<DocumentsParts, 'completeRegistration'>,
  { institution, now }: { readonly institution: Institution; readonly now: Date },
  { user }: FoundUser,
  decided: UserDisclosure,
): Promise<void> {
  if (decided.status !== 'ACCEPTED' || decided.accountId !== undefined || user.state.hasAcceptedDisclosure) return;
  const { institutionId } = institution;
  const { requiredDisclosures } = institution.policies.registration;
  if (!(await hasAcceptedAll(write.sql, institutionId, user.institutionUserId, requiredDisclosures))) return;
  await completeRegistration(write, { institution, now, institutionUserId: user.institutionUserId });
}
