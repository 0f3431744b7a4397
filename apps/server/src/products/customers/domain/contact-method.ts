/** A way to reach a user (contract sheet "Customers", sections 3, 4 and 9.1). */
export interface ContactMethod {
  /** Digits. */
  readonly contactMethodId: string;
  readonly institutionUserId: string;
  readonly protocol: ContactProtocol;
  /** National digits of a phone number, or an e-mail address. */
  readonly contactInfo: string;
  /** Calling code, digits without `+`; phones only. */
  readonly countryCode: string | undefined;
  readonly methodType: ContactMethodType;
  readonly isActivated: boolean;
  readonly isValidated: boolean;
  /** True when the core knows it. */
  readonly isFromHost: boolean;
  readonly isPrimary: boolean;
  readonly enrolledAt: Date;
  /** When its number or address was last changed; undefined while it is as it was enrolled. */
  readonly changedAt: Date | undefined;
}

export type ContactProtocol = 'SMS' | 'VOICE' | 'EMAIL' | 'TOKEN' | 'WHATSAPP_SMS' | 'WHATSAPP_VOICE';

export type ContactMethodType =
  | 'UNKNOWN'
  | 'HOME_PHONE'
  | 'HOME_CELLPHONE'
  | 'BUSINESS_PHONE'
  | 'BUSINESS_CELLPHONE'
  | 'FAX'
  | 'SECONDARY_OR_ALTERNATE_PHONE'
  | 'PERSONAL_EMAIL'
  | 'BUSINESS_EMAIL'
  | 'SECONDARY_OR_ALTERNATE_EMAIL';

/** A method as it is enrolled. */
export type NewContactMethod = Omit<ContactMethod, 'contactMethodId' | 'institutionUserId'>;

export interface PhoneNumber {
  /** Digits without `+`. */
  readonly countryCode: string;
  /** National digits. */
  readonly number: string;
}
