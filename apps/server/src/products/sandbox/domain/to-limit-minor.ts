import { accept, type Result, refuse } from '../../../kernel/result.ts';

/** A limit of the wire in minor units; one that is left out stays so, one with more than two decimals is refused. */
export function toLimitMinor(limit: number | undefined): Result<bigint | undefined, 'tooFine'> {
  if (limit === undefined) return accept(undefined);
  const minor = Math.round(limit * 100);
  return minor / 100 === limit ? accept(BigInt(minor)) : refuse('tooFine');
}
