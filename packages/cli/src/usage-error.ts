/** The command cannot be run as it was written. One line that names what to do; exit code 2. */
export class UsageError extends Error {}
