import type { OwnEvent } from '../../kernel/own-event.ts';
import type { Write } from './unit-of-work.ts';

/** Tells the alerts of something, in the transaction in which it happens: both are there, or neither. */
export type PublishEvent = (write: Write, event: OwnEvent) => Promise<void>;
