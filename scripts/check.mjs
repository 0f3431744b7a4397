// What `npm run check` runs: everything that reads the sources without running them. All of it, even when one part fails.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { failWithOneLine } from './fail-with-one-line.mjs';
import { findNode24, root } from './find-node24.mjs';
import { ensureInstalled } from './install.mjs';

/** @typedef {{ title: string, file: string, args: string[], needs?: string, env?: Record<string, string> }} Part */

const modules = join(root, 'node_modules');

/** @type {Part[]} The longest first, as two run at once. */
const parts = [
  {
    title: 'format and lint (biome)',
    file: join(modules, '@biomejs', 'biome', 'bin', 'biome'),
    args: ['ci', '--colors=off', '--max-diagnostics=100', '--error-on-warnings'],
  },
  {
    title: 'types (tsc)',
    file: join(modules, 'typescript', 'bin', 'tsc'),
    args: ['-p', 'tsconfig.json', '--pretty', 'false'],
  },
  {
    title: 'OpenAPI (redocly)',
    file: join(modules, '@redocly', 'cli', 'bin', 'cli.js'),
    args: ['lint', '--format=stylish', 'openapi/openapi.yaml'],
    needs: 'openapi/openapi.yaml',
    env: { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  },
  { title: 'dead code and dependencies (knip)', file: join(modules, 'knip', 'bin', 'knip.js'), args: ['--no-progress'] },
  { title: 'generated files are fresh', file: 'scripts/generate.ts', args: ['--check'], needs: 'scripts/generate.ts' },
  { title: 'imports (dependency-cruiser)', file: 'scripts/check-imports.ts', args: [] },
  { title: 'names, rooms and tables', file: 'scripts/check-source.ts', args: [] },
];

try {
  await ensureInstalled();
  const node = findNode24();
  const due = parts.filter((part) => part.needs === undefined || existsSync(join(root, part.needs)));
  const waiting = [...due];
  /** @type {string[]} */
  const failed = [];
  const work = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
      if (!(await runPart(node, part))) failed.push(part.title);
    }
  };
  await Promise.all([work(), work()]);
  console.log(
    failed.length === 0
      ? `All ${due.length} checks passed.`
      : `${failed.length} of ${due.length} checks failed: ${failed.join('; ')}`,
  );
  process.exitCode = Math.min(failed.length, 100);
} catch (error) {
  failWithOneLine(error);
}

/**
 * @param {string} node
 * @param {Part} part
 * @returns {Promise<boolean>}
 */
function runPart(node, part) {
  const startedAt = Date.now();
  const child = spawn(node, [part.file, ...part.args], { cwd: root, env: { ...process.env, NO_COLOR: '1', ...part.env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      console.log(`${code === 0 ? 'ok    ' : 'FAILED'}  ${part.title}  ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
      if (code !== 0) console.log(output.trimEnd().replace(/^/gm, '    '));
      resolve(code === 0);
    });
  });
}
