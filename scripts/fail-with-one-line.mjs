/**
 * Ends the process with a person's line instead of a stack.
 *
 * @param {unknown} error
 * @returns {never}
 */
export function failWithOneLine(error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
