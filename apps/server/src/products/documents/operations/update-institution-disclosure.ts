import { updateInstitutionDisclosure } from '@openbranch/contract/documents/disclosure-operations';
import { route } from '../../../http/route.ts';
import { decideDisclosureChange, decideDisclosureData, parseDisclosureId } from '../domain/disclosure.ts';
import { definitionHash } from '../store/disclosure-evidence.ts';
import { lockDisclosure, saveDisclosure } from '../store/institution-disclosures.ts';
import { toDisclosureAnswer } from './disclosure-answer.ts';

/** D3: replaces a disclosure. A new name or text is a new version; what was accepted keeps the old one. */
export const updateInstitutionDisclosureRoute = route(updateInstitutionDisclosure).handle(async (call) => {
  const { body, params, principal } = call;
  const { institutionId } = call.institution;
  if (principal.user !== undefined) throw call.error('notAuthorised');
  const data = decideDisclosureData(body.institutionDisclosureData, body.institutionDisclosureDataType);
  if (!data.ok) throw call.error(data.refusal);
  if ((body.institutionId ?? institutionId) !== institutionId) throw call.error('fieldsMissingOrInvalid');
  const id = parseDisclosureId(body.institutionDisclosureId);
  if (id === undefined || params.institutionDisclosureId.toUpperCase() !== id) throw call.error('idsDiffer');
  return call.write(async (write) => {
    const known = await lockDisclosure(write.sql, institutionId, id);
    if (known === undefined) throw call.error('disclosureUnsupported');
    const changed = decideDisclosureChange(known, {
      name: body.institutionDisclosureName,
      data: data.value,
      isEnabled: body.institutionDisclosureStatus ?? false,
    });
    if (!(await saveDisclosure(write.sql, institutionId, changed))) throw call.error('fieldsMissingOrInvalid');
    const { name, isEnabled, version } = changed;
    const textHash = definitionHash(changed).toString('hex');
    const details = { institutionDisclosureId: id, name, isEnabled, wasEnabled: known.isEnabled, version, textHash };
    await write.audit('disclosure_updated', { details });
    return toDisclosureAnswer(institutionId, changed);
  });
});
