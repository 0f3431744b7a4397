import type { ErrorRow, Failure, Family } from './family.ts';
import type { Operation } from './operation.ts';

/** One refusal that an operation can answer. */
export interface AnswerableError {
  /** Name of the row in the table of the family. */
  readonly name: string;
  readonly row: ErrorRow;
  /** Failures of the edge that answer with this row; empty when only the handler raises it. */
  readonly failures: readonly Failure[];
  /** True when the handler of the operation can answer with it. */
  readonly isDeclared: boolean;
}

/** Every refusal that `operation` can answer, in the order of the table of its family. */
export function answerableErrors(operation: Operation): AnswerableError[] {
  const raised = listedFailures(operation.family).filter(([failure]) => canHappen[failure](operation));
  return Object.entries(operation.family.errors).flatMap(([name, row]) => {
    const failures = raised.filter(([, rowName]) => rowName === name).map(([failure]) => failure);
    const isDeclared = operation.errors.includes(name);
    return isDeclared || failures.length > 0 ? [{ name, row, failures, isDeclared }] : [];
  });
}

/** The failures that a family looks at, each with the name of the row that answers it. */
export function listedFailures(family: Family): [Failure, string][] {
  return Object.entries(family.failures).flatMap(([failure, name]): [Failure, string][] =>
    isFailure(failure) ? [[failure, name]] : [],
  );
}

function isFailure(name: string): name is Failure {
  return Object.hasOwn(canHappen, name);
}

const always = () => true;

/** To which operations of a family that lists it a failure can happen. */
const canHappen: Readonly<Record<Failure, (operation: Operation) => boolean>> = {
  authorizationMissing: always,
  authorizationMalformed: always,
  tokenInvalid: always,
  tokenExpired: always,
  institutionOff: always,
  scopeMissing: (operation) => operation.scopes.length > 0,
  clientInvalid: always,
  clientDisabled: always,
  addressBlocked: always,
  institutionNotAllowed: always,
  spikeExceeded: always,
  quotaExceeded: always,
  traceMissing: (operation) => operation.family.trace?.isRequired === true,
  traceMalformed: (operation) => operation.family.trace !== undefined,
  headersTooLong: always,
  notPrintableAscii: always,
  callingAppIdInvalid: always,
  originatingIpInvalid: always,
  institutionMismatch: always,
  pathInstitutionMismatch: always,
  pathCustomerMismatch: (operation) => operation.path.includes('{di_ficustomer}'),
  userTokenRefused: always,
  acceptEncodingInvalid: (operation) => operation.success.contentEncoding !== undefined,
  notJson: always,
  mediaTypeInvalid: (operation) => operation.bodyFormat !== undefined,
  bodyInvalid: (operation) => operation.bodyFormat !== undefined,
  bodyMissing: (operation) => operation.bodyFormat !== undefined && operation.isBodyOptional !== true,
  bodyUnreadable: (operation) => operation.bodyFormat !== undefined,
  bodyNotPrintableAscii: (operation) => operation.bodyFormat !== undefined,
  fieldTooLong: (operation) => operation.bodyFormat !== undefined,
  // A body that the operation does not take is read to its bound all the same; of a GET the announced length counts, in
  // families that look at what is sent.
  bodyTooLarge: (operation) => operation.method !== 'GET' || operation.family.failures.notJson !== undefined,
  pathInvalid: (operation) => operation.params !== undefined,
  queryInvalid: (operation) => operation.query !== undefined,
  replayInFlight: (operation) => operation.hasReplayGuard === true,
  // Only an operation that checks passwords can be too busy for it, and then it declares the row.
  overloaded: () => false,
  unavailable: always,
  unexpected: always,
};
