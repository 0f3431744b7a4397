import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { renderTable } from './render-table.ts';

/** The functions of a processor profile of Node (`--cpu-prof`) in which most time went by itself. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  /** Microseconds since the sample before. */
  readonly timeDeltas: readonly number[];
}

const { values, positionals } = parseArgs({ allowPositionals: true, options: { top: { type: 'string', default: '30' } } });
const [file] = positionals;
if (file === undefined) throw new Error('Usage: node bench/summarise-profile.ts FILE.cpuprofile [--top 30]');
const profile: Profile = JSON.parse(await readFile(file, 'utf8'));

const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
const microseconds = new Map<string, number>();
for (const [index, id] of profile.samples.entries()) {
  const name = names.get(id) ?? '';
  if (name !== '(idle)') microseconds.set(name, (microseconds.get(name) ?? 0) + (profile.timeDeltas[index] ?? 0));
}
const total = [...microseconds.values()].reduce((sum, value) => sum + value, 0);
const top = [...microseconds].sort(([, left], [, right]) => right - left).slice(0, Number(values.top));
console.log(
  renderTable(
    ['function', 'share of busy time'],
    top.map(([name, value]) => [name, `${((value / total) * 100).toFixed(1)} %`]),
  ),
);

function nameOf({ functionName, url, lineNumber }: Profile['nodes'][number]['callFrame']): string {
  const place = url === '' ? '' : ` ${url.replace(/^file:\/\/|^.*\/node_modules\//g, '')}:${lineNumber + 1}`;
  return `${functionName === '' ? '(anonymous)' : functionName}${place}`;
}
