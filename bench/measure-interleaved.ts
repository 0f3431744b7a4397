import { formatNumber } from './figures.ts';

/** One of the things that are measured side by side. */
export interface Contender {
  readonly name: string;
  /** One round; answers how many a second. */
  measure(seconds: number): Promise<number>;
}

export interface Rounds {
  readonly rounds: number;
  /** Of one contender in one round. */
  readonly seconds: number;
}

/** How many a second, by contender, round by round. */
export type Measured = ReadonlyMap<string, readonly number[]>;

const warmUpSeconds = 3;

/**
 * Measures in turn, A B C A B C, after a warm-up each, so that whatever else the machine does falls on all alike. Every
 * round begins with another contender.
 */
export async function measureInterleaved(contenders: readonly Contender[], { rounds, seconds }: Rounds): Promise<Measured> {
  const measured = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (const contender of contenders) {
    console.log(`  warming up: ${contender.name}`);
    await contender.measure(Math.min(warmUpSeconds, seconds));
  }
  for (let round = 0; round < rounds; round += 1) {
    const first = round % contenders.length;
    for (const contender of [...contenders.slice(first), ...contenders.slice(0, first)]) {
      const perSecond = await contender.measure(seconds);
      measured.get(contender.name)?.push(perSecond);
      console.log(`  round ${round + 1} of ${rounds}: ${contender.name}: ${formatNumber(perSecond)} a second`);
    }
  }
  return measured;
}
