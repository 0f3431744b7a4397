import { getInstitutionUserV2 } from '@openbranch/contract/customers/institution-user-operations';
import { type Route, route } from '../../../http/route.ts';
import type { CustomersParts } from './customers-parts.ts';
import { describeDocuments } from './describe-documents.ts';
import { describeInstitutionUser } from './describe-institution-user.ts';
import { findAddressedUser } from './find-addressed-user.ts';
import { userRulesOf } from './institution-user-answer.ts';
import { readExpand } from './read-expand.ts';

/** U8: as U6, and identification documents, encrypted to the key of the institution. */
export function getInstitutionUserV2Route({ personalData }: Pick<CustomersParts, 'personalData'>): Route {
  return route(getInstitutionUserV2).handle(async (call) => {
    const { principal, sql, query } = call;
    const expanded = readExpand(query.$expand, 'v2', principal);
    if (!expanded.ok) throw call.error(expanded.refusal);
    const idType = query.userIdType ?? 'INSTITUTION_USER_ID';
    const found = await findAddressedUser(sql, principal, idType, call.params.institutionUserId);
    if (!found.ok) throw call.error(found.refusal);
    const answer = await describeInstitutionUser({
      ...userRulesOf(call),
      sql,
      box: personalData,
      user: found.value,
      expanded: expanded.value,
      showsBillPay: false,
    });
    if (!answer.ok) throw call.error(answer.refusal);
    const segment = expanded.value.get('identificationDocuments');
    if (segment === undefined) return answer.value;
    const documents = await describeDocuments(sql, personalData, found.value, segment.filter);
    if (!documents.ok) throw call.error(documents.refusal);
    return { ...answer.value, identificationDocuments: documents.value };
  });
}
