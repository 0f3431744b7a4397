import type { Institution } from '../../../kernel/institution.ts';

/** What of a call says which institution is meant. */
interface InstitutionCall {
  readonly institution: Institution;
  header(name: string): string | undefined;
  error(name: 'institutionInvalid'): Error;
}

/** Header `fiid`, which some clients send, is another name of the institution of the token (`institutionId` was checked). */
export function assertInstitution(call: InstitutionCall): void {
  const named = call.header('fiid');
  if (named !== undefined && named !== call.institution.institutionId) throw call.error('institutionInvalid');
}
