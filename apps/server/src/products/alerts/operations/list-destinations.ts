import { listDestinations as operation } from '@openbranch/contract/alerts/destination-operations';
import { route } from '../../../http/route.ts';
import { listDestinations } from '../store/alert-destinations.ts';
import { toDestinationsAnswer } from './destinations-answer.ts';
import { findDestinationOwner } from './find-destination-owner.ts';

/** L26: where the messages of an application go. */
export const listDestinationsRoute = route(operation).handle(async (call) => {
  const owner = await findDestinationOwner(call);
  if (!owner.ok) throw call.error(owner.refusal);
  const destinations = await listDestinations(call.sql, owner.value);
  return destinations.length === 0 ? undefined : toDestinationsAnswer(call.institution, destinations);
});
