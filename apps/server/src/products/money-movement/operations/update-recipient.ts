import { updateRecipient } from '@openbranch/contract/money-movement/recipient-operations';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import type { UserReach } from '../../customers/index.ts';
import { findDuplicate, type Recipient, type RecipientDetails } from '../domain/recipient.ts';
import { decideChangedRecipient, hasOtherAccount, type RecipientInput, readRecipient } from '../domain/recipient-input.ts';
import { findRecipient, listPayees, lockRecipientsOfUser, saveRecipient } from '../store/recipients.ts';
import { findRecipientUser } from './find-recipient-user.ts';
import { isHeldFromRecipients } from './is-held-from-recipients.ts';
import { loadPayeeFacts, withDerivedFields } from './load-payee-facts.ts';
import type { MoneyMovementParts } from './money-movement-parts.ts';
import { toRecipientAnswer } from './recipient-answer.ts';
import { recipientRulesOf } from './recipient-rules.ts';
import { validatePayee } from './validate-payee.ts';

type UpdateCall = Call<typeof updateRecipient>;

/** M4: changes what is sent (contract sheet "Money movement", section 5). */
export function updateRecipientRoute(parts: MoneyMovementParts): Route {
  const { personalData } = parts;
  return route(updateRecipient).handle(async (call) => {
    const user = await findRecipientUser(call.sql, call.principal, call.query);
    if (!user.ok) throw call.error(user.refusal);
    const { institutionId, institutionUserId } = user.value;
    const recipientId = call.params.recipientId.toUpperCase();
    if (recipientId.trim() === '') throw call.error('recipientIdBlank');
    const input = readRecipient(call.body);
    if (!input.ok) throw call.error(input.refusal);
    const before = await findRecipient(call.sql, personalData, institutionId, institutionUserId, recipientId);
    const asIfThere = decide(call, input.value, before ?? nobody);
    if (input.value.id !== undefined && input.value.id.toUpperCase() !== recipientId) throw call.error('recipientIdMismatch');
    if (before === undefined) throw call.error('recipientNotFound');
    const wanted = await checkPayee(call, parts, user.value, before, asIfThere);
    await personalData.prepare(institutionId);
    const saved = await call.write(async (write) => {
      await lockRecipientsOfUser(write.sql, institutionId, institutionUserId);
      // Another call may have changed other fields since: what was sent goes on top of what is there now.
      const current = await findRecipient(write.sql, personalData, institutionId, institutionUserId, recipientId);
      if (current === undefined) throw call.error('recipientNotFound');
      const recipient: Recipient = { ...wanted, ...unsentOf(current, input.value), recipientId, institutionUserId };
      const others = await listPayees(write.sql, institutionId, institutionUserId);
      const duplicate = findDuplicate(
        recipient,
        others.filter((other) => other.recipientId !== recipientId),
      );
      if (duplicate !== undefined) throw call.error(duplicate);
      const isThere = await saveRecipient(write.sql, personalData, institutionId, recipient, call.now);
      if (!isThere) throw call.error('recipientNotFound');
      await write.audit('recipient_changed', {
        institutionUserId,
        details: { recipientId, hasOtherAccount: hasOtherAccount(recipient, current) },
      });
      return recipient;
    });
    return toRecipientAnswer(call, user.value, saved);
  });
}

/** So that the fields of a call for an unknown recipient are checked in the same order. */
const nobody: RecipientDetails = {
  memberNumber: undefined,
  accountNumber: '',
  accountType: undefined,
  passCode: undefined,
  email: undefined,
  nickName: undefined,
  fullName: undefined,
};

function decide(call: UpdateCall, input: RecipientInput, before: RecipientDetails): RecipientDetails {
  const decision = decideChangedRecipient(input, before, {
    ...recipientRulesOf(call),
    needsPassCode: call.switchOf(call.institution, 'recipients.passcode') === 'required',
    needsNickName: true,
  });
  if (!decision.ok) throw call.error(decision.refusal);
  return decision.value;
}

/** A recipient that pays into another account is as good as a new one. */
async function checkPayee(
  call: UpdateCall,
  parts: MoneyMovementParts,
  user: UserReach,
  before: Recipient,
  wanted: RecipientDetails,
): Promise<RecipientDetails> {
  if (!hasOtherAccount(before, wanted)) return wanted;
  if (await isHeldFromRecipients(call, updateRecipient.id, user.institutionUserId)) throw call.error('recoveryHold');
  const isDerived = call.institution.policies.moneyMovement.recipientProvider === 'NONGENERIC';
  const details = isDerived ? { ...wanted, memberNumber: undefined, accountType: undefined } : wanted;
  const { fromAccountId } = call.query;
  if (fromAccountId === undefined && !isDerived) return details;
  const facts = await loadPayeeFacts(parts.core, call.sql, user.institutionId, details);
  if (fromAccountId !== undefined) {
    const refusal = await validatePayee(parts, call.sql, user, fromAccountId, details, facts);
    if (refusal !== undefined) throw call.error(refusal);
  }
  return isDerived ? withDerivedFields(details, facts) : details;
}

/** The fields that this call says nothing about, as they are now. */
function unsentOf(current: Recipient, input: RecipientInput): Partial<RecipientDetails> {
  const { memberNumber, accountNumber, accountType, passCode, email, nickName, fullName } = current;
  return {
    ...(input.accountNumber === undefined && input.memberNumber === undefined && { memberNumber }),
    ...(input.accountNumber === undefined && { accountNumber }),
    ...(input.accountNumber === undefined && input.accountType === undefined && { accountType }),
    ...(input.passCode === undefined && { passCode }),
    ...(input.email === undefined && { email }),
    ...(input.nickName === undefined && { nickName }),
    ...(input.fullName === undefined && { fullName }),
  };
}
