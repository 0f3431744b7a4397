import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { CredentialState } from './credential-state.ts';

/** What the institution knows of the member at the moment of a registration. */
export interface MemberRecord {
  /** Present when the core knows the member. */
  readonly customerId: string | undefined;
  /** The primary login of the member. */
  readonly user:
    | { readonly institutionUserId: string; readonly registration: CredentialState['registration']; readonly isDeleted: boolean }
    | undefined;
}

export type Admission =
  /** Nobody has registered yet. */
  | { readonly kind: 'new' }
  /** An earlier registration was rejected or its user deleted: the new one takes its place. */
  | { readonly kind: 'instead' }
  /** The disclosures were waited for; now they come. */
  | { readonly kind: 'completion' };

/** Duplicate and in-progress rules (contract sheet "Registration", section 5). */
export function decideAdmission(
  { user }: MemberRecord,
  /** The call repeats the pending one and accepts the disclosures. */
  completes: boolean,
): Result<Admission, 'alreadyRegistered' | 'registrationInProgress'> {
  if (user === undefined) return accept({ kind: 'new' });
  if (user.isDeleted) return accept({ kind: 'instead' });
  switch (user.registration) {
    case 'rejected':
      return accept({ kind: 'instead' });
    case 'pending_disclosure':
      return completes ? accept({ kind: 'completion' }) : refuse('registrationInProgress');
    case 'pending_approval':
      return refuse('registrationInProgress');
    case 'none':
    case 'approved':
      return refuse('alreadyRegistered');
  }
}

export interface RequiredDisclosure {
  readonly institutionDisclosureId: string;
  readonly name: string;
}

export type GateDecision<Required extends RequiredDisclosure = RequiredDisclosure> =
  /** The acceptance of these is written down as evidence. */
  | { readonly kind: 'open'; readonly accepted: readonly Required[] }
  /** The user is made, and cannot sign in before they are accepted. */
  | { readonly kind: 'pending' }
  | { readonly kind: 'closed'; readonly missing: readonly Required[] };

/** No registration completes before every required disclosure is accepted (contract sheet "Registration", section 4). */
export function decideDisclosureGate<Required extends RequiredDisclosure>(
  required: readonly Required[],
  hasAccepted: boolean,
  mode: 'reject' | 'pend' | 'off',
): GateDecision<Required> {
  if (hasAccepted) return { kind: 'open', accepted: required };
  if (required.length === 0 || mode === 'off') return { kind: 'open', accepted: [] };
  return mode === 'pend' ? { kind: 'pending' } : { kind: 'closed', missing: required };
}

/** The state after the gate: approval, where the institution wants it, comes after the disclosures. */
export function registrationAfter(gate: 'open' | 'pending', needsApproval: boolean): CredentialState['registration'] {
  if (gate === 'pending') return 'pending_disclosure';
  return needsApproval ? 'pending_approval' : 'approved';
}
