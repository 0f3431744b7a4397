/**
 * Waits for statements of one transaction that were sent without waiting for each other. The server runs them in the
 * order in which they were made. When one fails, those after it fail too, because the transaction is broken: the first
 * failure in order is the one that is thrown.
 */
export async function sendTogether(statements: readonly (PromiseLike<unknown> | undefined)[]): Promise<void> {
  const outcomes = await Promise.allSettled(statements);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}
