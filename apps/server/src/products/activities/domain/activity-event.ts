/** Keys of a row whose values come from the details of the activity, where its kind says so. */
export const detailAttributes = [
  'channel',
  'errorcode',
  'errormessage',
  'source',
  'reqctx_featurename',
  'reqctx_homeid',
  'reqctx_locale',
  'reqctx_onbehalfof',
  'reqctx_region',
  'reqctx_sessionid',
  'reqctx_useragent',
  'reqctx_userproduct',
  'type',
  'action',
  'amount',
  'fee',
  'memo',
  'nickname',
  'payeeid',
  'payeename',
  'payeehold',
  'payeecount',
  'paymentid',
  'paymentdate',
  'paymenttiming',
  'transactiontype',
  'confno',
  'fromaccount',
  'fromaccounttype',
  'accountnumber',
  'accounttype',
  'routingnumber',
  'achcompanyid',
  'taxidname',
  'businessname',
  'comment',
  'trnuid',
] as const;

export type DetailAttribute = (typeof detailAttributes)[number];

/** A detail that is shown: its name in the log, or that of an amount in minor units, which is shown with its decimals. */
export type ShownDetail = string | { readonly minorUnits: string };

/** How the search shows a kind of activity (contract sheet "Transactions and Banking Activities", section 12). */
export interface ActivityEvent {
  /** `login`, `transfer` and so on. */
  readonly eventId: string;
  /** For the filter eventType only: what users and applications did, or what the institution did to itself. */
  readonly eventType: 'user' | 'system';
  readonly result: 'Success' | 'Failure';
  /** Which details of the row are shown, by the key that shows them; no other detail ever leaves. */
  readonly shows: Readonly<Partial<Record<DetailAttribute, ShownDetail>>>;
}

/** Every kind of activity, by its name in the log. */
export type ActivityEvents = Readonly<Record<string, ActivityEvent>>;
