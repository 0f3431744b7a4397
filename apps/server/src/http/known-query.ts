import type { Operation } from '@openbranch/contract/operation';

/** What of a query the operation lists. */
export interface KnownQuery {
  readonly members: Record<never, never>;
  /** True when the caller sent other names too, which are ignored (Conventions section 9). */
  readonly hasOthers: boolean;
}

/** Made once for an operation. A query in which all names are listed is taken as it is; only others cost a copy. */
export function createReadQuery({ id, query }: Operation): (sent: unknown) => KnownQuery {
  const properties: unknown = query === undefined ? {} : Reflect.get(query, 'properties');
  if (typeof properties !== 'object' || properties === null) throw new Error(`The query of ${id} lists no names.`);
  const listed = new Set(Object.keys(properties));
  return (sent) => {
    if (typeof sent !== 'object' || sent === null) return { members: {}, hasOthers: false };
    if (Object.keys(sent).every((name) => listed.has(name))) return { members: sent, hasOthers: false };
    return { members: Object.fromEntries(Object.entries(sent).filter(([name]) => listed.has(name))), hasOthers: true };
  };
}
