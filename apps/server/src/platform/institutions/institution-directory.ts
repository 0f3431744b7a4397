import type { Institution } from '../../kernel/institution.ts';
import { parsePolicies } from '../../kernel/policies.ts';
import type { Sql } from '../db/database.ts';

/** All institutions in memory: they are few, and every request needs one. The change feed says when to read again. */
export interface InstitutionDirectory {
  find(institutionId: string): Institution | undefined;
  all(): readonly Institution[];
  /** Reads one institution again, or all. */
  reload(institutionId?: string): Promise<void>;
}

interface InstitutionRow {
  readonly institution_id: string;
  readonly name: string;
  readonly time_zone: string;
  readonly is_active: boolean;
  readonly clock_offset_ms: bigint;
  readonly policies: unknown;
  readonly switches: Readonly<Record<string, string | boolean>>;
}

export async function openInstitutionDirectory(sql: Sql): Promise<InstitutionDirectory> {
  const institutions = new Map<string, Institution>();
  // Of readings that overlap, the one that began last has seen the most, whenever its answer comes.
  let turns = 0;
  const readInTurn = new Map<string, number>();
  const reload = async (institutionId?: string): Promise<void> => {
    turns += 1;
    const turn = turns;
    const rows = await sql<InstitutionRow[]>`
      select institution_id, name, time_zone, is_active, clock_offset_ms, policies, switches
      from institutions ${institutionId === undefined ? sql`` : sql`where institution_id = ${institutionId}`}`;
    for (const row of rows) {
      if ((readInTurn.get(row.institution_id) ?? 0) > turn) continue;
      readInTurn.set(row.institution_id, turn);
      institutions.set(row.institution_id, toInstitution(row));
    }
  };
  await reload();
  return {
    find: (institutionId) => institutions.get(institutionId),
    all: () => [...institutions.values()],
    reload,
  };
}

function toInstitution(row: InstitutionRow): Institution {
  return {
    institutionId: row.institution_id,
    name: row.name,
    timeZone: row.time_zone,
    isActive: row.is_active,
    clockOffsetMs: Number(row.clock_offset_ms),
    policies: parsePolicies(row.policies),
    switches: row.switches,
  };
}
