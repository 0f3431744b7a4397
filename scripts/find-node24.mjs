import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root folder of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** The major version of Node that the project is written for. */
const wantedMajor = 24;

/**
 * The path of a Node binary that is new enough: the running one, or the one that the optional dependencies brought.
 *
 * @returns {string}
 * @throws {Error} with one line that says what to install
 */
export function findNode24() {
  if (Number.parseInt(process.versions.node, 10) >= wantedMajor) return process.execPath;
  const brought = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  try {
    accessSync(brought, constants.X_OK);
    return brought;
  } catch {
    throw new Error(
      `Node ${wantedMajor} or newer is needed and this is Node ${process.versions.node}: install it from https://nodejs.org and run the command again.`,
    );
  }
}
