import { getInstitutionUser } from '@openbranch/contract/customers/institution-user-operations';
import { type Route, route } from '../../../http/route.ts';
import { isTrue } from '../../../kernel/flag.ts';
import type { CustomersParts } from './customers-parts.ts';
import { describeInstitutionUser } from './describe-institution-user.ts';
import { findAddressedUser } from './find-addressed-user.ts';
import { userRulesOf } from './institution-user-answer.ts';
import { readExpand } from './read-expand.ts';

/** U6: an institution user, with contact methods, postal addresses and sub-users on demand. */
export function getInstitutionUserRoute({ personalData }: Pick<CustomersParts, 'personalData'>): Route {
  return route(getInstitutionUser).handle(async (call) => {
    const { principal, sql, query } = call;
    const expanded = readExpand(query.$expand, 'v1', principal);
    if (!expanded.ok) throw call.error(expanded.refusal);
    const showsBillPay = isTrue(query.retrieveBillPayCredentials);
    if (showsBillPay && !principal.scopes.has('institution-users-billpay:read')) throw call.error('scopeMissing');
    const idType = query.userIdType ?? 'INSTITUTION_USER_ID';
    const found = await findAddressedUser(sql, principal, idType, call.params.institutionUserId);
    if (!found.ok) throw call.error(found.refusal);
    const answer = await describeInstitutionUser({
      ...userRulesOf(call),
      sql,
      box: personalData,
      user: found.value,
      expanded: expanded.value,
      showsBillPay,
    });
    if (!answer.ok) throw call.error(answer.refusal);
    return answer.value;
  });
}
