import { answerableErrors, listedFailures } from '../../packages/contract/src/answerable-errors.ts';
import type { ErrorKind, Failure, Family } from '../../packages/contract/src/family.ts';
import { gatewayFamily } from '../../packages/contract/src/identity/families.ts';
import { variantNotes } from '../../packages/contract/src/openapi-errors.ts';
import { operations } from '../../packages/contract/src/operations.ts';
import { operationsByProduct } from '../../packages/contract/src/products.ts';
import { unknownRoutes } from '../../packages/contract/src/unknown-routes.ts';
import { code, codes, page, table } from './markdown.ts';

const allOperations = operationsByProduct(operations).flatMap(([, members]) => members);

const kinds: Readonly<Record<ErrorKind, string>> = { L: 'live', C: 'configured', F: 'fault', R: 'reserved' };

/** docs/reference/errors.md */
export function errorsPage(): string {
  return page('Errors', 'packages/contract', [
    'Every refusal of the API, by family. The contract is the HTTP status and the code; the message is for people, except in the V1 token call, where clients match it.',
    'Kind: *live* is raised by the rules themselves, *configured* when the application is set up so, *fault* when something breaks, *reserved* by nothing yet. What *nothing by itself* raises is in the published tables and cannot happen here: a token without an institution, say, or an account without a number.',
    ...families().flatMap((family) => [
      `## ${family.name}: ${family.title}`,
      familyNote(family),
      table(['Code', 'HTTP', 'Message', 'Kind', 'Raised by', 'Switches'], errorRows(family)),
    ]),
  ]);
}

/** Every family once: those of operations first, then those that only answer unknown paths. */
function families(): Family[] {
  const all = [...allOperations.map((operation) => operation.family), ...unknownRoutes.map((route) => route.family)];
  return [...new Map(all.map((family) => [family.name, family])).values()];
}

function familyNote(family: Family): string {
  const members = allOperations.filter((operation) => operation.family.name === family.name);
  const uses = members.length === 0 ? 'Answers unknown paths only.' : `Operations: ${codes(members.map(({ id }) => id))}.`;
  const trace = family.trace === undefined ? 'No trace header.' : `Trace header: ${code(family.trace.header)}.`;
  return `${uses} ${trace} Envelope: ${code(family.envelope)}.`;
}

/** The rows that something raises, for a table may be wider than the operations of one family, and those that nothing ever does. */
function errorRows(family: Family): string[][] {
  return Object.entries(family.errors).flatMap(([name, row]) => {
    const raisers = raisedBy(family, name);
    if (raisers.length === 0 && row.kind !== 'F' && row.kind !== 'R') return [];
    const switches = variantNotes(family, name).join(' ');
    return [
      [code(row.code), String(row.status), row.message, kinds[row.kind], raisers.join('; ') || 'nothing by itself', switches],
    ];
  });
}

function raisedBy(family: Family, name: string): string[] {
  const members = allOperations.filter((operation) => operation.family.name === family.name);
  const answers = members.flatMap((operation) => answerableErrors(operation).map((error) => ({ operation, error })));
  const mine = answers.filter(({ error }) => error.name === name);
  const declaring = mine.filter(({ error }) => error.isDeclared).map(({ operation }) => code(operation.id));
  const failures = listedFailures(family)
    .filter(
      ([failure, row]) => row === name && (members.length === 0 || mine.some(({ error }) => error.failures.includes(failure))),
    )
    .map(([failure]) => failureWords[failure]);
  const routes = unknownRoutes.filter((route) => route.family.name === family.name && route.error === name);
  const gateway = family.name === gatewayFamily.name ? gatewayWords[name] : undefined;
  return [
    ...(declaring.length > 0 ? [declaring.join(', ')] : []),
    ...failures,
    ...routes.map((route) => `unknown path ${route.coversVerbs === true ? 'or method ' : ''}below ${codes(route.leads)}`),
    ...(gateway === undefined ? [] : [gateway]),
  ];
}

/** What the gateway refuses before it knows an operation. */
const gatewayWords: Readonly<Record<string, string>> = {
  methodNotAllowed: 'method that the path does not take',
  requestMalformed: 'request that is not HTTP',
};

const failureWords: Readonly<Record<Failure, string>> = {
  authorizationMissing: 'no proof of who calls',
  authorizationMalformed: 'Authorization of another form',
  tokenInvalid: 'token unknown, revoked or of the wrong kind',
  tokenExpired: 'token expired',
  institutionOff: 'institution of the token switched off',
  scopeMissing: 'scope missing',
  clientInvalid: 'keys of the application missing or wrong',
  clientDisabled: 'application disabled',
  addressBlocked: 'address of the caller not allowed',
  institutionNotAllowed: 'application no longer allowed for the institution of its token',
  spikeExceeded: 'too many calls in a second',
  quotaExceeded: 'quota used up',
  traceMissing: 'trace header missing',
  traceMalformed: 'trace header malformed',
  headersTooLong: 'headers too long',
  notPrintableAscii: 'characters outside printable ASCII',
  callingAppIdInvalid: 'callingAppId invalid',
  originatingIpInvalid: 'originating_ip invalid',
  pathInstitutionMismatch: 'the institution in the path is not that of the token',
  pathCustomerMismatch: 'the customer in the path is not that of the token',
  userTokenRefused: 'token of a customer, where only those of applications are taken',
  institutionMismatch: 'institutionId of another institution',
  acceptEncodingInvalid: 'Accept-Encoding not taken',
  notJson: 'body or Accept without JSON',
  mediaTypeInvalid: 'media type not taken',
  bodyTooLarge: 'body too large',
  bodyInvalid: 'body invalid',
  bodyMissing: 'no body',
  bodyUnreadable: 'body unreadable',
  bodyNotPrintableAscii: 'characters outside printable ASCII in the body',
  fieldTooLong: 'member of the body too long',
  pathInvalid: 'path value malformed',
  queryInvalid: 'query parameter invalid',
  replayInFlight: 'the same call is still running',
  overloaded: 'too many sign-ins at once',
  unavailable: 'database not reachable',
  unexpected: 'a failure of the service',
};
