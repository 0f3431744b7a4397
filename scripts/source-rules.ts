import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const vagueNames = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'misc', 'manager', 'base', 'shared']);
const rooms = new Set(['operations', 'domain', 'store', 'tasks', 'index.ts', 'README.md']);
const products = 'apps/server/src/products';
const doors = /^apps\/server\/src\/(core|products\/[^/]+)\/index\.ts$/;
const passedOver = /(^|\/)(node_modules|dist|coverage|\.[^/]+)(\/|$)/;

type TextRule = { readonly in: RegExp; readonly finds: RegExp; readonly says: string };

/** What a text may not hold, beyond what the linter and the import rules see. */
const textRules: readonly TextRule[] = [
  {
    in: /^apps\/server\/src\/(kernel|products\/[^/]+\/domain)\/.*(?<!\.test)\.ts$/,
    finds: /\b(Date\.now|Math\.random|performance\.now|randomUUID|process\.|setTimeout|setInterval|fetch)\b|\bnew Date\(\)/,
    says: 'is pure: time, randomness and I/O come in as arguments',
  },
  {
    in: /^apps\/server\/src\/products\/[^/]+\/store\/.*(?<!\.test)\.ts$/,
    finds: /\bnow\(\)|\b(current_timestamp|clock_timestamp)\b/i,
    says: "takes the time as a parameter: the database's clock is not the institution's",
  },
  {
    in: /\.(ts|tsx|mjs)$/,
    finds: /biome[-]ignore|@ts[-](ignore|nocheck)/,
    says: 'switches a check off: mend what the check found',
  },
];

/**
 * Holds names, folders, texts and tables of a tree against the rules of this repository.
 *
 * @returns one line a problem, beginning with the file
 */
export function findSourceProblems(root: string): string[] {
  const files = ['apps', 'packages', 'bench', 'scripts', 'docs'].flatMap((folder) => listFiles(root, folder));
  return [
    ...files.flatMap(nameProblems),
    ...files.flatMap((file) => textProblems(root, file)),
    ...files.filter((file) => file.endsWith('.sql')).flatMap((file) => tableProblems(root, file)),
    ...roomProblems(root),
  ];
}

function listFiles(root: string, folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const found = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = found.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
  return files.filter((file) => !passedOver.test(file)).sort();
}

function nameProblems(file: string): string[] {
  const vague = file.split('/').find((segment) => vagueNames.has(segment.replace(/\..*$/, '')));
  const problems = vague === undefined ? [] : [`${file}: "${vague}" says nothing; name it after the one thing it holds`];
  const isBarrel = /(^|\/)index\.tsx?$/.test(file) && !doors.test(file);
  return isBarrel ? [...problems, `${file}: only a product and the core have an index.ts; import the file itself`] : problems;
}

function textProblems(root: string, file: string): string[] {
  const rules = textRules.filter((rule) => rule.in.test(file));
  if (rules.length === 0) return [];
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    // A comment may name what the code may not use; only the rule against switched-off checks reads comments.
    const code = line.replace(/^\s*(\/\/|\/?\*).*|\s\/\/ .*/, '');
    const broken = rules.filter((rule) => rule.finds.test(rule.says.startsWith('switches') ? line : code));
    return broken.map((rule) => `${file}:${index + 1}: ${rule.says}`);
  });
}

/** Every tenant table's primary key starts with institution_id, so that the schema can be distributed by it. */
function tableProblems(root: string, file: string): string[] {
  const sql = readFileSync(join(root, file), 'utf8').replace(/--.*/g, '');
  return [...sql.matchAll(/create\s+table\s+(?:if\s+not\s+exists\s+)?([\w.]+)\s*\(([\s\S]*?)\n\)/gi)].flatMap(
    ([, table = '', body = '']) => {
      const isTenants = /^\s*institution_id\s+text\s+not\s+null/im.test(body);
      const key = /primary\s+key\s*\(\s*(\w+)/i.exec(body)?.[1];
      return isTenants && key !== 'institution_id'
        ? [`${file}: the primary key of ${table} does not start with institution_id`]
        : [];
    },
  );
}

function roomProblems(root: string): string[] {
  if (!existsSync(join(root, products))) return [];
  return readdirSync(join(root, products)).flatMap((product) => {
    const entries = readdirSync(join(root, products, product));
    const strange = entries.filter((entry) => !rooms.has(entry));
    const missing = ['index.ts', 'README.md'].filter((entry) => !entries.includes(entry));
    return [
      ...strange.map(
        (entry) =>
          `${products}/${product}/${entry}: a product has operations/, domain/, store/, tasks/, index.ts and README.md only`,
      ),
      ...missing.map((entry) => `${products}/${product}: ${entry} is missing`),
    ];
  });
}
