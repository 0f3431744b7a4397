/**
 * The shortest of some runs, in milliseconds: a busy machine makes a run longer and never shorter. For tests that compare
 * the work for a large input with the work for a small one.
 */
export function quickestMs(work: () => void, runs = 5): number {
  let quickest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    const startedAt = performance.now();
    work();
    quickest = Math.min(quickest, performance.now() - startedAt);
  }
  return quickest;
}
