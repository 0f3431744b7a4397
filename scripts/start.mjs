// What `npm start` runs: installs what is missing, then starts the server and keeps it running.
import { join } from 'node:path';
import { endWithNpm } from './end-with-npm.mjs';
import { failWithOneLine } from './fail-with-one-line.mjs';
import { root } from './find-node24.mjs';
import { ensureInstalled } from './install.mjs';
import { keepRunning } from './keep-running.mjs';

try {
  endWithNpm();
  await ensureInstalled();
  process.exitCode = await keepRunning(join(root, 'apps', 'server', 'src', 'main.ts'), process.argv.slice(2));
} catch (error) {
  failWithOneLine(error);
}
