import { randomBytes } from 'node:crypto';
import { createTransfer } from '@openbranch/contract/money-movement/transfer-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import { spendableOf } from '../../../core/index.ts';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import { endOfMonthBefore } from '../../../kernel/calendar-date.ts';
import { toInstitutionDate } from '../../../kernel/institution-time.ts';
import { accept, type Result } from '../../../kernel/result.ts';
import { recordActivity } from '../../../platform/audit/record-activity.ts';
import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { Write } from '../../../platform/transactions/unit-of-work.ts';
import type { UserReach } from '../../customers/index.ts';
import { maskAccountNumber, writeConfirmation } from '../domain/confirmation.ts';
import { decideTransfer, type Movement, type TransferFacts, type TransferRefusal } from '../domain/decide-transfer.ts';
import type { RecoveryReason } from '../domain/recovery-hold.ts';
import type { Plan } from '../domain/schedule.ts';
import { readTransfer, type TransferInput } from '../domain/transfer-input.ts';
import { decideRequest, type OwnRequest, type TransferRequest } from '../domain/transfer-request.ts';
import type { HeldUser } from '../store/recovery-hold-sums.ts';
import { findMovedOnDay } from '../store/transfer-limits.ts';
import { bookMovement } from './book-movement.ts';
import { findTransferUser } from './find-transfer-user.ts';
import { loadLimits } from './load-limits.ts';
import { loadParties } from './load-parties.ts';
import { loadRecoveryHold } from './load-recovery-hold.ts';
import type { MoneyMovementParts } from './money-movement-parts.ts';
import { refuseLaterKind } from './refuse-later-kind.ts';
import { type ScheduleRefusal, scheduleMovement } from './schedule-movement.ts';
import { toTransferAnswer } from './transfer-answer.ts';
import { runDayOf, transferRulesOf } from './transfer-rules.ts';

type TransferCall = Call<typeof createTransfer>;

type Answer = AnswerOf<typeof createTransfer>;

/** What a call wants, before anybody has looked at an account. */
interface Asked {
  readonly user: UserReach;
  readonly input: TransferInput;
  readonly request: OwnRequest;
  readonly isTest: boolean;
  /** In the zone of the institution. */
  readonly today: string;
}

/** M6: moves money at once, schedules it, or only says whether it could be moved (contract sheet "Money movement"). */
export function createTransferRoute(parts: MoneyMovementParts): Route {
  return route(createTransfer).handle(async (call) => {
    const { institution } = call;
    if (institution.policies.moneyMovement.blockedClientIds.includes(call.principal.application.clientId))
      throw call.error('clientBlocked');
    const isTest = readTest(call);
    const user = await findTransferUser(call.sql, call.principal, call.query);
    if (!user.ok) throw call.error(user.refusal);
    const { input, request } = readRequest(call, user.value);
    if (request.route === 'validate-recipient' || request.route === 'institution')
      throw call.error(await refuseLaterKind(parts.core, call.sql, institution, request, input));
    const asked = { user: user.value, input, request, isTest, today: toInstitutionDate(call.now, institution.timeZone) };
    if (isTest) return rehearse(call, parts, asked);
    const held: { reason?: RecoveryReason | undefined } = {};
    try {
      return await call.write((write) => carryOut(call, parts, write, asked, held));
    } catch (error) {
      if (held.reason !== undefined) await recordHold(call, asked, held.reason);
      throw error;
    }
  });
}

function readTest(call: TransferCall): boolean {
  const { testTransfer } = call.query;
  if (testTransfer === undefined || !call.switchOf(call.institution, 'transfer.undocumented')) return false;
  const value = testTransfer.toLowerCase();
  if (value !== 'true' && value !== 'false') throw call.error('queryInvalid');
  return value === 'true';
}

function readRequest(call: TransferCall, user: UserReach): { input: TransferInput; request: TransferRequest } {
  const { institution } = call;
  const input = readTransfer(call.body, {
    takesUndocumented: call.switchOf(institution, 'transfer.undocumented'),
    takesPayOff: call.switchOf(institution, 'transfer.payoff_option') === 'accepted',
  });
  if (!input.ok) throw call.error(input.refusal);
  const customerIds = user.customers.map(({ customerId }) => customerId);
  const request = decideRequest(
    input.value,
    { userType: user.userType, customerIds },
    {
      currency: institution.policies.moneyMovement.currency,
      takesOwnHolder: call.switchOf(institution, 'transfer.from_holder') === 'take own',
    },
  );
  if (!request.ok) throw call.error(request.refusal);
  return { input: input.value, request: request.value };
}

