/** What calls of a sandbox meet in place of the truth, so that a developer sees what becomes of them (Conventions section 16). */
export interface CallFault {
  readonly institutionId: string;
  readonly faultId: string;
  /** Which calls; undefined is any. */
  readonly operation: string | undefined;
  readonly clientId: string | undefined;
  /** Of a token, or a value of path or query. */
  readonly user: string | undefined;
  readonly effect: FaultEffect;
  /** Calls that will still meet it; undefined: all until it is disarmed. */
  readonly remaining: number | undefined;
}

export type FaultEffect =
  /** A row of the family of the operation, by name or code. */
  | { readonly kind: 'ERROR'; readonly error: string }
  | { readonly kind: 'DELAY'; readonly delayMs: number }
  | { readonly kind: 'CUT' }
  | { readonly kind: 'MALFORMED' };

export interface FaultyCall {
  readonly operation: string;
  readonly clientId: string | undefined;
  /** Everything by which the call may name its user. */
  readonly users: () => ReadonlySet<string>;
}

export function isMeant({ operation, clientId, user }: CallFault, call: FaultyCall): boolean {
  if (operation !== undefined && operation !== call.operation) return false;
  if (clientId !== undefined && clientId !== call.clientId) return false;
  return user === undefined || call.users().has(user);
}
