import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { findSourceProblems } from './source-rules.ts';

const server = 'apps/server/src';
const cards = `${server}/products/cards`;
const door = { [`${cards}/index.ts`]: '', [`${cards}/README.md`]: '' };
const trees: string[] = [];

afterEach(() => {
  for (const tree of trees.splice(0)) rmSync(tree, { recursive: true });
});

test('a tree that keeps the rules has no problem', () => {
  const sql = 'create table cards (\n  institution_id text not null,\n  primary key (institution_id, card_id)\n);\n';
  const clock = '// Not Date.now: the clock is an argument.\nexport const day = (at: number) => new Date(at);';
  expect(problemsOf({ ...door, [`${cards}/domain/day.ts`]: clock, 'apps/server/migrations/1.sql': sql })).toEqual([]);
});

test.each([
  ['a vague name', { 'packages/sdk/src/helpers.ts': '' }, /"helpers.ts" says nothing/],
  ['a barrel', { 'packages/sdk/src/index.ts': '' }, /only a product and the core have an index.ts/],
  ['a strange room', { ...door, [`${cards}/services/a.ts`]: '' }, /services: a product has operations/],
  ['a product without a door', { [`${cards}/README.md`]: '' }, /index.ts is missing/],
  ['the time in the kernel', { [`${server}/kernel/a.ts`]: 'export const a = () => Date.now();' }, /kernel\/a.ts:1: is pure/],
  ['randomness in a domain', { ...door, [`${cards}/domain/a.ts`]: '\nMath.random();' }, /domain\/a.ts:2: is pure/],
  ["the database's clock in a store", { ...door, [`${cards}/store/a.ts`]: '`select now()`' }, /takes the time as a parameter/],
  ['a check that is switched off', { [`${server}/app.ts`]: `// biome${'-'}ignore lint: no` }, /app.ts:1: switches a check off/],
  [
    'a tenant table with another key',
    { 'apps/server/migrations/1.sql': 'create table cards (\n  institution_id text not null,\n  primary key (card_id)\n);' },
    /the primary key of cards does not start with institution_id/,
  ],
])('%s is found', (_name, files, message) => {
  expect(problemsOf(files)).toEqual([expect.stringMatching(message)]);
});

function problemsOf(files: Record<string, string>): string[] {
  const root = mkdtempSync(join(tmpdir(), 'openbranch-source-'));
  trees.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return findSourceProblems(root);
}
