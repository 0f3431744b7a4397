import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const documents = globSync('**/*.md', { cwd: root, exclude: (name) => /(^|\/)(node_modules|\.[^/]+)$/u.test(name) });
/** A path from the root of the repository, as text names it. */
const repositoryPath = /`((?:apps|packages|bench|docs|openapi|scripts)\/[\w./-]+)`/gu;
/** A path from a folder that the text takes for known. */
const serverPath =
  /`((?:kernel|platform|http|products)\/[\w./-]+|(?:app|parts|routes|jobs|serve|main|config|open-platform)\.ts)`/gu;
const link = /\]\(([^)\s]+)\)/gu;

test('there are documents to look at', () => {
  expect(documents).toEqual(expect.arrayContaining(['README.md', 'docs/architecture.md', 'docs/reference/errors.md']));
});

test.each(documents)('every link and every file that %s names is there', (document) => {
  const text = readFileSync(join(root, document), 'utf8');
  const folder = join(root, dirname(document));
  const missing = [
    ...namesIn(text, link).filter((target) => !/^[a-z]+:/u.test(target) && !leadsSomewhere(join(root, document), target)),
    ...namesIn(text, repositoryPath).filter((path) => !existsSync(join(root, path))),
    ...namesIn(text, serverPath).filter((path) => !existsSync(join(root, 'apps/server/src', path))),
    ...namesIn(text, /`((?:domain|operations|store|tasks)\/[\w./-]+)`/gu).filter((path) => !existsSync(join(folder, path))),
  ];
  expect(missing).toEqual([]);
});

function namesIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, name = '']) => (/[*{]/u.test(name) ? [] : [name]));
}

/** A file, with a heading of it where the link names one. */
function leadsSomewhere(document: string, target: string): boolean {
  const [path = '', heading] = target.split('#');
  const file = path === '' ? document : join(dirname(document), path);
  if (!existsSync(file)) return false;
  if (heading === undefined) return true;
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gmu)].map(([, title = '']) => toAnchor(title));
  return headings.includes(heading);
}

/** As GitHub makes it. */
function toAnchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}
