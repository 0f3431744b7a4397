import type { Sql } from '@openbranch/server/platform/db/database';
import { createRunWrite } from '@openbranch/server/platform/transactions/unit-of-work';

/** For `expireHolds` in tests of the books alone: at a time of the test, and nobody is told. */
export function quietExpiry(sql: Sql, now: Date) {
  return {
    clock: { now: () => now },
    runWrite: createRunWrite(sql, { apply: async () => undefined }),
    onGivenBack: async () => undefined,
  };
}
