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
  'disclosures.unauthorised_http': {
    register: 'CR-55',
    topic: 'HTTP status of a call on disclosures that the token does not allow',
    values: ['401', '403'],
    defaultValue: '401',
  },
  'disclosures.delete_by_id': {
    register: 'DI-1',
    topic: 'what can be deleted by its id: custom disclosures and online statements, those of accounts only, or all',
    values: ['custom and OLS', 'account-level OLS', 'any'],
    defaultValue: 'custom and OLS',
  },
  'disclosures.create_answer': {
    register: 'DI-2',
    topic: 'answer to the acceptance of a disclosure: empty with 204, or the list of the user with 200',
    values: ['204', '200'],
    defaultValue: '204',
  },
  'est.auth_http': {
    register: 'CR-56',
    topic: 'HTTP status of a call on e-statements without a good token',
    values: ['400', '401'],
    defaultValue: '400',
  },
  'est.preference_answer': {
    register: 'CR-57',
    topic: 'status of the empty answer to a changed statement preference of an account',
    values: ['204', '200'],
    defaultValue: '204',
  },
  'est.report_all': {
    register: 'CR-58',
    topic: 'the report on e-statements without a customerId is about every retail customer, else it is refused',
    values: [false, true],
    defaultValue: false,
  },
  'est.user_preferences': {
    register: 'DI-5',
    topic:
      'statement preferences of all accounts at once: for every institution, or only where statements are chosen for the user',
    values: ['always', 'multi_statement_off'],
    defaultValue: 'always',
  },
  'est.report_wrapper': {
    register: 'DI-6',
    topic: 'member that holds the records of the report on e-statements; statementReports says Yes and No',
    values: ['statementOptInReport', 'StatementOptInReport', 'statementReports'],
    defaultValue: 'statementOptInReport',
  },
  'est.report_account_number': {
    register: 'DI-8',
    topic: 'type of accountNumber in the report on e-statements',
    values: ['string', 'number'],
    defaultValue: 'string',
  },
  'est.user_id_case': {
    register: 'DI-10',
    topic: 'institutionUserId of statement preferences: in lower case, or in capitals as everywhere else',
    values: ['lower', 'upper'],
    defaultValue: 'lower',
  },
  'images.format': {
    register: 'CR-62',
    topic: 'format of cheques and deposits; TIFF has type UNKNOWN, because the published list lacks it',
    values: ['JPEG', 'PNG', 'TIFF'],
    defaultValue: 'JPEG',
  },
  'images.list_data': {
    register: 'CR-63',
    topic: 'lists of images hold the files, or only what is known of them',
    values: ['include', 'omit'],
    defaultValue: 'include',
  },
  'images.identifier_matching': {
    register: 'BIS-S3',
    topic: 'an imageIdentifier alone finds the transaction of an image',
    values: [true, false],
    defaultValue: true,
  },
  'images.account_number': {
    register: 'BIS-S4',
    topic: 'accountNumber of images: masked without scope accounts:read_unmasked, or plain',
    values: ['masked', 'plain'],
    defaultValue: 'masked',
  },
  'images.empty_statements': {
    register: 'BIS-S5',
    topic: 'no statement in the range: 204, or an empty list with warning BIS_20002',
    values: ['204', '200'],
    defaultValue: '204',
  },
  'images.not_accepted_http': {
    register: 'BIS-S6',
    topic: 'HTTP status while online statements are not accepted',
    values: ['400', '401'],
    defaultValue: '400',
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
  'activities.accept_encoding': {
    register: undefined,
    topic: 'Accept-Encoding of the activity search: one allowed name in a list is enough, or it must be an allowed name',
    values: ['lenient', 'strict'],
    defaultValue: 'lenient',
  },
  'activities.negative_criteria': {
    register: undefined,
    topic: 'criteria notEqual and like of the activity search',
    values: ['supported', 'rejected'],
    defaultValue: 'supported',
  },
  'activities.scope_http': {
    register: 'CR-60',
    topic: 'a missing scope at the activity search: 403 BAS_10101, or 400 BAS_10103',
    values: ['403', '400'],
    defaultValue: '403',
  },
  'activities.look_back_days': {
    register: undefined,
    topic: 'days that the activity search looks back, and its longest window',
    values: ['90', '93'],
    defaultValue: '90',
  },
  'accounts.by_id_user': {
    register: 'ACC-S1',
    topic:
      'an account by its id, asked for with the token of an application that names no user: as its owner sees it, or refused',
    values: ['owner', 'strict'],
    defaultValue: 'owner',
  },
  'accounts.contribution_fields': {
    register: 'ACC-S2',
    topic: 'accounts that show contribution amounts',
    values: ['retirement', 'none', 'all'],
    defaultValue: 'retirement',
  },
  'accounts.mask': {
    register: 'ACC-S3',
    topic: 'masked account numbers: the last characters, or an asterisk before them',
    values: ['last4', 'star-last4'],
    defaultValue: 'last4',
  },
  'accounts.format': {
    register: 'ACC-S4',
    topic: 'accounts are answered as JSON only, or as XML to whoever accepts that',
    values: ['json', 'json_or_xml'],
    defaultValue: 'json',
  },
  'accounts.not_entitled': {
    register: 'ACC-S5',
    topic: "HTTP status of an account that is not the user's",
    values: ['404', '403'],
    defaultValue: '404',
  },
  'accounts.regd_element': {
    register: 'ACC-S6',
    topic: 'name of the V1 element with regulation D limits: as in the sample, or as in the schema',
    values: ['sample', 'schema'],
    defaultValue: 'sample',
  },
  'accounts.legacy_error_type': {
    register: 'ACC-S7',
    topic: 'errorType of an unknown customer of V1 accounts: as in the example, or as in the table',
    values: ['example', 'table'],
    defaultValue: 'example',
  },
  'accounts.no_authorization': {
    register: 'ACC-S8',
    topic: 'code of a call on accounts without Authorization; the institution is known by header institutionId',
    values: ['product', 'gateway'],
    defaultValue: 'product',
  },
  'transactions.links': {
    register: 'TXN-S2',
    topic: 'links to other pages of transactions: paging only, or with all parameters',
    values: ['vendor', 'full'],
    defaultValue: 'vendor',
  },
  'transactions.location': {
    register: 'TXN-S3',
    topic: 'user of a business who names no location: refused, or the one location of the account',
    values: ['required', 'derive'],
    defaultValue: 'required',
  },
  'transactions.wrapper': {
    register: 'TXN-S4',
    topic: 'transactions are answered in an object, or as a bare array',
    values: ['object', 'array'],
    defaultValue: 'object',
  },
  'transactions.range_date': {
    register: 'TXN-S5',
    topic: 'date of a transaction that must be in the range',
    values: ['transactionDate', 'effectiveDate'],
    defaultValue: 'transactionDate',
  },
  'transactions.unknown_account': {
    register: 'TXN-S6',
    topic: 'transactions of an account that is unknown: 400 TXN_10007, or 404 TXN_90000',
    values: ['400', '404'],
    defaultValue: '400',
  },
  'recipients.list_key': {
    register: 'MM-S2',
    topic: 'member that holds the list of recipients',
    values: ['recipients', 'Recipients', 'both'],
    defaultValue: 'recipients',
  },
  'recipients.single_form': {
    register: 'MM-S3',
    topic: 'an answer with one recipient is a list of one, or the recipient itself',
    values: ['list', 'bare'],
    defaultValue: 'list',
  },
  'recipients.mask': {
    register: 'MM-S4',
    topic: 'passcode and account number of recipients are answered masked',
    values: [false, true],
    defaultValue: false,
  },
  'recipients.validate': {
    register: 'MM-S5',
    topic: 'a validated recipient is saved: when it has a nickname, always, or never',
    values: ['save if nickName', 'always save', 'never save'],
    defaultValue: 'save if nickName',
  },
  'recipients.passcode': {
    register: 'MM-S8',
    topic: 'passcode of a recipient that is saved without validation',
    values: ['optional', 'required'],
    defaultValue: 'optional',
  },
  'recipients.nickname_max': {
    register: 'MM-S11',
    topic: 'longest nickname of a recipient',
    values: ['40', '20', '21', '22', '32', '64'],
    defaultValue: '40',
  },
  'transfer.recipient_scope': {
    register: 'MM-S1',
    topic: 'scope recipients:read for a transfer to a recipient',
    values: ['needed', 'not needed'],
    defaultValue: 'needed',
  },
  'transfer.from_holder': {
    register: 'MM-S7',
    topic: "fromAccountHolderId of a retail user: required, or the user's own when it is absent",
    values: ['required', 'take own'],
    defaultValue: 'required',
  },
  'transfer.payoff_option': {
    register: 'CR-69, MM-S9',
    topic: 'payment option PAY_IN_FULL_AND_CLOSE, which is not in the published list',
    values: ['accepted', 'refused'],
    defaultValue: 'accepted',
  },
  'transfer.undocumented': {
    register: 'MM-S10',
    topic: 'type, additionalInfo, transactionAmounts and testTransfer, which the published schema lacks',
    values: [true, false],
    defaultValue: true,
  },
  'schedule.first_weekday': {
    register: 'MM-S6',
    topic: 'day that dayOfWeek 1 means',
    values: ['Monday', 'Sunday'],
    defaultValue: 'Monday',
  },
  'schedule.business_days': {
    register: undefined,
    topic: 'scheduled transfers that fall on a weekend or a bank holiday run on the next business day',
    values: [false, true],
    defaultValue: false,
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
