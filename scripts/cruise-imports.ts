import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import extractDepcruiseOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

type Violation = { readonly rule: string; readonly from: string; readonly to: string; readonly reason: string };

export type ImportReport = {
  /** The files of our own that were read. */
  readonly seen: readonly string[];
  /** The TypeScript files on disk that were not read, so that no rule looked at them. */
  readonly unseen: readonly string[];
  readonly violations: readonly Violation[];
};

const folders = ['apps', 'packages'];
const rulesFile = join(import.meta.dirname, '..', '.dependency-cruiser.mjs');

/**
 * Reads every module of a tree that is laid out like this repository, and holds its imports against `.dependency-cruiser.mjs`.
 */
export async function cruiseImports(root: string): Promise<ImportReport> {
  const { enhancedResolveOptions, ...options } = await extractDepcruiseOptions(rulesFile);
  const { output } = await cruise(folders, { ...options, baseDir: root, outputType: 'json' }, { ...enhancedResolveOptions });
  if (typeof output !== 'string') throw new Error('dependency-cruiser answered something other than JSON.');
  return toReport(JSON.parse(output), listSources(root));
}

/** The names of the rules, in the order of the file. */
export async function importRules(): Promise<string[]> {
  const { ruleSet } = await extractDepcruiseOptions(rulesFile);
  return ruleSet?.forbidden?.map((rule) => rule.name ?? 'nameless') ?? [];
}

type CruiseOutput = {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly {
      readonly rule: { readonly name: string };
      readonly from: string;
      readonly to: string;
      readonly comment?: string;
      readonly cycle?: readonly { readonly name: string }[];
    }[];
    readonly ruleSetUsed?: { readonly forbidden?: readonly { readonly name: string; readonly comment?: string }[] };
  };
};

function toReport({ modules, summary }: CruiseOutput, sources: readonly string[]): ImportReport {
  const seen = new Set(modules.map((module) => module.source));
  const comments = new Map(summary.ruleSetUsed?.forbidden?.map((rule) => [rule.name, rule.comment]));
  return {
    seen: sources.filter((source) => seen.has(source)),
    unseen: sources.filter((source) => !seen.has(source)),
    violations: summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      from,
      to: cycle === undefined ? to : cycle.map((step) => step.name).join(' -> '),
      reason: comments.get(rule.name) ?? '',
    })),
  };
}

function listSources(root: string): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `${folder}/${path}`),
  );
  return files.filter((path) => /[.]tsx?$/.test(path) && !/(^|[/])(node_modules|dist)[/]/.test(path)).sort();
}
