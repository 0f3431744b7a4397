import type { Institution } from '../../../kernel/institution.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import type { SandboxParts } from './sandbox-parts.ts';

/** The times that a clock may be set to. */
const earliest = Date.parse('2000-01-01T00:00:00Z');
const latest = Date.parse('2100-01-01T00:00:00Z');

export function isClockTime(timeMs: number): boolean {
  return timeMs >= earliest && timeMs <= latest;
}

export function toClockAnswer({ institutions, clock }: SandboxParts, institution: Institution) {
  const current = institutions.find(institution.institutionId) ?? institution;
  return {
    institutionId: current.institutionId,
    now: toInstitutionDateTime(clock.now(current), current.timeZone),
    offsetSeconds: current.clockOffsetMs / 1000,
  };
}
