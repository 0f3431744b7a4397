import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cruiseImports, type ImportReport, importRules } from '../../../scripts/cruise-imports.ts';

const repository = join(import.meta.dirname, '..', '..', '..');
const product = 'apps/server/src/products/cards';

/** A small tree in which every import is allowed. */
const soundTree: Record<string, string> = {
  'packages/contract/src/operation.ts': `import { Type } from 'typebox'; export const operation = Type;`,
  'packages/sdk/src/client.ts': `import '@openbranch/contract/operation'; import 'fast-xml-parser'; export const client = 1;`,
  'packages/cli/src/command.ts': `import '@openbranch/sdk'; import '@openbranch/server/main'; import 'node:fs';`,
  'packages/testkit/src/server.ts': `import '@openbranch/server/app'; export const testServer = 1;`,
  'apps/web/src/page.ts': `import '@openbranch/sdk'; import type { operation } from '@openbranch/contract/operation'; export type O = typeof operation;`,
  'apps/server/src/main.ts': `import './app.ts'; import './config.ts';`,
  'apps/server/src/config.ts': `export const config = 1;`,
  'apps/server/src/parts.ts': `import './core/index.ts'; export const parts = 1;`,
  'apps/server/src/app.ts': `import './parts.ts'; import './http/edge.ts'; import './products/cards/index.ts'; import './core/index.ts'; import type { config } from './config.ts'; export type C = typeof config;`,
  'apps/server/src/kernel/result.ts': `import 'node:assert/strict'; export const result = 1;`,
  'apps/server/src/platform/db/transaction.ts': `import 'postgres'; import 'node:fs'; import '../../kernel/result.ts'; export const transaction = 1;`,
  'apps/server/src/http/edge.ts': `import 'fastify'; import '@openbranch/contract/operation'; import './route.ts'; import '../platform/db/transaction.ts';`,
  'apps/server/src/http/route.ts': `export const route = 1;`,
  'apps/server/src/core/index.ts': `import '../platform/db/transaction.ts'; export const core = 1;`,
  [`${product}/index.ts`]: `export { block } from './operations/block.ts';`,
  [`${product}/operations/block.ts`]: `import '@openbranch/contract/operation'; import '../../../http/route.ts'; import '../store/cards.ts'; import '../domain/decide.ts'; import '../tasks/remind.ts'; import '../../loans/index.ts'; import '../../../core/index.ts'; import 'node:crypto'; export const block = 1;`,
  [`${product}/operations/block.test.ts`]: `import '@openbranch/testkit/server'; import './block.ts';`,
  [`${product}/domain/decide.ts`]: `import '../../../kernel/result.ts'; export const decide = 1;`,
  [`${product}/store/cards.ts`]: `import '../domain/decide.ts'; import '../../../platform/db/transaction.ts'; export const cards = 1;`,
  [`${product}/tasks/remind.ts`]: `import '../store/cards.ts'; export const remind = 1;`,
  'apps/server/src/products/loans/index.ts': `export const loans = 1;`,
  'apps/server/src/products/loans/store/loans.ts': `export const loanRows = 1;`,
};

