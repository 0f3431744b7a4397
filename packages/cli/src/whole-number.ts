import { UsageError } from './usage-error.ts';

/**
 * A reader of an option's text for Commander.
 *
 * @throws {UsageError} when the text is no whole number in the range
 */
export function wholeNumber(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^[0-9]{1,10}$/u.test(text) && number >= least && number <= most) return number;
    throw new UsageError(`${option} takes a whole number from ${least} to ${most}`);
  };
}
