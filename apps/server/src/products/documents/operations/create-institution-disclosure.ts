import { createInstitutionDisclosure } from '@openbranch/contract/documents/disclosure-operations';
import { route } from '../../../http/route.ts';
import { decideDisclosureData, toDisclosureName } from '../domain/disclosure.ts';
import { definitionHash } from '../store/disclosure-evidence.ts';
import { insertDisclosure } from '../store/institution-disclosures.ts';
import { toDisclosureAnswer } from './disclosure-answer.ts';
import { newRowId } from './record-decisions.ts';

/** D2: adds a disclosure. What customers must accept is the institution's to say, so a token of a customer is refused. */
export const createInstitutionDisclosureRoute = route(createInstitutionDisclosure).handle(async (call) => {
  const { body, principal } = call;
  const { institutionId } = call.institution;
  if (principal.user !== undefined) throw call.error('notAuthorised');
  const data = decideDisclosureData(body.institutionDisclosureData, body.institutionDisclosureDataType);
  if (!data.ok) throw call.error(data.refusal);
  if (body.institutionDisclosureId !== undefined || (body.institutionId ?? institutionId) !== institutionId)
    throw call.error('fieldsMissingOrInvalid');
  const disclosure = {
    institutionDisclosureId: newRowId(),
    name: toDisclosureName(body.institutionDisclosureName),
    data: data.value,
    isEnabled: body.institutionDisclosureStatus ?? false,
    version: 1,
    content: undefined,
  };
  await call.write(async (write) => {
    if (!(await insertDisclosure(write.sql, institutionId, disclosure))) throw call.error('fieldsMissingOrInvalid');
    const { institutionDisclosureId, name, isEnabled, version } = disclosure;
    const textHash = definitionHash(disclosure).toString('hex');
    await write.audit('disclosure_created', { details: { institutionDisclosureId, name, isEnabled, version, textHash } });
  });
  return toDisclosureAnswer(institutionId, disclosure);
});