/** For every rule a file that breaks it, and the import in it. Type imports count like others. */
const violations: Record<string, readonly (readonly [file: string, text: string])[]> = {
  'no-cycles': [['apps/server/src/http/edge-a.ts', `import './edge-a.ts';`]],
  'no-unresolved-imports': [['apps/server/src/http/lost.ts', `import './nowhere.ts';`]],
  'tests-are-not-imported': [
    ['apps/server/src/http/tested.ts', `import '../products/cards/operations/block.test.ts';`],
    ['apps/server/src/platform/db/kit.ts', `import '@openbranch/testkit/server';`],
  ],
  'contract-knows-only-typebox': [
    ['packages/contract/src/reads-files.ts', `import 'node:fs';`],
    ['packages/contract/src/uses-a-package.ts', `import 'postgres';`],
  ],
  'sdk-knows-only-the-contract': [
    ['packages/sdk/src/server-only.ts', `import 'node:crypto';`],
    ['packages/sdk/src/uses-a-package.ts', `import 'fastify';`],
  ],
  'web-is-a-client': [['apps/web/src/shortcut.ts', `import '@openbranch/server/http/route';`]],
  'kernel-knows-nothing': [
    ['apps/server/src/kernel/reads.ts', `import 'node:fs';`],
    ['apps/server/src/kernel/random.ts', `import { randomBytes } from 'node:crypto'; export const r = randomBytes;`],
    ['apps/server/src/kernel/packaged.ts', `import 'postgres';`],
    [
      'apps/server/src/kernel/upward.ts',
      `import type { transaction } from '../platform/db/transaction.ts'; export type T = typeof transaction;`,
    ],
  ],
  'domain-is-pure': [
    [`${product}/domain/loads.ts`, `import '../store/cards.ts';`],
    [
      `${product}/domain/answers.ts`,
      `import type { operation } from '@openbranch/contract/operation'; export type O = typeof operation;`,
    ],
    [`${product}/domain/packaged.ts`, `import 'typebox';`],
    [`${product}/domain/other-product.ts`, `import '../../loans/index.ts';`],
  ],
  'store-speaks-to-the-database-only': [
    [`${product}/store/answers.ts`, `import '../../../http/route.ts';`],
    [`${product}/store/contract.ts`, `import '@openbranch/contract/operation';`],
    [`${product}/store/other-product.ts`, `import '../../loans/index.ts';`],
  ],
  'operations-use-their-own-rooms': [
    [`${product}/operations/other-room.ts`, `import '../../loans/store/loans.ts';`],
    [`${product}/operations/edge.ts`, `import '../../../http/edge.ts';`],
    [`${product}/operations/packaged.ts`, `import 'fastify';`],
  ],
  'tasks-use-their-own-rooms': [
    [`${product}/tasks/other-room.ts`, `import '../../loans/store/loans.ts';`],
    [`${product}/tasks/edge.ts`, `import '../../../http/route.ts';`],
  ],
  'product-doors-open-own-rooms': [['apps/server/src/products/mail/index.ts', `import '../loans/index.ts';`]],
  'products-have-one-door': [['packages/cli/src/shortcut.ts', `import '@openbranch/server/products/cards/store/cards';`]],
  'core-knows-no-products': [['apps/server/src/core/upward.ts', `import '../products/loans/index.ts';`]],
  'platform-knows-no-business': [
    ['apps/server/src/platform/db/upward.ts', `import '../../products/loans/index.ts';`],
    ['apps/server/src/platform/db/contract.ts', `import '@openbranch/contract/operation';`],
  ],
  'http-knows-no-products': [['apps/server/src/http/upward.ts', `import '../products/loans/index.ts';`]],
  'cli-uses-sdk-contract-and-server': [['packages/cli/src/kit.ts', `import '@openbranch/testkit/server';`]],
  'composition-root-is-on-top': [
    ['apps/server/src/http/whole.ts', `import '../app.ts';`],
    ['apps/server/src/http/all-parts.ts', `import '../parts.ts';`],
  ],
  'settings-are-handed-down': [['apps/server/src/platform/db/settings.ts', `import '../../config.ts';`]],
};

const workspaces = {
  contract: 'packages/contract',
  sdk: 'packages/sdk',
  cli: 'packages/cli',
  testkit: 'packages/testkit',
  server: 'apps/server',
};
const npmPackages = ['typebox', 'postgres', 'fastify', 'fast-xml-parser'];

describe('the import rules', () => {
  let sound: ImportReport;
  let planted: ImportReport;
  const trees: string[] = [];

  beforeAll(async () => {
    sound = await cruiseImports(plantTree(trees, soundTree));
    planted = await cruiseImports(plantTree(trees, { ...soundTree, ...Object.fromEntries(Object.values(violations).flat()) }));
  });

  afterAll(() => {
    for (const tree of trees) rmSync(tree, { recursive: true });
  });

  test('every rule is shown to fire', async () => {
    expect(Object.keys(violations).sort()).toEqual((await importRules()).sort());
  });

  test.each(Object.entries(violations))('%s catches what it forbids', (rule, files) => {
    const caught = planted.violations.filter((violation) => violation.rule === rule);
    expect(caught.map(({ from }) => from)).toEqual(expect.arrayContaining(files.map(([file]) => file)));
    expect(caught.every(({ reason }) => reason.length > 40)).toBe(true);
  });

  test('a tree that keeps the rules passes', () => {
    expect(sound.violations).toEqual([]);
    expect(sound.seen).toEqual(Object.keys(soundTree).sort());
  });

  test('every source file of this repository is read, and keeps the rules', async () => {
    const report = await cruiseImports(repository);
    expect(report.seen.length).toBeGreaterThan(50);
    expect(report.unseen).toEqual([]);
    expect(report.violations).toEqual([]);
  });
});

/** Writes a tree with workspaces and packages that resolve as in this repository. */
function plantTree(trees: string[], files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'openbranch-architecture-'));
  trees.push(root);
  const write = (path: string, text: string): void => {
    mkdirSync(join(root, dirname(path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('package.json', JSON.stringify({ name: 'planted', type: 'module' }));
  for (const [file, text] of Object.entries(files)) write(file, text);
  mkdirSync(join(root, 'node_modules', '@openbranch'), { recursive: true });
  for (const [name, folder] of Object.entries(workspaces)) {
    const exports = name === 'sdk' ? './src/client.ts' : { './*': './src/*.ts' };
    write(`${folder}/package.json`, JSON.stringify({ name: `@openbranch/${name}`, type: 'module', exports }));
    symlinkSync(join('..', '..', folder), join(root, 'node_modules', '@openbranch', name));
  }
  for (const name of npmPackages) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', type: 'module', exports: './index.js' }));
    write(`node_modules/${name}/index.js`, 'export const Type = 1;');
  }
  return root;
}
