import { listInstitutionDisclosures } from '@openbranch/contract/documents/disclosure-operations';
import { route } from '../../../http/route.ts';
import { listDisclosures } from '../store/institution-disclosures.ts';
import { toDisclosureAnswer } from './disclosure-answer.ts';

/** D1: the disclosures of the institution, enabled or not. */
export const listInstitutionDisclosuresRoute = route(listInstitutionDisclosures).handle(async (call) => {
  const { institutionId } = call.institution;
  const disclosures = await listDisclosures(call.sql, institutionId);
  return { institutionDisclosures: disclosures.map((one) => toDisclosureAnswer(institutionId, one)) };
});
