// Usage: npm run generate [-- --check]. Writes what is made from the contract; with --check it writes nothing and names
// the files that are not as they would be written.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedFiles } from './generate/generated-files.ts';

const root = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');

const stale = [...generatedFiles()].filter(([path, text]) => readText(path) !== text);
for (const [path, text] of stale) {
  if (isCheck) console.log(`${path} is stale: run npm run generate`);
  else write(path, text);
}
if (isCheck && stale.length > 0) process.exitCode = 1;

function readText(path: string): string | undefined {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function write(path: string, text: string): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`Wrote ${path}`);
}
