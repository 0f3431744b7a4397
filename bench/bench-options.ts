import { parseArgs } from 'node:util';
import type { Rounds } from './measure-interleaved.ts';

export interface BenchOptions extends Rounds {
  /** Pairs of sign-ins whose answers are compared. */
  readonly pairs: number;
  /** Sizes of the banks that are compared. */
  readonly customers: readonly number[];
  /** Where the server under test leaves a processor profile; undefined for none. */
  readonly profileFolder: string | undefined;
}

export const usage = `Usage: npm run bench -- [NAME ...] [--rounds 5] [--seconds 5] [--pairs 1000] [--customers 10000,100000] [--profile FOLDER]`;

/** @throws Error when an option is not known or is no number. */
export function readOptions(args: readonly string[]): { readonly names: readonly string[]; readonly options: BenchOptions } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '5' },
      pairs: { type: 'string', default: '1000' },
      customers: { type: 'string', default: '10000,100000' },
      profile: { type: 'string' },
    },
  });
  const { rounds, seconds, pairs, customers, profile } = values;
  return {
    names: positionals,
    options: {
      ...{ rounds: count(rounds), seconds: count(seconds), pairs: count(pairs) },
      customers: customers.split(',').map(count),
      profileFolder: profile,
    },
  };
}

function count(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`${text} is no number of rounds, seconds, pairs or customers. ${usage}`);
  return number;
}
