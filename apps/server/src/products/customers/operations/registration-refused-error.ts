import type { registerCustomer } from '@openbranch/contract/customers/registration-operations';
import type { ErrorNameOf } from '@openbranch/contract/operation';

export type RegistrationErrorName = ErrorNameOf<typeof registerCustomer>;

export interface RegistrationErrorDetails {
  readonly detail?: string;
  readonly others?: readonly RegistrationErrorName[];
}

/** Ends the transaction of a registration; the operation writes it down and answers the error. */
export class RegistrationRefusedError extends Error {
  override readonly name = 'RegistrationRefusedError';
  readonly refusal: RegistrationErrorName;
  readonly details: RegistrationErrorDetails;

  constructor(refusal: RegistrationErrorName, details: RegistrationErrorDetails = {}) {
    super(`refused: ${refusal}`);
    this.refusal = refusal;
    this.details = details;
  }
}
