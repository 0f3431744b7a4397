import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';

/** A disclosure that must be accepted, with all that the evidence of the acceptance tells of it. */
export interface DisclosureToAccept {
  readonly institutionDisclosureId: string;
  readonly name: string;
  readonly data: string | undefined;
  readonly isEnabled: boolean;
  readonly version: number;
  readonly content: { readonly hash: Buffer; readonly seenAt: Date } | undefined;
}

/** Which application brings the acceptance, in which call, from where. */
export interface AcceptanceSource {
  readonly now: Date;
  readonly operation: string;
  readonly clientId: string;
  readonly isByUser: boolean;
  readonly traceId: string | undefined;
  readonly address: string;
}

/** What a registration needs of the disclosures, which are another product's. */
export interface RegistrationDisclosures {
  /** The enabled ones among the given names. */
  readonly listRequired: (
    sql: Sql | Tx,
    institutionId: string,
    names: readonly string[],
  ) => Promise<readonly DisclosureToAccept[]>;
  readonly recordAcceptances: (
    write: Write,
    source: AcceptanceSource,
    acceptances: {
      readonly institutionId: string;
      readonly institutionUserId: string;
      readonly disclosures: readonly DisclosureToAccept[];
      readonly isNewUser: boolean;
    },
  ) => Promise<void>;
}
