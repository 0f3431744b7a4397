import type { listDestinations } from '@openbranch/contract/alerts/destination-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import type { BoundDestination } from '../domain/destination.ts';

export function toDestinationsAnswer(
  { timeZone }: Institution,
  destinations: readonly BoundDestination[],
): NonNullable<AnswerOf<typeof listDestinations>> {
  return {
    destination: destinations.map((one) => ({
      id: one.contactMethodId,
      protocol: one.protocol,
      ...(one.countryCode === undefined ? {} : { telephoneCountryCode: one.countryCode }),
      contactInfo: one.contactInfo,
      activated: one.isActivated,
      primary: one.isPrimary,
      enrolledDateTime: toInstitutionDateTime(one.enrolledAt, timeZone),
    })),
  };
}
