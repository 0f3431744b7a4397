// Who may import whom. Every rule's comment tells why, and apps/server/test/architecture.test.ts shows that every rule fires.

const server = '^apps/server/src';
const products = `${server}/products`;
const rooms = '(operations|domain|store|tasks)';
/** Tests may import what they like; nothing else may import them. */
const tests = ['[.]test[.]ts$', '^apps/server/test/', '^packages/[^/]+/test/', '^packages/testkit/'];
/** Built-in modules that compute and touch nothing. */
const pureBuiltins = '^(node:)?(assert|assert/strict|buffer)$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Modules in a cycle can only be understood, tested and loaded together. Move what both need into a third one.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolved-imports',
      comment: 'An import that leads nowhere cannot be checked by the other rules. Mind the spelling and the .ts ending.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'tests-are-not-imported',
      comment: 'Production code must run without tests and the test kit. Move what both need into production code.',
      severity: 'error',
      from: { path: '^(packages|apps)/', pathNot: tests },
      to: { path: tests },
    },
    {
      name: 'contract-knows-only-typebox',
      comment: 'The contract is data that server, SDK, CLI and documents all read: no I/O, no package but typebox.',
      severity: 'error',
      from: { path: '^packages/contract/', pathNot: tests },
      to: { pathNot: ['^packages/contract/', '^node_modules/typebox/'] },
    },
    {
      name: 'sdk-knows-only-the-contract',
      comment: 'The SDK runs where the server does not, browsers included: it may use the contract and fast-xml-parser only.',
      severity: 'error',
      from: { path: '^packages/sdk/', pathNot: tests },
      to: { pathNot: ['^packages/(sdk|contract)/', '/node_modules/fast-xml-parser/', '^node_modules/fast-xml-parser/'] },
    },
    {
      name: 'web-is-a-client',
      comment: 'The web app is a client of the API like any other: it may use the SDK and the types of the contract.',
      severity: 'error',
      from: { path: '^apps/web/', pathNot: tests },
      to: { path: '^(apps|packages)/', pathNot: '^(apps/web|packages/(sdk|contract))/' },
    },
    {
      name: 'kernel-knows-nothing',
      comment: 'The kernel is what every folder stands on: pure functions and types, no I/O, no packages, no other folder.',
      severity: 'error',
      from: { path: `${server}/kernel/`, pathNot: tests },
      to: { pathNot: [`${server}/kernel/`, pureBuiltins] },
    },
    {
      name: 'domain-is-pure',
      comment: 'Rules are pure functions of their facts. Load the facts in operations/, and hand them over.',
      severity: 'error',
      from: { path: `${products}/([^/]+)/domain/`, pathNot: tests },
      to: { pathNot: [`${products}/$1/domain/`, `${server}/kernel/`, pureBuiltins] },
    },
    {
      name: 'store-speaks-to-the-database-only',
      comment:
        'A store is SQL and rows. It may use its own domain, platform/db and the kernel; deciding and answering happen in operations/.',
      severity: 'error',
      from: { path: `${products}/([^/]+)/store/`, pathNot: tests },
      to: {
        path: '^(apps|packages|node_modules)/',
        pathNot: [`${products}/$1/(store|domain)/`, `${server}/platform/db/`, `${server}/kernel/`],
      },
    },
    {
      name: 'operations-use-their-own-rooms',
      comment:
        'An operation ties together contract, http/route and http/call, its own rooms, platform and kernel; another product is reached by its index.ts.',
      severity: 'error',
      from: { path: `${products}/([^/]+)/operations/`, pathNot: tests },
      to: {
        path: '^(apps|packages|node_modules)/',
        pathNot: [
          '^packages/contract/',
          `${server}/http/(route|call)[.]ts$`,
          `${products}/$1/${rooms}/`,
          `${server}/(platform|kernel)/`,
          `${products}/[^/]+/index[.]ts$`,
          `${server}/core/index[.]ts$`,
        ],
      },
    },
    {
      name: 'tasks-use-their-own-rooms',
      comment:
        'A task has no request: it may use its own rooms, platform and kernel, and other products by their index.ts, but not http.',
      severity: 'error',
      from: { path: `${products}/([^/]+)/tasks/`, pathNot: tests },
      to: {
        path: '^(apps|packages|node_modules)/',
        pathNot: [
          '^packages/contract/',
          `${products}/$1/${rooms}/`,
          `${server}/(platform|kernel)/`,
          `${products}/[^/]+/index[.]ts$`,
          `${server}/core/index[.]ts$`,
        ],
      },
    },
    {
      name: 'product-doors-open-own-rooms',
      comment:
        "A product's index.ts shows what the product offers, so it may import nothing but its own rooms and what operations may.",
      severity: 'error',
      from: { path: `${products}/([^/]+)/index[.]ts$` },
      to: {
        path: '^(apps|packages|node_modules)/',
        pathNot: [
          '^packages/contract/',
          `${server}/http/(route|call)[.]ts$`,
          `${products}/$1/${rooms}/`,
          `${server}/(platform|kernel)/`,
        ],
      },
    },
    {
      name: 'products-have-one-door',
      comment: "A product's rooms are its own business. Import its index.ts, and export there what you need.",
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: [...tests, `${products}/`] },
      to: { path: `${products}/[^/]+/${rooms}/` },
    },
    {
      name: 'core-knows-no-products',
      comment: 'The core port is built on platform and kernel only, so that a connector can take its place.',
      severity: 'error',
      from: { path: `${server}/core/`, pathNot: tests },
      to: { path: '^(apps|packages|node_modules)/', pathNot: [`${server}/(core|platform|kernel)/`] },
    },
    {
      name: 'platform-knows-no-business',
      comment: 'The platform serves every product and knows none: it may use the kernel and npm packages.',
      severity: 'error',
      from: { path: `${server}/platform/`, pathNot: tests },
      to: { path: '^(apps|packages)/', pathNot: [`${server}/(platform|kernel)/`] },
    },
    {
      name: 'http-knows-no-products',
      comment: 'The edge turns requests into calls for any operation: it may use contract, kernel, platform and npm packages.',
      severity: 'error',
      from: { path: `${server}/http/`, pathNot: tests },
      to: { path: '^(apps|packages)/', pathNot: ['^packages/contract/', `${server}/(http|platform|kernel)/`] },
    },
    {
      name: 'cli-uses-sdk-contract-and-server',
      comment: 'The command is a client of the SDK and a starter of the server; nothing else of the repository is in it.',
      severity: 'error',
      from: { path: '^packages/cli/', pathNot: tests },
      to: { path: '^(apps|packages)/', pathNot: ['^packages/(cli|sdk|contract)/', '^apps/server/src/'] },
    },
    {
      name: 'composition-root-is-on-top',
      comment:
        'app.ts with its parts.ts, routes.ts and jobs.ts, serve.ts, open-platform.ts and main.ts put everything together. Whoever imports them imports everything: only tests and the command may.',
      severity: 'error',
      from: { path: '^(apps|packages)/', pathNot: [...tests, '^packages/cli/', `${server}/(main|serve|app|routes|jobs)[.]ts$`] },
      to: { path: `${server}/(app|parts|routes|jobs|main|serve|open-platform)[.]ts$` },
    },
    {
      name: 'settings-are-handed-down',
      comment:
        'Settings are read once, when the server starts, and handed to whoever needs one, so that tests and readers see every input of a module.',
      severity: 'error',
      from: {
        path: '^(apps|packages)/',
        pathNot: [...tests, '^packages/cli/', `${server}/(app|main|serve|open-platform)[.]ts$`],
      },
      to: { path: `${server}/config[.]ts$` },
    },
  ],
  options: {
    // Dependency-cruiser cannot read TypeScript 7's compiler; with another parser it would silently see no module.
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
