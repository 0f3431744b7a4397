/**
 * The contradiction register (contract sheet "Conventions", section 14): where public sources of the API disagree, we
 * ship one form and keep the other behind a switch of the institution. Only switches that change something are listed.
 */

export interface SwitchDefinition {
  /** Row of the register, e.g. `CR-37`; undefined for a switch that no contradiction stands behind. */
  readonly register: string | undefined;
  readonly topic: string;
  readonly values: readonly (string | boolean)[];
  readonly defaultValue: string | boolean;
}

export const switches = {
  'token.expires_number': {
    register: 'CR-03',
    topic: 'expires_in of V2 tokens is a JSON number',
    values: [false, true],
    defaultValue: false,
  },
  'token.v1.refresh_out': {
    register: 'CR-08',
    topic: 'V1 password grants answer a refresh token, which nothing accepts',
    values: [true, false],
    defaultValue: true,
  },
  'v1.user_agent': {
    register: 'CR-09',
    topic: 'header user-agent of V1 token calls',
    values: ['present', 'format', 'off'],
    defaultValue: 'present',
  },
  'token.v2.member_fields': {
    register: 'CR-10',
    topic: 'V2 password grants answer di_ficustomer and di_member_number',
    values: [true, false],
    defaultValue: true,
  },
  'v1.quota_code': {
    register: 'CR-14',
    topic: 'code of an exceeded quota on V1 calls',
    values: ['91000', '90001'],
    defaultValue: '91000',
  },
  'revoke.unknown': {
    register: 'CR-18',
    topic: 'revocation of an unknown token',
    values: ['reject', 'accept'],
    defaultValue: 'reject',
  },
  'login.charset_rule': {
    register: 'CR-19',
    topic: 'login names: letters alone are fine, or a letter and a digit are needed',
    values: ['operation', 'letter_and_digit'],
    defaultValue: 'operation',
  },
  'registration.disclosure_gate': {
    register: 'CR-21',
    topic: 'registration without acceptance of a required disclosure: refused, pending until accepted, or let through',
    values: ['reject', 'pend', 'off'],
    defaultValue: 'reject',
  },
  'registration.birthdate_plain': {
    register: undefined,
    topic: 'registration answers birthDate without the offset of the institution',
    values: [false, true],
    defaultValue: false,
  },
  'registration.collect_errors': {
    register: undefined,
    topic: 'registration answers every error of the input, not only the first',
    values: [false, true],
    defaultValue: false,
  },
  'registration.mask_ssn': {
    register: undefined,
    topic: 'registration answers only the last four digits of the SSN',
    values: [false, true],
    defaultValue: false,
  },
  'registration.max_destinations': {
    register: undefined,
    topic: 'destinations that a registration may make',
    values: ['10', '4', '20'],
    defaultValue: '10',
  },
  'registration.member_number': {
    register: undefined,
    topic: 'member number of a registration: required, or made when it is missing',
    values: ['required', 'generate'],
    defaultValue: 'required',
  },
  'registration.same_person': {
    register: undefined,
    topic: 'registration of the same SSN and birth date under another member number',
    values: ['allow', 'refuse'],
    defaultValue: 'allow',
  },
  'legacy.json': {
    register: 'CR-22',
    topic: 'V1 products answer JSON to whoever accepts it',
    values: [false, true],
    defaultValue: false,
  },
  'reset.email_otp': {
    register: 'CR-31',
    topic: 'passcodes can be sent to an e-mail address',
    values: [true, false],
    defaultValue: true,
  },
  'reset.api_sets_reset_flag': {
    register: undefined,
    topic: 'a passcode that was sent makes the user change the password before the next sign-in',
    values: [false, true],
    defaultValue: false,
  },
  'contact.mask': {
    register: 'CR-32',
    topic: 'phone numbers and e-mail addresses in the list of contact methods are masked',
    values: [false, true],
    defaultValue: false,
  },
  'uxu.sample_codes': {
    register: 'CR-33, CR-34, CR-36',
    topic: 'UXU codes as in the published samples instead of the tables',
    values: [false, true],
    defaultValue: false,
  },
  'unlock.not_locked': {
    register: 'CR-37',
    topic: 'unlock of a user who is not locked',
    values: ['reject', 'noop'],
    defaultValue: 'reject',
  },
  'user.fullname': {
    register: 'CR-38',
    topic: 'pattern of fullName',
    values: ['last, first middle', 'first, last middle'],
    defaultValue: 'last, first middle',
  },
  'isr.notfound_http': {
    register: 'CR-40',
    topic: 'HTTP status of an unknown user',
    values: ['404', '400'],
    defaultValue: '404',
  },
  'isr.flags': {
    register: 'CR-41',
    topic: 'registered and approved of an active user',
    values: ['left out while active', 'all true flags'],
    defaultValue: 'left out while active',
  },
  'legacy.xml_style': {
    register: 'CR-44',
    topic: 'XML of a legacy customer: plain child elements, or the prefixed form of old clients',
    values: ['1.11', 'jaxb'],
    defaultValue: '1.11',
  },
  'u1.portal_flags': {
    register: 'CR-47',
    topic: 'status flags of the customer profile',
    values: ['nine', 'eleven'],
    defaultValue: 'nine',
  },
  'quota.http': {
    register: 'CR-49',
    topic: 'HTTP status of quota and spike refusals',
    values: ['500', '429'],
    defaultValue: '500',
  },
  'alerts.existing_name': {
    register: 'AL-1',
    topic: 'create of an alert type, opt-in or template whose name exists: an empty 204, or 400 PRMSYS_10007',
    values: ['204', '400'],
    defaultValue: '204',
  },
  'alerts.publish_refusals': {
    register: 'CR-71',
    topic: 'status of refusals when an event is published',
    values: ['500', '400'],
    defaultValue: '500',
  },
  'alerts.content_missing': {
    register: 'AL-2',
    topic: 'status when there is no content of an alert for the criteria',
    values: ['500', '404'],
    defaultValue: '500',
  },
  'replay.strict': {
    register: undefined,
    topic: 'another body with a trace id that was used is refused, where the replay guard stands',
    values: [false, true],
    defaultValue: false,
  },
  'contact.require_host_address': {
    register: undefined,
    topic: 'a postal address can only be changed when the core has one',
    values: [false, true],
    defaultValue: false,
  },
  'user.always_dates': {
    register: undefined,
    topic: 'institution users show birthDate and registrationDateTime whatever is expanded',
    values: [false, true],
    defaultValue: false,
  },
  'user.cif_number': {
    register: undefined,
    topic: 'institution users show the CIF number of their customers, and one without is an error',
    values: ['off', 'required'],
    defaultValue: 'off',
  },
  'trace.strict_uuid': {
    register: undefined,
    topic: 'transactionId of resource calls must be a UUID',
    values: [false, true],
    defaultValue: false,
  },
  'debug.rules': {
    register: undefined,
    topic: 'answers name the rows of this register that decided them, in header x-rule',
    values: [false, true],
    defaultValue: false,
  },
} as const satisfies Record<string, SwitchDefinition>;

export type SwitchKey = keyof typeof switches;
export type SwitchValue<Key extends SwitchKey> = (typeof switches)[Key]['values'][number];
/** The switches of an institution that differ from the default. */
export type SwitchSettings = { readonly [Key in SwitchKey]?: SwitchValue<Key> };

export function isSwitchKey(key: string): key is SwitchKey {
  return Object.hasOwn(switches, key);
}

/** The value in force: the institution's own, else what we ship. */
export function switchValue<Key extends SwitchKey>(settings: SwitchSettings, key: Key): SwitchValue<Key> {
  return settings[key] ?? switches[key].defaultValue;
}