interface Loaded {
  readonly facts: TransferFacts;
  readonly dailyLimitMinor: bigint;
  /** The user, where a recovery holds. */
  readonly heldUser: HeldUser | undefined;
}

async function load(
  call: TransferCall,
  { core, ids }: MoneyMovementParts,
  sql: Sql | Tx,
  { user, request }: Asked,
): Promise<Loaded> {
  const { institution } = call;
  const { institutionId, policies } = institution;
  const keyOf = (id: string) => ids.decode('account', institutionId, id)?.accountKey;
  if (request.route === 'recipient') {
    const needsScope = call.switchOf(institution, 'transfer.recipient_scope') === 'needed';
    if (needsScope && !call.principal.scopes.has('recipients:read')) throw call.error('scopeMissing');
    if (!policies.moneyMovement.hasRecipientTransfers) throw call.error('recipientTransfersOff');
  }
  const [parties, { limitMinor, dailyLimitMinor }, held] = await Promise.all([
    loadParties(core, sql, user, {
      fromCustomerId: request.fromCustomerId,
      fromAccountKey: keyOf(request.fromAccountId),
      to: request.route === 'recipient' ? { recipientId: request.recipientId } : { accountKey: keyOf(request.toAccountId) },
    }),
    loadLimits(sql, institution, request.fromCustomerId),
    loadRecoveryHold(sql, institution, user.institutionUserId, call.now),
  ]);
  const hasCifNumber = user.customers.some(
    ({ customerId, cifNumber }) => customerId === request.fromCustomerId && cifNumber !== undefined,
  );
  return { facts: { ...parties, hasCifNumber, recovery: held?.hold, limitMinor }, dailyLimitMinor, heldUser: held?.user };
}

function decide(call: TransferCall, { input, request, isTest, today }: Asked, facts: TransferFacts) {
  const wanted = {
    isToRecipient: request.route === 'recipient',
    amountMinor: request.amountMinor,
    currency: call.institution.policies.moneyMovement.currency,
    paymentOption: input.paymentOption,
    isForPreviousYear: input.isForPreviousYear === true,
    memo: input.memo,
    schedule: input.schedule,
    isTest,
  };
  return decideTransfer(wanted, facts, transferRulesOf(call.institution, today));
}

/** Everything but the movement. The replay guard has no part in it: a test and the transfer itself may share a trace id. */
async function rehearse(call: TransferCall, parts: MoneyMovementParts, asked: Asked): Promise<Answer> {
  const { facts, dailyLimitMinor } = await load(call, parts, call.sql, asked);
  const decision = decide(call, asked, facts);
  if (!decision.ok) throw call.error(decision.refusal);
  await checkPayOff(call, parts, call.sql, asked, decision.value);
  const { from, amountMinor, feeMinor } = decision.value;
  if (spendableOf(from, from.balance) < amountMinor + feeMinor) throw call.error('balanceTooLow');
  if (dailyLimitMinor > 0n) {
    const { institutionId } = asked.user;
    const movedMinor = await findMovedOnDay(call.sql, institutionId, asked.request.fromCustomerId, asked.today);
    if (movedMinor + amountMinor > dailyLimitMinor) throw call.error('limitExceeded');
  }
  return answer(call, asked, decision.value, confirm(call, asked, decision.value, newReference()));
}

/** In one transaction with the replay guard, which must come before any look at accounts: the first call has changed them. */
async function carryOut(
  call: TransferCall,
  parts: MoneyMovementParts,
  write: Write,
  asked: Asked,
  held: { reason?: RecoveryReason | undefined },
): Promise<Answer> {
  const loaded = await load(call, parts, write.sql, asked);
  const decision = decide(call, asked, loaded.facts);
  const carriedOut = decision.ok ? await perform(call, parts, write, asked, loaded, decision.value) : decision;
  if (carriedOut.ok) return carriedOut.value;
  if (carriedOut.refusal === 'recoveryHold') held.reason = loaded.facts.recovery?.reason;
  throw call.error(carriedOut.refusal);
}

function perform(
  call: TransferCall,
  parts: MoneyMovementParts,
  write: Write,
  asked: Asked,
  loaded: Loaded,
  decided: Movement,
): Promise<Result<Answer, ScheduleRefusal | 'balanceTooLow'>> {
  return decided.plan === undefined
    ? make(call, parts, write, asked, loaded, decided)
    : schedule(call, write, asked, loaded, decided, decided.plan);
}

