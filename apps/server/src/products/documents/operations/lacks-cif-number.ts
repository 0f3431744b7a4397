import type { Institution } from '../../../kernel/institution.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import { listReachedCustomers } from '../../customers/index.ts';
import type { FoundUser } from './find-deciding-user.ts';

interface CifCall {
  readonly institution: Institution;
  switchOf(institution: Institution, key: 'user.cif_number'): 'off' | 'required';
}

/** Where the core knows statements by CIF number, a customer without one can have none online. */
export async function lacksCifNumber(sql: Sql | Tx, call: CifCall, { user, institutionCustomerId }: FoundUser): Promise<boolean> {
  const { institution } = call;
  if (call.switchOf(institution, 'user.cif_number') === 'off') return false;
  const reached = await listReachedCustomers(sql, institution.institutionId, user.institutionUserId);
  const customer = reached.find(({ customerId }) => customerId === institutionCustomerId) ?? reached[0];
  return customer?.cifNumber === undefined;
}
