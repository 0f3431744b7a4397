import type { Application } from './application.ts';
import type { Institution } from './institution.ts';

/** Who calls, as proved by an access token. */
export interface Principal {
  readonly application: Application;
  readonly institution: Institution;
  readonly scopes: ReadonlySet<string>;
  /** Present for tokens that belong to one user. */
  readonly user: TokenUser | undefined;
}

export interface TokenUser {
  readonly institutionUserId: string;
  /** The customer GUID of the user. */
  readonly customerId: string;
}

/** What an access token proves. */
export type BearerOutcome =
  | { readonly kind: 'valid'; readonly principal: Principal }
  | { readonly kind: 'invalid' }
  /** Good in itself, but the institution is switched off. */
  | { readonly kind: 'institutionOff' }
  | { readonly kind: 'expired'; readonly institution: Institution };
