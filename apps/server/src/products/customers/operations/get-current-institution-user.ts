import { getCurrentInstitutionUser } from '@openbranch/contract/customers/institution-user-operations';
import { type Route, route } from '../../../http/route.ts';
import { isTrue } from '../../../kernel/flag.ts';
import { findUserById } from '../store/institution-users.ts';
import type { CustomersParts } from './customers-parts.ts';
import { describeInstitutionUser } from './describe-institution-user.ts';
import { userRulesOf } from './institution-user-answer.ts';
import { readExpand } from './read-expand.ts';

/** U7: the institution user who signed in. */
export function getCurrentInstitutionUserRoute({ personalData }: Pick<CustomersParts, 'personalData'>): Route {
  return route(getCurrentInstitutionUser).handle(async (call) => {
    const { institution, principal, sql, query } = call;
    const expanded = readExpand(query.$expand, 'v1', principal);
    if (!expanded.ok) throw call.error(expanded.refusal);
    const showsBillPay = isTrue(query.retrieveBillPayCredentials);
    if (showsBillPay && !principal.scopes.has('institution-users-billpay:read')) throw call.error('scopeMissing');
    if (principal.user === undefined) throw call.error('userNotCovered');
    const user = await findUserById(sql, institution.institutionId, principal.user.institutionUserId);
    if (user === undefined) throw call.error('userNotFound');
    const answer = await describeInstitutionUser({
      ...userRulesOf(call),
      sql,
      box: personalData,
      user,
      expanded: expanded.value,
      showsBillPay,
    });
    if (!answer.ok) throw call.error(answer.refusal);
    return answer.value;
  });
}
