import { formatPercent, formatSpread, isSteady, median, ratios } from './figures.ts';
import type { Measured } from './measure-interleaved.ts';
import { renderTable } from './render-table.ts';
import type { LoadedServer } from './to-contender.ts';

/** How much of another contender's rate ours should have. */
export interface Goal {
  readonly against: string;
  /** 0.85 is 85 %. */
  readonly least: number;
}

export interface Comparison {
  readonly ours: string;
  readonly unit: string;
  readonly measured: Measured;
  readonly goals: readonly Goal[];
  /** Those of the measured that have further columns. */
  readonly servers: readonly LoadedServer[];
}

/** The table of a benchmark, and a line for each goal. */
export async function renderComparison({ ours, unit, measured, goals, servers }: Comparison): Promise<string> {
  const columns = new Map<string, Readonly<Record<string, string>>>();
  for (const server of servers) columns.set(server.name, await server.columns());
  const further = Object.keys(columns.get(ours) ?? {});
  const own = measured.get(ours) ?? [];
  const heads = ['', `${unit}: median (least to most)`, `${ours} against it`, 'round by round', ...further];
  const rows = [...measured].map(([name, values]) => {
    const shares = ratios(own, values);
    const compared = name === ours ? ['', ''] : [formatPercent(median(shares)), shares.map(formatPercent).join(', ')];
    return [name, formatSpread(values), ...compared, ...further.map((head) => columns.get(name)?.[head] ?? '')];
  });
  const verdicts = goals.map((goal) => verdictOn(goal, own, measured.get(goal.against) ?? []));
  return [renderTable(heads, rows), '', ...verdicts].join('\n');
}

function verdictOn({ against, least }: Goal, own: readonly number[], others: readonly number[]): string {
  const share = median(ratios(own, others));
  const isDecided = isSteady(own) && isSteady(others);
  const outcome = share >= least ? 'met' : 'MISSED';
  const verdict = isDecided ? outcome : 'NOT DECIDED, the rounds differ too much: run it on a quiet machine; at present';
  return `Goal ${formatPercent(least)} of ${against}: ${verdict}${isDecided ? ',' : ''} ${formatPercent(share)}.`;
}
