/**
 * What a user's lock-out state may be, seen from outside: an acknowledged answer leaves the states that give it, a call whose
 * answer was lost leaves both that before and that after it. So a lost or a doubled attempt leaves no state at all.
 */

export interface UserState {
  readonly failedLoginCount: number;
  readonly isLocked: boolean;
}

export type Attempt = 'right password' | 'wrong password' | 'unlock';

export interface UserModel {
  /** Every state that the answers so far allow. */
  states(): readonly UserState[];
  /** @param isAccepted undefined when the answer was lost. @throws Error when no state gives this answer. */
  settle(attempt: Attempt, isAccepted: boolean | undefined): void;
  /** What the user's status says. @throws Error when the answers so far do not allow it. */
  observe(state: UserState): void;
}

export function createUserModel(maxFailed: number, start: UserState = { failedLoginCount: 0, isLocked: false }): UserModel {
  let states: readonly UserState[] = [start];
  return {
    states: () => states,
    settle: (attempt, isAccepted) => {
      const outcomes = states.map((state) => ({ state, ...outcomeOf(attempt, state, maxFailed) }));
      const possible =
        isAccepted === undefined
          ? [...states, ...outcomes.map(({ next }) => next)]
          : outcomes.filter((outcome) => outcome.isAccepted === isAccepted).map(({ next }) => next);
      if (possible.length === 0) {
        const known = JSON.stringify(states);
        throw new Error(`A ${attempt} was ${isAccepted === true ? 'accepted' : 'refused'}, which no state of ${known} allows.`);
      }
      states = [...new Map(possible.map((state) => [JSON.stringify(state), state])).values()];
    },
    observe: ({ failedLoginCount, isLocked }) => {
      const seen = states.filter((state) => state.failedLoginCount === failedLoginCount && state.isLocked === isLocked);
      if (seen.length === 0) {
        const known = JSON.stringify(states);
        throw new Error(
          `The user has ${failedLoginCount} failures${isLocked ? ' and is locked' : ''}: only ${known} was possible.`,
        );
      }
      states = seen;
    },
  };
}

/** The rules of the contract sheet "Customers", section 2, for a policy without automatic unlock. */
function outcomeOf(attempt: Attempt, state: UserState, maxFailed: number): { next: UserState; isAccepted: boolean } {
  const fresh = { failedLoginCount: 0, isLocked: false };
  if (attempt === 'unlock') return state.isLocked ? { next: fresh, isAccepted: true } : { next: state, isAccepted: false };
  if (state.isLocked) return { next: state, isAccepted: false };
  if (attempt === 'right password') return { next: fresh, isAccepted: true };
  const failedLoginCount = state.failedLoginCount + 1;
  return { next: { failedLoginCount, isLocked: failedLoginCount >= maxFailed }, isAccepted: false };
}
