/** Where a user lives or gets mail (contract sheet "Customers", sections 3 and 9.1). */
export interface PostalAddress {
  /** Digits: the number of the record at the core. */
  readonly postalAddressId: string;
  readonly addressType: PostalAddressType;
  readonly streetAddress1: string;
  readonly streetAddress2: string | undefined;
  readonly streetAddress3: string | undefined;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly isPrimary: boolean;
  /** True when the core knows it. */
  readonly isFromHost: boolean;
  readonly startsAt: Date | undefined;
  readonly endsAt: Date | undefined;
}

export type PostalAddressType =
  | 'UNKNOWN'
  | 'PHYSICAL_HOME_ADDRESS'
  | 'MAILING_HOME_ADDRESS'
  | 'PHYSICAL_WORK_ADDRESS'
  | 'MAILING_WORK_ADDRESS'
  | 'SEASONAL_OR_VACATION_ADDRESS'
  | 'TEMPORARY_ADDRESS'
  | 'TAX_REPORTING_ADDRESS';

export type NewPostalAddress = Omit<PostalAddress, 'postalAddressId'>;
