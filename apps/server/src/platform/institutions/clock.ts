import type { Institution } from '../../kernel/institution.ts';

/** The only source of time for business rules: an institution's clock, which the sandbox can move. */
export interface Clock {
  now(institution: Institution): Date;
}

export const systemClock: Clock = {
  now: (institution) => new Date(Date.now() + institution.clockOffsetMs),
};
