import { sandboxErrors } from '../errors/sandbox.ts';
import { family } from '../family.ts';

/** Control of the sandbox: header x-sandbox-key, no trace header. */
export const sandboxFamily = family({
  name: 'SBX',
  title: 'Sandbox control',
  authentication: 'sandbox-key',
  edition: 'none',
  checks: 'open-calls',
  trace: undefined,
  envelope: 'code-message',
  errors: sandboxErrors,
  failures: {
    authorizationMissing: 'keyInvalid',
    headersTooLong: 'requestInvalid',
    notPrintableAscii: 'requestInvalid',
    mediaTypeInvalid: 'bodyInvalid',
    bodyTooLarge: 'bodyTooLarge',
    bodyInvalid: 'bodyInvalid',
    pathInvalid: 'pathInvalid',
    queryInvalid: 'requestInvalid',
    unexpected: 'unexpected',
  },
});
