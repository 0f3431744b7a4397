import type { Route } from '../../http/route.ts';
import type { AlertsParts } from './operations/alerts-parts.ts';
import { createAlertPreferenceRoute } from './operations/create-alert-preference.ts';
import { createAlertTemplateRoute } from './operations/create-alert-template.ts';
import { createAlertTypeRoute } from './operations/create-alert-type.ts';
import { createDestinationsRoute } from './operations/create-destinations.ts';
import { createInstitutionAlertPreferenceRoute } from './operations/create-institution-alert-preference.ts';
import { createInstitutionAlertTypeRoute } from './operations/create-institution-alert-type.ts';
import { createSubscriptionRoute } from './operations/create-subscription.ts';
import { deleteAlertPreferenceRoute } from './operations/delete-alert-preference.ts';
import { deleteAlertTemplateRoute } from './operations/delete-alert-template.ts';
import { deleteAlertTypeRoute } from './operations/delete-alert-type.ts';
import { deleteDestinationRoute } from './operations/delete-destination.ts';
import { deleteDestinationsRoute } from './operations/delete-destinations.ts';
import { deleteInstitutionAlertPreferenceRoute } from './operations/delete-institution-alert-preference.ts';
import { deleteInstitutionAlertTypeRoute } from './operations/delete-institution-alert-type.ts';
import { deleteSubscriptionRoute } from './operations/delete-subscription.ts';
import { explainAlertEventRoute } from './operations/explain-alert-event.ts';
import { getAlertHistoryContentRoute } from './operations/get-alert-history-content.ts';
import { getAlertPreferenceRoute } from './operations/get-alert-preference.ts';
import { getSubscriptionRoute } from './operations/get-subscription.ts';
import { listAlertHistoryRoute } from './operations/list-alert-history.ts';
import { listAlertPreferencesRoute } from './operations/list-alert-preferences.ts';
import { listAlertTemplatesRoute } from './operations/list-alert-templates.ts';
import { listAlertTypesRoute } from './operations/list-alert-types.ts';
import { listCustomerSubscriptionsRoute } from './operations/list-customer-subscriptions.ts';
import { listDestinationsRoute } from './operations/list-destinations.ts';
import { listInstitutionAlertPreferencesRoute } from './operations/list-institution-alert-preferences.ts';
import { listInstitutionAlertTypesRoute } from './operations/list-institution-alert-types.ts';
import { listInstitutionSubscriptionsRoute } from './operations/list-institution-subscriptions.ts';
import { previewAlertTemplateRoute } from './operations/preview-alert-template.ts';
import { publishAlertEventRoute } from './operations/publish-alert-event.ts';
import { sendCustomerEventRoute } from './operations/send-customer-event.ts';
import { setAlertReadFlagRoute } from './operations/set-alert-read-flag.ts';
import { simulateAlertEventRoute } from './operations/simulate-alert-event.ts';
import { updateAlertPreferenceRoute } from './operations/update-alert-preference.ts';
import { updateAlertTemplateRoute } from './operations/update-alert-template.ts';
import { updateAlertTypeRoute } from './operations/update-alert-type.ts';
import { updateDestinationsRoute } from './operations/update-destinations.ts';
import { updateInstitutionAlertPreferenceRoute } from './operations/update-institution-alert-preference.ts';
import { updateInstitutionAlertTypeRoute } from './operations/update-institution-alert-type.ts';
import { updateSubscriptionRoute } from './operations/update-subscription.ts';

export { createPublishEvent } from './operations/publish-event.ts';
export { deleteAlertData, plantAlertCatalogue } from './store/alert-data.ts';
export { bindContactMethods, bindDefaultDestinations } from './store/alert-destinations.ts';
export { createAcceptCollector } from './tasks/accept-collector.ts';
export { type AlertCatalogues, createAlertCatalogues } from './tasks/alert-catalogues.ts';
export { createAlertPipeline } from './tasks/alert-pipeline.ts';
export { deleteOldAlerts } from './tasks/delete-old-alerts.ts';
export { createEventBox } from './tasks/event-box.ts';
export { createRecordDeliveryEnds } from './tasks/record-delivery-ends.ts';

export function alertsRoutes(parts: AlertsParts): readonly Route[] {
  return [
    listAlertTypesRoute,
    createAlertTypeRoute,
    updateAlertTypeRoute,
    deleteAlertTypeRoute,
    listInstitutionAlertTypesRoute,
    createInstitutionAlertTypeRoute,
    updateInstitutionAlertTypeRoute,
    deleteInstitutionAlertTypeRoute,
    listAlertTemplatesRoute,
    createAlertTemplateRoute,
    updateAlertTemplateRoute,
    deleteAlertTemplateRoute,
    previewAlertTemplateRoute,
    listInstitutionAlertPreferencesRoute,
    createInstitutionAlertPreferenceRoute,
    updateInstitutionAlertPreferenceRoute,
    deleteInstitutionAlertPreferenceRoute,
    listAlertPreferencesRoute,
    createAlertPreferenceRoute(parts),
    getAlertPreferenceRoute,
    updateAlertPreferenceRoute(parts),
    deleteAlertPreferenceRoute(parts),
    listDestinationsRoute,
    createDestinationsRoute(parts),
    updateDestinationsRoute(parts),
    deleteDestinationsRoute(parts),
    deleteDestinationRoute(parts),
    listCustomerSubscriptionsRoute,
    createSubscriptionRoute,
    updateSubscriptionRoute,
    getSubscriptionRoute,
    deleteSubscriptionRoute,
    listInstitutionSubscriptionsRoute,
    sendCustomerEventRoute(parts),
    publishAlertEventRoute(parts),
    explainAlertEventRoute,
    simulateAlertEventRoute(parts),
    listAlertHistoryRoute(parts),
    getAlertHistoryContentRoute(parts),
    setAlertReadFlagRoute,
  ];
}
