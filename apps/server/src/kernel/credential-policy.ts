import { accept, type Result, refuse } from './result.ts';

/**
 * What login names and passwords an institution takes (contract sheet "Registration", section 3). The one place for
 * these rules: registration, password recovery and the desk all ask here.
 */
export interface CredentialPolicy {
  readonly loginName: {
    /** Characters, 6 to 20. */
    readonly minLength: number;
    readonly maxLength: number;
  };
  readonly password: {
    /** Characters, 6 to 32. */
    readonly minLength: number;
    readonly maxLength: number;
  };
}

export const defaultCredentialPolicy: CredentialPolicy = {
  loginName: { minLength: 8, maxLength: 20 },
  password: { minLength: 6, maxLength: 32 },
};

/** What no institution can widen. */
export const credentialBounds = { loginName: { least: 6, most: 20 }, password: { least: 6, most: 32 } } as const;

const loginNameForm = /^[A-Za-z0-9@$*_\-=.!~]{6,256}$/u;

export type LoginNameRefusal = 'malformed' | 'outOfRange' | 'isMemberNumber';

/**
 * @param charsetRule `letter_and_digit` asks for at least one of each; by default letters alone are fine, and digits alone
 *   never are (CR-19).
 */
export function checkLoginName(
  loginName: string,
  memberNumber: string | undefined,
  policy: CredentialPolicy,
  charsetRule: 'operation' | 'letter_and_digit',
): Result<string, LoginNameRefusal> {
  if (!loginNameForm.test(loginName) || /^[0-9]+$/u.test(loginName)) return refuse('malformed');
  if (charsetRule === 'letter_and_digit' && !(/[A-Za-z]/u.test(loginName) && /[0-9]/u.test(loginName)))
    return refuse('malformed');
  const { minLength, maxLength } = policy.loginName;
  if (loginName.length < minLength || loginName.length > maxLength) return refuse('outOfRange');
  if (memberNumber !== undefined && loginName.toLowerCase() === memberNumber.toLowerCase()) return refuse('isMemberNumber');
  return accept(loginName);
}

const passwordForm = /^[\x21-\x7e]*$/u;
const passwordClasses = [/[A-Za-z]/u, /[0-9]/u, /[^A-Za-z0-9]/u];

export type PasswordRefusal = 'outOfRange' | 'notPrintable' | 'tooSimple' | 'insideLoginName';

/** Printable ASCII without blanks, letters, digits and specials: at least two of these, and no part of the login name. */
export function checkPassword(password: string, loginName: string, policy: CredentialPolicy): Result<string, PasswordRefusal> {
  const { minLength, maxLength } = policy.password;
  if (password.length < minLength || password.length > maxLength) return refuse('outOfRange');
  if (!passwordForm.test(password)) return refuse('notPrintable');
  if (passwordClasses.filter((one) => one.test(password)).length < 2) return refuse('tooSimple');
  if (loginName.toLowerCase().includes(password.toLowerCase())) return refuse('insideLoginName');
  return accept(password);
}

/** What a person should know before choosing a password, for pages. */
export function describePasswordPolicy({ password: { minLength, maxLength } }: CredentialPolicy): string {
  return `${minLength} to ${maxLength} characters, no blanks, at least two of: letters, digits, special characters. It must not be part of your login name.`;
}
