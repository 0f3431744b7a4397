/** A registered client (contract sheet "Authentication", section 2). */
export interface Application {
  readonly clientId: string;
  readonly name: string;
  readonly isEnabled: boolean;
  /** The only institutions it may ask for. */
  readonly institutionIds: ReadonlySet<string>;
  readonly products: ReadonlySet<ApplicationProduct>;
  readonly grantsV1: ReadonlySet<string>;
  readonly grantsV2: ReadonlySet<string>;
  /** Upper bound of every token, in the order they were registered. */
  readonly allowedScopes: readonly string[];
  readonly offeringId: string;
  /** Seconds. */
  readonly accessTtlV1: number;
  readonly accessTtlV2: number;
  readonly refreshTtl: number;
  /** Addresses or CIDR ranges; none means every address. */
  readonly allowedAddresses: readonly string[];
  /** Calls per institution day and per second; 0 is off. */
  readonly quotaPerDay: number;
  readonly spikePerSecond: number;
  readonly introspection: 'own' | 'institution';
}

export type ApplicationProduct = 'authentication' | 'legacy-authentication';
