// Usage: node scripts/on-node24.mjs FILE [ARGS]. Runs FILE with Node 24 where the system's Node is older.
import { failWithOneLine } from './fail-with-one-line.mjs';
import { ensureInstalled } from './install.mjs';
import { runOnNode24 } from './run-on-node24.mjs';

const [file, ...args] = process.argv.slice(2);
try {
  if (file === undefined) throw new Error('Name the file to run: node scripts/on-node24.mjs FILE [ARGS]');
  await ensureInstalled();
  process.exitCode = await runOnNode24(file, args);
} catch (error) {
  failWithOneLine(error);
}
