import { splitWords } from '../domain/alert-channel.ts';

/** The words of a query that may be given several times, or once as a list; undefined when it was not given. */
export function wordsOf(given: string | readonly string[] | undefined): readonly string[] | undefined {
  if (given === undefined) return undefined;
  const words = (typeof given === 'string' ? [given] : [...given]).flatMap(splitWords);
  return words.length === 0 ? undefined : words;
}

export function isSameWord(one: string | undefined, other: string | undefined): boolean {
  return one?.toLowerCase() === other?.toLowerCase();
}
