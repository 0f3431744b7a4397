import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** Which processor cores a process may use, as `taskset -c` takes it; undefined is all of them. */
export type Cores = string | undefined;

const canPin = existsSync('/usr/bin/taskset') && availableParallelism() >= 2;

/** One core for the server alone, another for the load and the database, so that neither takes time from the server. */
export const serverCore: Cores = canPin ? '0' : undefined;
export const loadCore: Cores = canPin ? '1' : undefined;

/** The command line that runs a program on these cores. `taskset` becomes the program, so the process id is its own. */
export function onCores(cores: Cores, command: readonly string[]): { readonly file: string; readonly args: readonly string[] } {
  const [file = '', ...args] = cores === undefined ? command : ['taskset', '-c', cores, ...command];
  return { file, args };
}
