import type { SwitchKey } from './switches.ts';

/**
 * A family is the set of operations that share an edition of the wire: the same token, trace header, error envelope and
 * code for every generic failure. It is data. A new family is a new object, never new code.
 *
 * Source: contract sheet "Conventions", sections 3 to 6.
 */

/** How errors look on the wire (Conventions section 6). */
export type Envelope =
  /** E1: `{"code":"CMN_90007","message":"…"}` */
  | 'code-message'
  /** E2: `{"status":400,"message":"…","code":"UXU_10006"}` */
  | 'status-message-code'
  /** E4: the XML `Status` document of the V1 products. */
  | 'legacy-status'
  /** E6: the XML of E1, `<ErrorResponse><code/><message/></ErrorResponse>`. */
  | 'error-response';

/** L raised by live rules, C by configuration, F only by fault injection, R reserved. */
export type ErrorKind = 'L' | 'C' | 'F' | 'R';

export interface ErrorRow {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly kind: ErrorKind;
  /** Where a row does not follow its family: quota and spike refusals look the same everywhere (Conventions section 5). */
  readonly envelope?: Envelope;
  /** E4 only. */
  readonly type?: 'USER_ERROR' | 'SYSTEM_ERROR' | 'APP_ERROR';
}

export type ErrorTable = Readonly<Record<string, ErrorRow>>;

/** Failures that the edge finds by itself, before a handler runs or when one breaks. */
export type Failure =
  | 'authorizationMissing'
  | 'authorizationMalformed'
  | 'tokenInvalid'
  | 'tokenExpired'
  /** The institution of the token is switched off; a token that is not valid where a family does not tell. */
  | 'institutionOff'
  | 'scopeMissing'
  | 'clientInvalid'
  | 'clientDisabled'
  | 'addressBlocked'
  /** The application may no longer act for the institution of its token; where a family does not list it, the token is invalid. */
  | 'institutionNotAllowed'
  | 'spikeExceeded'
  | 'quotaExceeded'
  | 'traceMissing'
  | 'traceMalformed'
  | 'headersTooLong'
  | 'notPrintableAscii'
  | 'callingAppIdInvalid'
  | 'originatingIpInvalid'
  | 'institutionMismatch'
  /** The institution in the path is not that of the token. */
  | 'pathInstitutionMismatch'
  /** The customer in the path is not that of the token. */
  | 'pathCustomerMismatch'
  /** The token is that of a customer, and the operation takes only those of applications. */
  | 'userTokenRefused'
  /** The caller takes no form of compression that the answer can have. */
  | 'acceptEncodingInvalid'
  | 'mediaTypeInvalid'
  /** Something other than JSON is sent, or JSON is not accepted, where nothing else is spoken. */
  | 'notJson'
  | 'bodyTooLarge'
  /** Nothing was sent where a body is needed; without a row of its own it is an invalid body. */
  | 'bodyMissing'
  | 'bodyInvalid'
  /** These are `bodyInvalid` to a family that does not tell them apart. */
  | 'bodyMissing'
  | 'bodyUnreadable'
  | 'bodyNotPrintableAscii'
  | 'fieldTooLong'
  | 'pathInvalid'
  | 'queryInvalid'
  | 'replayInFlight'
  | 'overloaded'
  | 'unavailable'
  | 'unexpected';

export interface TraceRule {
  readonly header: 'transactionId' | 'correlationId' | 'di_tid';
  /** `uuid`: a canonical UUID. `text`: 1 to 64 printable ASCII characters. */
  readonly form: 'uuid' | 'text';
  readonly isRequired: boolean;
}

/** Which request header carries the proof of who calls. */
export type Authentication = 'basic' | 'bearer' | 'sandbox-key' | 'none';

/** The order in which the edge checks a request (Conventions section 3); the first failure wins. */
export type CheckOrder =
  /** Token calls: header size, ASCII, trace, client, address, limits, media type. */
  | 'client-calls'
  /** JSON products: bearer, limits, scope, trace, header lengths, ASCII, media type and size. */
  | 'bearer-calls'
  /** V1 products: bearer, limits, institution of the path, trace, header lengths, ASCII. */
  | 'legacy-bearer-calls'
  /** No trace header and no token: only size and ASCII. */
  | 'open-calls';

/** Another form of some rows, in force while a switch of the institution has this value. */
export interface ErrorVariant<Errors extends ErrorTable = ErrorTable> {
  readonly switchKey: SwitchKey;
  readonly value: string | boolean;
  readonly rows: { readonly [Name in keyof Errors]?: Partial<ErrorRow> };
}

export interface Family<Errors extends ErrorTable = ErrorTable> {
  readonly name: string;
  readonly title: string;
  readonly authentication: Authentication;
  /** Which kind of access token opens it; `none` where no bearer token is taken. */
  readonly edition: 'v1' | 'v2' | 'none';
  readonly checks: CheckOrder;
  /** Calls with the keys of an application: what the application must be allowed, and where it names the institution. */
  readonly clientCall?: {
    readonly product: 'authentication' | 'legacy-authentication';
    readonly institutionHeader: 'institutionId' | 'di_fiid';
  };
  readonly trace: TraceRule | undefined;
  readonly envelope: Envelope;
  /** Errors are JSON for whoever accepts that, while switch `legacy.json` is on. */
  readonly hasJsonTwin?: boolean;
  /** Errors are the XML of E6 for whoever prefers that (header Accept). */
  readonly hasXmlTwin?: boolean;
  readonly errors: Errors;
  /** A failure that is not listed cannot happen in this family, or is not looked at by it. */
  readonly failures: Readonly<Partial<Record<Failure, keyof Errors & string>> & Record<'unexpected', keyof Errors & string>>;
  readonly variants?: readonly ErrorVariant<Errors>[];
}

/** Declares a family and keeps its literal type; the names in `failures` must be rows of `errors`. */
export function family<const F extends Family>(
  definition: F & { readonly failures: Readonly<Partial<Record<Failure, keyof F['errors'] & string>>> },
): F {
  return definition;
}
