import type { Tx } from '../../../platform/db/database.ts';
import type { AdditionalInfo, Comparator, JsonMembers } from '../domain/condition.ts';

/** The columns of `additionalInfo`, which both tables of preferences have. */
export interface ConditionColumns {
  readonly comparator: Comparator | null;
  readonly threshold_minor: bigint | null;
  readonly currency_code: string | null;
  readonly other_info: JsonMembers;
}

export function toConditionColumns(tx: Tx, { condition, others }: AdditionalInfo) {
  return {
    comparator: condition.comparator ?? null,
    threshold_minor: condition.thresholdMinor === undefined ? null : String(condition.thresholdMinor),
    currency_code: condition.currencyCode ?? null,
    other_info: tx.json(others),
  };
}

export function fromConditionColumns(row: ConditionColumns): AdditionalInfo {
  return {
    condition: {
      comparator: row.comparator ?? undefined,
      thresholdMinor: row.threshold_minor ?? undefined,
      currencyCode: row.currency_code ?? undefined,
    },
    others: row.other_info,
  };
}
