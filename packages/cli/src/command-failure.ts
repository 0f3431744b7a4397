/** The command was understood and could not be done. One line that names what to do; exit code 1. */
export class CommandFailure extends Error {}
