import { getAccountStatementPreference } from '@openbranch/contract/documents/e-statement-operations';
import { type Route, route } from '../../../http/route.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { findAccountOfUser } from '../../accounts/index.ts';
import { statementDecisions } from '../domain/statement-preference.ts';
import { listDecisions } from '../store/user-disclosures.ts';
import type { DocumentsParts } from './documents-parts.ts';
import { findStatementUser, toRetailDecider } from './find-statement-user.ts';

/** E1: what a user has decided about the statements of an account; nothing of an account that is not the user's. */
export function getAccountStatementPreferenceRoute({ core, ids }: DocumentsParts): Route {
  return route(getAccountStatementPreference).handle(async (call) => {
    const { institution, sql } = call;
    const { institutionId, timeZone } = institution;
    const { accountId } = call.params;
    const found = await findStatementUser(sql, call.principal, call.query);
    if (!found.ok) throw call.error(found.refusal);
    if (!institution.policies.statements.multiStatement) throw call.error('multiStatementOff');
    const user = found.value;
    const key = ids.decode('account', institutionId, accountId);
    const [account, rows] = await Promise.all([
      key === undefined ? undefined : findAccountOfUser(core, sql, user, key.accountKey),
      listDecisions(sql, toRetailDecider(user)),
    ]);
    if (account === undefined) return { institutionUserDisclosures: [] };
    const isLower = call.switchOf(institution, 'est.user_id_case') === 'lower';
    return {
      institutionUserDisclosures: statementDecisions(rows).ofAccounts.flatMap((row) => {
        const { paperWaiver, status } = row;
        if (row.accountId !== accountId || paperWaiver === undefined) return [];
        return [
          {
            id: row.institutionUserDisclosureId,
            institutionId,
            institutionUserId: isLower ? row.institutionUserId.toLowerCase() : row.institutionUserId,
            accountId,
            paperWaiver,
            institutionDisclosureName: 'OLS' as const,
            institutionDisclosureId: row.disclosure.institutionDisclosureId,
            institutionDisclosureStatus: status === 'ACCEPTED' ? ('ACCEPTED' as const) : ('NOT_ACCEPTED' as const),
            institutionUserDisclosureStatusUpdateDateTime: toInstitutionDateTime(row.statusAt, timeZone),
          },
        ];
      }),
    };
  });
}
