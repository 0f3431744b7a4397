#!/usr/bin/env node
// Runs the command with Node 24, also where the system's Node is older.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failWithOneLine } from '../../../scripts/fail-with-one-line.mjs';
import { findNode24, root } from '../../../scripts/find-node24.mjs';
import { runOnNode24 } from '../../../scripts/run-on-node24.mjs';

const main = new URL('../src/main.ts', import.meta.url);
try {
  if (!existsSync(join(root, 'node_modules'))) throw new Error('The packages are not installed: run npm ci first.');
  if (findNode24() === process.execPath) await import(main.href);
  else process.exitCode = await runOnNode24(fileURLToPath(main), process.argv.slice(2));
} catch (error) {
  failWithOneLine(error);
}
