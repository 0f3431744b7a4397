import { readdir, readFile } from 'node:fs/promises';

/** The clock of proc(5) ticks a hundred times a second on every Linux. */
const tickUs = 10_000;

/**
 * Processor time that a process and its children have had so far, microseconds; those that have ended count by what the
 * process knows of them. NaN where there is no /proc.
 */
export async function processTreeTimeUs(processId: number): Promise<number> {
  const stats = await Promise.all((await readdir('/proc').catch(() => [])).filter(isNumber).map(readStat));
  let ticks = Number.NaN;
  for (const stat of stats) {
    if (stat === undefined || (stat.processId !== processId && stat.parentId !== processId)) continue;
    ticks = (Number.isNaN(ticks) ? 0 : ticks) + stat.ownTicks + (stat.processId === processId ? stat.endedChildrenTicks : 0);
  }
  return ticks * tickUs;
}

function isNumber(name: string): boolean {
  return /^[0-9]+$/u.test(name);
}

async function readStat(processId: string) {
  const text = await readFile(`/proc/${processId}/stat`, 'utf8').catch(() => '');
  // The name of the program stands in brackets and may hold anything.
  const [, parent, ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (parent === undefined) return undefined;
  const [user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = rest.slice(9, 13).map(Number);
  return {
    processId: Number(processId),
    parentId: Number(parent),
    ownTicks: user + system,
    endedChildrenTicks: childrenUser + childrenSystem,
  };
}