/** The reason is for those who read the log; the caller learns the rule. */
async function recordHold(call: TransferCall, { user, request }: Asked, reason: RecoveryReason): Promise<void> {
  await call.sql.begin((tx) =>
    recordActivity(tx, {
      institutionId: user.institutionId,
      occurredAt: call.now,
      kind: 'transfer_refused',
      institutionUserId: user.institutionUserId,
      clientId: call.principal.application.clientId,
      operation: createTransfer.id,
      traceId: call.traceId,
      address: call.clientAddress,
      details: {
        reason,
        holdHours: call.institution.policies.moneyMovement.recoveryHoldHours,
        amountMinor: String(request.amountMinor),
      },
    }),
  );
}

function confirm(call: TransferCall, { today }: Asked, { from, to, amountMinor, memo }: Movement, reference: string): string {
  const { confirmationTemplate, currency } = call.institution.policies.moneyMovement;
  const numbers = { fromAccountNumber: from.accountNumber, toAccountNumber: to.accountNumber };
  const text = writeConfirmation(confirmationTemplate, { date: today, amountMinor, currency, memo, reference, ...numbers });
  if (!text.ok) throw call.error(text.refusal);
  return text.value;
}

function answer(call: TransferCall, asked: Asked, movement: Movement, confirmation: string, scheduleId?: string): Answer {
  return toTransferAnswer({
    input: asked.input,
    fromCustomerId: asked.request.fromCustomerId,
    movement,
    currency: call.institution.policies.moneyMovement.currency,
    confirmation,
    ...(scheduleId !== undefined && { scheduleId }),
    runDayOf: (date) => runDayOf(call.institution, date),
  });
}

function newReference(): string {
  return randomBytes(6).toString('hex').toUpperCase();
}

/**
 * What pays a loan off is known when the last month is closed: its interest is in it then. Until then, for minutes after
 * midnight, no amount is right.
 */
async function checkPayOff(
  call: TransferCall,
  { core }: MoneyMovementParts,
  sql: Sql | Tx,
  { today }: Asked,
  { payment }: Movement,
): Promise<void> {
  if (payment?.payOffMinor === undefined) return;
  const closedThrough = await core.findClosedThrough(sql, call.institution, call.now);
  if (closedThrough < endOfMonthBefore(today)) throw call.error('amountInvalid');
}

async function make(
  call: TransferCall,
  parts: MoneyMovementParts,
  write: Write,
  asked: Asked,
  { facts, dailyLimitMinor, heldUser }: Loaded,
  decided: Movement,
): Promise<Result<Answer, TransferRefusal | 'balanceTooLow'>> {
  const { user, request, today } = asked;
  await checkPayOff(call, parts, write.sql, asked, decided);
  const booked = await bookMovement(parts, write, {
    institutionId: user.institutionId,
    now: call.now,
    transactionDate: today,
    movement: decided,
    customerId: request.fromCustomerId,
    dailyLimitMinor,
    heldUser,
    decideAgain: (parties) => decide(call, asked, { ...facts, ...parties }),
  });
  if (!booked.ok) return booked;
  const { movement, entryId } = booked.value;
  const reference = newReference();
  const confirmation = confirm(call, asked, movement, reference);
  // Goes out with the stored answer of the replay guard: the balances are locked until both are there.
  write.auditBeside('transfer_made', {
    institutionUserId: user.institutionUserId,
    details: {
      kind: movement.kind,
      entryId: String(entryId),
      amountMinor: String(movement.amountMinor),
      reference,
      fromAccount: maskAccountNumber(movement.from.accountNumber, '*'),
      recipientId: request.route === 'recipient' ? request.recipientId : null,
    },
  });
  return accept(answer(call, asked, movement, confirmation));
}

async function schedule(
  call: TransferCall,
  write: Write,
  asked: Asked,
  { heldUser }: Loaded,
  movement: Movement,
  plan: Plan,
): Promise<Result<Answer, ScheduleRefusal>> {
  const { institution, now } = call;
  const { clientId } = call.principal.application;
  const { user, request } = asked;
  const saved = await scheduleMovement(write, { institution, now, clientId, user, request, movement, plan, heldUser });
  if (!saved.ok) return saved;
  const { scheduleId, reference } = saved.value;
  return accept(answer(call, asked, movement, confirm(call, asked, movement, reference), scheduleId));
}
