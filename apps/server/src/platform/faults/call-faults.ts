import type { Sql } from '../db/database.ts';
import type { CallFault } from './call-fault.ts';
import { countCall, endCallFault, listCallFaults, listFaultyInstitutions } from './call-fault-rows.ts';

/** The armed faults of all institutions, in memory: a call asks the database only when it meets one that is counted. */
export interface CallFaults {
  /** False while no call of any institution can meet one. */
  isArmed(): boolean;
  /** The one that was armed first is the first. */
  of(institutionId: string): readonly CallFault[];
  /** @returns false when as many calls as were wished have met it. */
  take(fault: CallFault): Promise<boolean>;
  reload(institutionId: string): Promise<void>;
}

export async function openCallFaults(sql: Sql): Promise<CallFaults> {
  const armed = new Map<string, readonly CallFault[]>();
  // Of readings that overlap, the one that began last has seen the most, whenever its answer comes.
  let turns = 0;
  const readInTurn = new Map<string, number>();
  const reload = async (institutionId: string): Promise<void> => {
    turns += 1;
    const turn = turns;
    const faults = await listCallFaults(sql, institutionId);
    if ((readInTurn.get(institutionId) ?? 0) > turn) return;
    readInTurn.set(institutionId, turn);
    if (faults.length === 0) armed.delete(institutionId);
    else armed.set(institutionId, faults);
  };
  await Promise.all((await listFaultyInstitutions(sql)).map(reload));
  return {
    isArmed: () => armed.size > 0,
    of: (institutionId) => armed.get(institutionId) ?? [],
    take: async (fault) => {
      if (fault.remaining === undefined) return true;
      const left = await countCall(sql, fault);
      if (left === 0) {
        await endCallFault(sql, fault);
        await reload(fault.institutionId);
      }
      return left !== undefined;
    },
    reload,
  };
}
