/** How a member becomes a user (contract sheet "Registration", sections 4 and 7). */
export interface RegistrationPolicy {
  /** True: a registered user waits until the back office approves. */
  readonly needsApproval: boolean;
  /** Names of disclosures without whose acceptance nobody registers, as far as the institution has them enabled. */
  readonly requiredDisclosures: readonly string[];
}

export const defaultRegistrationPolicy: RegistrationPolicy = { needsApproval: false, requiredDisclosures: ['IB'] };

export const mostRequiredDisclosures = 10;

/** 1 to 20 characters of printable ASCII without blanks around them. */
export function isDisclosureName(name: unknown): name is string {
  return typeof name === 'string' && name.length <= 20 && /^[!-~](?:[ -~]*[!-~])?$/u.test(name);
}
