/** The call cannot be made as it was written: nothing was sent. The message says what to change. */
export class OpenbranchUsageError extends Error {
  override readonly name = 'OpenbranchUsageError';
}
