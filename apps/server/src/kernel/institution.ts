import type { Policies } from './policies.ts';

/** A tenant. Everything that a request needs to know of its institution, held in memory by every process. */
export interface Institution {
  /** Five digits. */
  readonly institutionId: string;
  readonly name: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly isActive: boolean;
  /** Sandbox only: what is added to real time. */
  readonly clockOffsetMs: number;
  readonly policies: Policies;
  /** Switches of the contradiction register that differ from the default. */
  readonly switches: Readonly<Record<string, string | boolean>>;
}
