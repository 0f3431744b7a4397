/** When failed sign-ins lock a user (contract sheet "Customers", section 2). */
export interface LockoutPolicy {
  /** 3 to 10; the failure that reaches it locks. */
  readonly maxFailed: number;
  /** 0: until somebody unlocks. */
  readonly autoUnlockMinutes: number;
}

export const defaultLockoutPolicy: LockoutPolicy = { maxFailed: 5, autoUnlockMinutes: 0 };
