/**
 * The scopes of the published API and what they open (contract sheet "Authentication", section 10).
 * Names are case-sensitive.
 */
export const scopes = {
  'accounts:read': 'Accounts of a customer',
  'accounts:read_unmasked': 'Full account numbers',
  'transactions:read': 'Transactions',
  'transactions:read_enriched': 'Enrichment of transactions',
  'images:read': 'Images of cheques, deposit slips and statements',
  'banking-activities:read': 'Search of the activity log',
  'institution-users:read': 'Profiles, contact methods and status of users',
  'institution-users:write': 'Unlock a user, send a passcode, change contact data',
  'institution-users:read_pii': 'Identification documents of users',
  'institution-users-billpay:read': 'Bill-pay credentials of users',
  'recipients:read': 'Recipients',
  'recipients:write': 'Create and change recipients',
  'recipients:delete': 'Delete recipients',
  'transfers:write': 'Transfers',
  'alertMgmt:read': 'Alert types and templates',
  'alertMgmt:write': 'Change alert types and templates',
  'alertPref:read': 'Alert preferences',
  'alertPref:write': 'Change alert preferences',
  'alertHist:read': 'Alert history',
  'alerts:publish': 'Publish events',
  'disclosures:read': 'Disclosures and who accepted them',
  'disclosures:write': 'Change disclosures and acceptances',
  'business-registrations:read': 'Business registrations',
  'business-registrations:write': 'Register a business',
  'business-profile:read': 'Business details, entitlements and limits',
  'ach-payments:read': 'ACH payments',
  'ach-payments:write': 'Send ACH payments',
  'wire-payments:read': 'Wire payments',
  'wire-payments:write': 'Send wire payments',
  'groups:read': 'Groups and their jobs',
  'groups:write': 'Change groups',
  'audience:read': 'User lists',
  'audience:write': 'Create user lists',
} as const satisfies Record<string, string>;

export type Scope = keyof typeof scopes;

/** The scope of that name; old pages write `disclosure:reads` for `disclosures:read` (CR-54). */
export function toScope(name: string): Scope | undefined {
  if (name === 'disclosure:reads') return 'disclosures:read';
  return isScope(name) ? name : undefined;
}

function isScope(name: string): name is Scope {
  return Object.hasOwn(scopes, name);
}
