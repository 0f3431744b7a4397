import type { Core } from '../port.ts';

export const saveTerms: Core['saveTerms'] = async (tx, institutionId, accountKey, terms) => {
  await tx`
    update accounts
    set interest_due_minor = coalesce(${terms.interestDueMinor ?? null}, interest_due_minor),
      fees_due_minor = coalesce(${terms.feesDueMinor ?? null}, fees_due_minor),
      pay_off_minor = coalesce(${terms.payOffMinor ?? null}, pay_off_minor),
      last_principal_minor = coalesce(${terms.lastPrincipalMinor ?? null}, last_principal_minor),
      eligible_this_year_minor = coalesce(${terms.eligibleThisYearMinor ?? null}, eligible_this_year_minor),
      eligible_last_year_minor = coalesce(${terms.eligibleLastYearMinor ?? null}, eligible_last_year_minor),
      closed_on = coalesce(${terms.closedOn ?? null}, closed_on)
    where institution_id = ${institutionId} and account_key = ${accountKey}`;
};
