import { UsageError } from './usage-error.ts';

/** @throws {UsageError} when the text is not five digits */
export function toInstitutionId(text: string): string {
  if (/^[0-9]{5}$/u.test(text)) return text;
  throw new UsageError(`an institution has five digits, not ${text}`);
}
