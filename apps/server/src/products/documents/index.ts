import type { Route } from '../../http/route.ts';
import { createInstitutionDisclosureRoute } from './operations/create-institution-disclosure.ts';
import { createStatementOptInReportRoute } from './operations/create-statement-opt-in-report.ts';
import { createUserDisclosureRoute } from './operations/create-user-disclosure.ts';
import { deleteUserDisclosureRoute } from './operations/delete-user-disclosure.ts';
import { deleteUserDisclosureByIdRoute } from './operations/delete-user-disclosure-by-id.ts';
import type { DocumentsParts } from './operations/documents-parts.ts';
import { getAccountStatementPreferenceRoute } from './operations/get-account-statement-preference.ts';
import { getBankingImageRoute } from './operations/get-banking-image.ts';
import { listBankingImagesRoute } from './operations/list-banking-images.ts';
import { listInstitutionDisclosuresRoute } from './operations/list-institution-disclosures.ts';
import { listUserDisclosuresRoute } from './operations/list-user-disclosures.ts';
import { updateAccountStatementPreferenceRoute } from './operations/update-account-statement-preference.ts';
import { updateInstitutionDisclosureRoute } from './operations/update-institution-disclosure.ts';
import { updateUserDisclosureRoute } from './operations/update-user-disclosure.ts';
import { updateUserDisclosureByIdRoute } from './operations/update-user-disclosure-by-id.ts';
import { updateUserStatementPreferencesRoute } from './operations/update-user-statement-preferences.ts';

export type { Disclosure } from './domain/disclosure.ts';
export type { UserDisclosure } from './domain/user-disclosure.ts';
export { listRequiredDisclosures, recordAcceptances } from './operations/record-acceptances.ts';
export { insertEvidence } from './store/disclosure-evidence.ts';
export { insertDisclosure } from './store/institution-disclosures.ts';
export { saveDecisions } from './store/user-disclosures.ts';
export { fetchDisclosureTexts } from './tasks/fetch-disclosure-texts.ts';

export function documentsRoutes(parts: DocumentsParts): readonly Route[] {
  return [
    listInstitutionDisclosuresRoute,
    createInstitutionDisclosureRoute,
    updateInstitutionDisclosureRoute,
    listUserDisclosuresRoute,
    createUserDisclosureRoute(parts),
    updateUserDisclosureRoute(parts),
    updateUserDisclosureByIdRoute(parts),
    deleteUserDisclosureRoute(parts),
    deleteUserDisclosureByIdRoute,
    getAccountStatementPreferenceRoute(parts),
    updateAccountStatementPreferenceRoute(parts),
    updateUserStatementPreferencesRoute(parts),
    createStatementOptInReportRoute(parts),
    listBankingImagesRoute(parts),
    getBankingImageRoute(parts),
  ];
}
