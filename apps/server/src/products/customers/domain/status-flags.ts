import { type CredentialState, isActive } from './credential-state.ts';

/** Flags of a user on the wire (contract sheet "Customers", section 2, second table). */
export interface StatusFlags {
  readonly active: boolean;
  readonly onHold: boolean;
  readonly locked: boolean;
  readonly reset: boolean;
  readonly registered: boolean;
  readonly approved: boolean;
  readonly rejected: boolean;
}

/** Every flag, true and false. */
export function flagsOf(state: CredentialState): StatusFlags {
  return {
    active: isActive(state),
    onHold: state.hold !== undefined,
    locked: state.lock !== undefined,
    reset: state.mustChangePassword,
    registered:
      state.registration === 'pending_approval' || state.registration === 'approved' || state.registration === 'rejected',
    approved: state.registration === 'approved',
    rejected: state.registration === 'rejected',
  };
}

/** Only the flags that are true; an active user shows neither `registered` nor `approved` (CR-41). */
export function trueFlagsOf(state: CredentialState, hidesWhileActive: boolean): Partial<StatusFlags> {
  const flags = flagsOf(state);
  const shown = hidesWhileActive && flags.active ? { ...flags, registered: false, approved: false } : flags;
  return Object.fromEntries(Object.entries(shown).filter(([, isSet]) => isSet));
}
