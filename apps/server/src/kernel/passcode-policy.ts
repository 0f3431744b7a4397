/** Rules of one-time passcodes (contract sheet "Customers", sections 2 and 5). */
export interface PasscodePolicy {
  readonly digits: number;
  readonly lifetimeMinutes: number;
  /** Wrong entries that end a passcode. */
  readonly triesPerPasscode: number;
  /** Wrong entries of a user in 24 hours, over all passcodes and channels, after which there are no more passcodes. */
  readonly triesPerDay: number;
  /** Asked again sooner, nothing is sent. */
  readonly resendSeconds: number;
  readonly sendsPerQuarterHour: number;
  readonly sendsPerDay: number;
  /** Ceiling over all users of the institution, against bills and floods. */
  readonly institutionSendsPerDay: number;
  /** A contact method changed less than this long ago gets no passcode while there is another; 0 is off. */
  readonly contactChangeHours: number;
}

export const defaultPasscodePolicy: PasscodePolicy = {
  digits: 6,
  lifetimeMinutes: 10,
  triesPerPasscode: 5,
  triesPerDay: 10,
  resendSeconds: 60,
  sendsPerQuarterHour: 3,
  sendsPerDay: 6,
  institutionSendsPerDay: 20_000,
  contactChangeHours: 24,
};

/** What an institution may choose: six digits and ten tries leave one chance in 100,000 a day. */
export const passcodeBounds: Readonly<Record<keyof PasscodePolicy, { readonly least: number; readonly most: number }>> = {
  digits: { least: 6, most: 10 },
  lifetimeMinutes: { least: 1, most: 60 },
  triesPerPasscode: { least: 1, most: 5 },
  triesPerDay: { least: 1, most: 10 },
  resendSeconds: { least: 0, most: 3600 },
  sendsPerQuarterHour: { least: 1, most: 100 },
  sendsPerDay: { least: 1, most: 100 },
  institutionSendsPerDay: { least: 1, most: 10_000_000 },
  contactChangeHours: { least: 0, most: 720 },
};
