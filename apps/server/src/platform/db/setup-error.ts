/**
 * A start that cannot go on because of something a person has to change. The message is one line that names what to do,
 * so that the composition root can print it without a stack.
 */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
