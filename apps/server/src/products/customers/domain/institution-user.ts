import type { CredentialState } from './credential-state.ts';

/** The login of a customer with its state. */
export interface InstitutionUser {
  readonly institutionId: string;
  /** 32 upper hex. */
  readonly institutionUserId: string;
  /** 32 lower hex. */
  readonly authId: string;
  /** 32 lower hex: a primary's own customer, a sub-user's own GUID. */
  readonly customerGuid: string;
  readonly userType: 'RETAIL' | 'BUSINESS';
  readonly userRole: 'PRIMARY' | 'ENTITLED' | 'BUSINESS_ADMIN' | 'BUSINESS_SECONDARY_ADMIN' | 'BUSINESS_USER';
  readonly parentInstitutionUserId: string | undefined;
  readonly loginName: string;
  readonly firstName: string;
  readonly middleName: string | undefined;
  readonly lastName: string;
  readonly emailAddress: string | undefined;
  readonly registeredAt: Date;
  readonly state: CredentialState;
}

/** What the core knows and this login reaches. */
export interface ReachedCustomer {
  readonly customerId: string;
  readonly memberNumber: string;
  readonly customerType: 'RETAIL' | 'BUSINESS';
  readonly hostLoginId: string | undefined;
  /** Where the core keeps one. */
  readonly cifNumber: string | undefined;
  /** The login's own customer, or the default location of a business. */
  readonly isPrimary: boolean;
}

/** A primary sees itself and its sub-users; everybody else only itself. */
export function isCoveredBy(user: InstitutionUser, tokenUserId: string): boolean {
  return user.institutionUserId === tokenUserId || user.parentInstitutionUserId === tokenUserId;
}

/** `Demo, Pat A`; the other pattern is that of the schema samples (CR-38). */
export function fullNameOf(user: InstitutionUser, pattern: 'last, first middle' | 'first, last middle'): string {
  const middle = user.middleName === undefined ? '' : ` ${user.middleName}`;
  return pattern === 'last, first middle'
    ? `${user.lastName}, ${user.firstName}${middle}`
    : `${user.firstName}, ${user.lastName}${middle}`;
}
