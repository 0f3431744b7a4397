// What `npm run bench` runs: installs what is missing, then the benchmarks.
import { join } from 'node:path';
import { ensureDebianPackages, postgresql, wrk } from './debian-packages.mjs';
import { failWithOneLine } from './fail-with-one-line.mjs';
import { root } from './find-node24.mjs';
import { ensureInstalled } from './install.mjs';
import { runOnNode24 } from './run-on-node24.mjs';

try {
  await ensureInstalled();
  await ensureDebianPackages([wrk, postgresql]);
  process.exitCode = await runOnNode24(join(root, 'bench', 'run.ts'), process.argv.slice(2));
} catch (error) {
  failWithOneLine(error);
}
