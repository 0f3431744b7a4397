import { randomBytes } from 'node:crypto';
import { createRecipient } from '@openbranch/contract/money-movement/recipient-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import type { Tx } from '../../../platform/db/database.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { UserReach } from '../../customers/index.ts';
import { findDuplicate, type RecipientDetails } from '../domain/recipient.ts';
import { decideNewRecipient, readRecipient } from '../domain/recipient-input.ts';
import type { RecoveryReason } from '../domain/recovery-hold.ts';
import { insertRecipient, listPayees, lockRecipientsOfUser } from '../store/recipients.ts';
import { checkRecoveryHold } from './check-recovery-hold.ts';
import { findRecipientUser } from './find-recipient-user.ts';
import { recordHeldRecipient } from './is-held-from-recipients.ts';
import { loadPayeeFacts, withDerivedFields } from './load-payee-facts.ts';
import type { MoneyMovementParts } from './money-movement-parts.ts';
import { toRecipientAnswer } from './recipient-answer.ts';
import { recipientRulesOf } from './recipient-rules.ts';
import { validatePayee } from './validate-payee.ts';

type CreateCall = Call<typeof createRecipient>;

/** More than anybody pays, and a bound of the list. */
const mostRecipients = 1000;

/** M2: saves a recipient, validates one, or both (contract sheet "Money movement", section 5). */
export function createRecipientRoute(parts: MoneyMovementParts): Route {
  return route(createRecipient).handle(async (call) => {
    const isValidated = readBoolean(call.query.validate);
    if (isValidated === undefined) throw call.error('queryInvalid');
    const user = await findRecipientUser(call.sql, call.principal, call.query);
    if (!user.ok) throw call.error(user.refusal);
    const wanted = { ...readInput(call, isValidated), isValidated };
    await parts.personalData.prepare(user.value.institutionId);
    const held: { reason?: RecoveryReason | undefined } = {};
    try {
      // What was answered before is answered again, whatever has become of hold, payee and sender since.
      return await call.write((write) => carryOut(call, parts, write, user.value, wanted, held));
    } catch (error) {
      if (held.reason !== undefined)
        await recordHeldRecipient(call, createRecipient.id, user.value.institutionUserId, held.reason);
      throw error;
    }
  });
}

interface Wanted {
  readonly details: RecipientDetails;
  readonly isSaved: boolean;
  readonly isValidated: boolean;
}

async function carryOut(
  call: CreateCall,
  parts: MoneyMovementParts,
  write: Write,
  user: UserReach,
  { details, isSaved, isValidated }: Wanted,
  held: { reason?: RecoveryReason | undefined },
): Promise<AnswerOf<typeof createRecipient>> {
  if (isSaved) held.reason = await checkRecoveryHold(write.sql, call.institution, user.institutionUserId, call.now);
  if (held.reason !== undefined) throw call.error('recoveryHold');
  const checked = await checkPayee(call, parts, write.sql, user, details, isValidated);
  return isSaved ? save(call, parts, write, user, checked) : toRecipientAnswer(call, user, checked);
}

function readBoolean(text: string | undefined): boolean | undefined {
  const value = text?.toLowerCase() ?? 'false';
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function readInput(call: CreateCall, isValidated: boolean): { details: RecipientDetails; isSaved: boolean } {
  const { institution } = call;
  const input = readRecipient(call.body);
  if (!input.ok) throw call.error(input.refusal);
  const decision = decideNewRecipient(input.value, {
    ...recipientRulesOf(call),
    needsPassCode: isValidated || call.switchOf(institution, 'recipients.passcode') === 'required',
    needsNickName: !isValidated,
  });
  if (!decision.ok) throw call.error(decision.refusal);
  const rule = call.switchOf(institution, 'recipients.validate');
  const isWanted = rule === 'always save' || (rule === 'save if nickName' && decision.value.nickName !== undefined);
  return { details: decision.value, isSaved: !isValidated || isWanted };
}

async function checkPayee(
  call: CreateCall,
  parts: MoneyMovementParts,
  sql: Tx,
  user: UserReach,
  details: RecipientDetails,
  isValidated: boolean,
): Promise<RecipientDetails> {
  const isDerived = call.institution.policies.moneyMovement.recipientProvider === 'NONGENERIC';
  if (!isValidated && !isDerived) return details;
  const { fromAccountId } = call.query;
  if (isValidated && (fromAccountId === undefined || fromAccountId.trim() === '')) throw call.error('senderMissing');
  const facts = await loadPayeeFacts(parts.core, sql, user.institutionId, details);
  if (isValidated && fromAccountId !== undefined) {
    const refusal = await validatePayee(parts, sql, user, fromAccountId, details, facts);
    if (refusal !== undefined) throw call.error(refusal);
  }
  return isDerived ? withDerivedFields(details, facts) : details;
}

async function save(
  call: CreateCall,
  { personalData }: MoneyMovementParts,
  write: Write,
  user: UserReach,
  details: RecipientDetails,
): Promise<AnswerOf<typeof createRecipient>> {
  const { institutionId, institutionUserId } = user;
  const recipient = { ...details, recipientId: randomBytes(16).toString('hex').toUpperCase(), institutionUserId };
  await lockRecipientsOfUser(write.sql, institutionId, institutionUserId);
  const others = await listPayees(write.sql, institutionId, institutionUserId);
  const duplicate = findDuplicate(recipient, others);
  if (duplicate !== undefined) throw call.error(duplicate);
  if (others.length >= mostRecipients)
    throw call.errorWith('requestInvalid', { detail: `a user has at most ${mostRecipients} recipients` });
  await insertRecipient(write.sql, personalData, institutionId, recipient, call.now);
  await write.audit('recipient_created', { institutionUserId, details: { recipientId: recipient.recipientId } });
  return toRecipientAnswer(call, user, recipient);
}
