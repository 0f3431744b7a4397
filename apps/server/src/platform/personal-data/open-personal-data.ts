import type { PersonalDataBox, SealedPlace } from '../../kernel/personal-data.ts';
import type { Sql, Tx } from '../db/database.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { loadInstitutionKeys, makeMissingKeys } from './data-key-rows.ts';
import { blindIndexWith, type InstitutionKeys, openWith, sealWith, unreadable } from './institution-keys.ts';

/** Seals and opens personal data with keys that are unwrapped once and then kept in memory. */
export interface PersonalData extends PersonalDataBox {
  /** Reads the keys of an institution, and makes those that it lacks. Called before a transaction that seals. */
  prepare(institutionId: string): Promise<void>;
  /** Seals where there is no transaction: keys that the institution lacks are made in one of its own. */
  sealAlone(place: SealedPlace, text: string): Promise<Buffer>;
  /** Seals in a transaction that nobody has prepared: keys that the institution lacks are made in it. */
  sealIn(tx: Tx, place: SealedPlace, text: string): Promise<Buffer>;
  /** The same for many values of one institution; good until the transaction ends. */
  sealerIn(tx: Tx, institutionId: string): Promise<PersonalDataBox['seal']>;
  /** Forgets the keys of an institution and reads them again: some were made, retired or destroyed. */
  reload(institutionId: string): Promise<void>;
}

export function openPersonalData(sql: Sql, keyRing: KeyRing): PersonalData {
  const known = new Map<string, InstitutionKeys>();

  const load = async (institutionId: string): Promise<InstitutionKeys> => {
    const keys = await loadInstitutionKeys(sql, keyRing, institutionId);
    known.set(institutionId, keys);
    return keys;
  };
  const inMemory = (institutionId: string): InstitutionKeys => {
    const keys = known.get(institutionId);
    if (keys === undefined)
      throw new Error(`The keys of institution ${institutionId} are not loaded: prepare it before the transaction.`);
    return keys;
  };

  const getComplete = async (institutionId: string): Promise<InstitutionKeys> => {
    const keys = known.get(institutionId) ?? (await load(institutionId));
    if (isComplete(keys)) return keys;
    await sql.begin((tx) => makeMissingKeys(tx, keyRing, institutionId));
    return load(institutionId);
  };
  const getCompleteIn = async (tx: Tx, institutionId: string): Promise<InstitutionKeys> => {
    const kept = known.get(institutionId);
    if (kept !== undefined && isComplete(kept)) return kept;
    const keys = await loadInstitutionKeys(tx, keyRing, institutionId);
    if (isComplete(keys)) {
      // Keys of this very transaction are not kept: when it fails, they never were.
      if (keys.isSettled) known.set(institutionId, keys);
      return keys;
    }
    await makeMissingKeys(tx, keyRing, institutionId);
    return loadInstitutionKeys(tx, keyRing, institutionId);
  };

  return {
    prepare: async (institutionId) => void (await getComplete(institutionId)),
    reload: async (institutionId) => {
      // An institution that nobody asked for is read when somebody does.
      if (!known.has(institutionId)) return;
      known.delete(institutionId);
      await load(institutionId);
    },
    seal: (place, text) => sealWith(inMemory(place.institutionId), place, text),
    sealAlone: async (place, text) => sealWith(await getComplete(place.institutionId), place, text),
    sealIn: async (tx, place, text) => sealWith(await getCompleteIn(tx, place.institutionId), place, text),
    sealerIn: async (tx, institutionId) => {
      const keys = await getCompleteIn(tx, institutionId);
      return (place, text) => sealWith(keys, place, text);
    },
    open: async (place, sealed) => {
      if (sealed === null) return undefined;
      const keys = known.get(place.institutionId) ?? (await load(place.institutionId));
      const opened = openWith(keys, place, sealed);
      if (opened.kind !== 'unknown-key') return opened.kind === 'text' ? opened.text : undefined;
      const again = openWith(await load(place.institutionId), place, sealed);
      if (again.kind === 'unknown-key') throw unreadable(place);
      return again.kind === 'text' ? again.text : undefined;
    },
    blindIndex: (institutionId, purpose, text) => blindIndexWith(inMemory(institutionId), institutionId, purpose, text),
  };
}

/**
 * A box for one transaction, which makes the keys that the institution lacks in that same transaction. Nobody may keep
 * it: when the transaction fails, its keys never were.
 */
export async function personalDataIn(tx: Tx, keyRing: KeyRing, institutionId: string): Promise<PersonalDataBox> {
  await makeMissingKeys(tx, keyRing, institutionId);
  const keys = await loadInstitutionKeys(tx, keyRing, institutionId);
  return {
    seal: (place, text) => sealWith(keys, place, text),
    open: async (place, sealed) => {
      const opened = sealed === null ? undefined : openWith(keys, place, sealed);
      return opened?.kind === 'text' ? opened.text : undefined;
    },
    blindIndex: (_institutionId, purpose, text) => blindIndexWith(keys, institutionId, purpose, text),
  };
}

function isComplete(keys: InstitutionKeys): boolean {
  return keys.current !== undefined && keys.index !== undefined;
}
