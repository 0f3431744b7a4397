import type { Core } from '../../../core/index.ts';
import type { Institution } from '../../../kernel/institution.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { isPassCodeOf } from '../domain/recipient-validation.ts';
import type { TransferInput } from '../domain/transfer-input.ts';
import type { TransferRequest } from '../domain/transfer-request.ts';

type LaterRequest = Extract<TransferRequest, { readonly route: 'validate-recipient' | 'institution' }>;

export type LaterRefusal =
  | 'recipientTransfersOff'
  | 'recipientTypeInvalid'
  | 'recipientPassCodeWrong'
  | 'typeInvalid'
  | 'institutionSourceOff'
  | 'institutionTargetOff'
  | 'institutionAccountInvalid';

/**
 * Kinds that are known and not offered yet. They answer what is wrong with them, as they always will; where nothing is,
 * the kind itself is refused.
 */
export async function refuseLaterKind(
  core: Pick<Core, 'findAccountByNumber' | 'findMember'>,
  sql: Sql,
  { institutionId, policies: { moneyMovement } }: Institution,
  request: LaterRequest,
  { recipientAccountType, recipientPassCode }: TransferInput,
): Promise<LaterRefusal> {
  if (request.route === 'institution') {
    if (moneyMovement.institutionAccountTypes.includes(request.type)) return 'institutionAccountInvalid';
    return request.side === 'source' ? 'institutionSourceOff' : 'institutionTargetOff';
  }
  if (!moneyMovement.hasRecipientTransfers) return 'recipientTransfersOff';
  const [account, member] = await Promise.all([
    core.findAccountByNumber(sql, institutionId, request.accountNumber),
    core.findMember(sql, institutionId, request.memberNumber),
  ]);
  if (account === undefined || recipientAccountType !== String(account.fiAccountType)) return 'recipientTypeInvalid';
  if (member === undefined || !isPassCodeOf(member.lastName, recipientPassCode)) return 'recipientPassCodeWrong';
  return 'typeInvalid';
}
