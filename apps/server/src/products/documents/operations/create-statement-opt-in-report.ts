import { accountTypes, isAccountType } from '@openbranch/contract/accounts/account-types';
import { createStatementOptInReport } from '@openbranch/contract/documents/e-statement-operations';
import type { AnswerOf } from '@openbranch/contract/operation';
import type { Core, CoreAccount, OpaqueIds } from '../../../core/index.ts';
import type { Call } from '../../../http/call.ts';
import { type Route, route } from '../../../http/route.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { numberSightOf } from '../../accounts/index.ts';
import { findUserReach } from '../../customers/index.ts';
import { toReportRecords } from '../domain/report-records.ts';
import { decideReport, lastDays, type ReportRequest } from '../domain/statement-report.ts';
import { listStatementChoices, type StatementChoice } from '../store/statement-choices.ts';
import type { DocumentsParts } from './documents-parts.ts';
import { getShowNumber } from './shown-number.ts';

type ReportCall = Call<typeof createStatementOptInReport>;
type Report = AnswerOf<typeof createStatementOptInReport>;

/** E4: who gets electronic statements of which account. It is about any customer, so no customer's token opens it. */
export function createStatementOptInReportRoute({ core, ids }: DocumentsParts): Route {
  return route(createStatementOptInReport).handle(async (call) => {
    const { institution, principal } = call;
    const { timeZone } = institution;
    if (principal.user !== undefined) throw call.error('scopeMissing');
    if (!institution.policies.statements.multiStatement) throw call.error('multiStatementOff');
    const reportsAll = call.switchOf(institution, 'est.report_all');
    const asked = decideReport(call.body, { accountTypes, reportsAll, timeZone });
    if (!asked.ok) throw call.error(asked.refusal);
    const choices = await findChoices(call, asked.value);
    const accounts = await findAccounts(core, ids, call, choices);
    const { records, isComplete } = toReportRecords(choices, accounts, asked.value.accountType);
    if (records.length === 0) throw call.error('customerNotFound');
    if (!isComplete) call.answerWith(206);
    const { offset, limit } = asked.value;
    return wrap(call, records.length, toRows(call, records.slice(offset, offset + limit)));
  });
}

async function findChoices(call: ReportCall, { customerId, range }: ReportRequest): Promise<readonly StatementChoice[]> {
  const { institution, now, sql } = call;
  const { institutionId } = institution;
  if (customerId === undefined)
    return listStatementChoices(sql, institutionId, { institutionUserId: undefined, range: range ?? lastDays(now) });
  const user = await findUserReach(sql, institutionId, { customerId });
  if (user?.userType !== 'RETAIL') throw call.error('customerNotFound');
  return listStatementChoices(sql, institutionId, { institutionUserId: user.institutionUserId, range });
}

/** As many accounts as one statement names. */
const batchSize = 2000;

type ReportedAccount = Pick<CoreAccount, 'accountNumber' | 'accountType'>;

/** The accounts of the choices by their public ids; the core may not know all of them any more. */
async function findAccounts(
  core: Core,
  ids: OpaqueIds,
  { institution: { institutionId }, sql }: ReportCall,
  choices: readonly StatementChoice[],
): Promise<ReadonlyMap<string, ReportedAccount>> {
  const keyOf = new Map<string, bigint>();
  for (const { accountId } of choices) {
    const key = ids.decode('account', institutionId, accountId);
    if (key !== undefined) keyOf.set(accountId, key.accountKey);
  }
  const keys = [...new Set(keyOf.values())];
  const byKey = new Map<bigint, ReportedAccount>();
  for (let start = 0; start < keys.length; start += batchSize) {
    const found = await core.findAccounts(sql, institutionId, keys.slice(start, start + batchSize));
    for (const { accountKey, accountNumber, accountType } of found) byKey.set(accountKey, { accountNumber, accountType });
  }
  return new Map(
    [...keyOf].flatMap(([accountId, key]) => {
      const account = byKey.get(key);
      return account === undefined ? [] : [[accountId, account] as const];
    }),
  );
}

interface Row {
  readonly isElectronic: boolean;
  readonly userId: string;
  readonly userName: string;
  readonly accountNumber: string | number;
  readonly accountType: string;
  readonly optInDateTime: string;
}

function toRows(call: ReportCall, records: readonly (StatementChoice & { readonly account: ReportedAccount })[]): readonly Row[] {
  const { institution } = call;
  const showNumber = getShowNumber(call, numberSightOf(call));
  const isNumber = call.switchOf(institution, 'est.report_account_number') === 'number';
  return records.map(({ account, ...choice }) => {
    const number = showNumber(account.accountNumber);
    return {
      userId: choice.authId,
      userName: choice.loginName,
      // More digits than these a number does not carry exactly.
      accountNumber: isNumber && /^\d{1,15}$/u.test(number) ? Number(number) : number,
      accountType: isAccountType(account.accountType) ? account.accountType : 'UNKNOWN',
      isElectronic: choice.isElectronic,
      optInDateTime: toInstitutionDateTime(choice.decidedAt, institution.timeZone),
    };
  });
}

/** The three forms that were published (DI-6). */
function wrap(call: ReportCall, totalCount: number, rows: readonly Row[]): Report {
  const wrapper = call.switchOf(call.institution, 'est.report_wrapper');
  if (wrapper === 'statementReports') {
    const statementReports = rows.map(({ isElectronic, ...row }) => {
      return { ...row, optInEstatement: yesOrNo(isElectronic), optInPaperStatement: yesOrNo(!isElectronic) };
    });
    return { totalCount, statementReports };
  }
  const records = rows.map(({ isElectronic, ...row }) => {
    return { ...row, optInEstatement: isElectronic, optInPaperStatement: !isElectronic };
  });
  return wrapper === 'StatementOptInReport'
    ? { totalCount, StatementOptInReport: records }
    : { totalCount, statementOptInReport: records };
}

function yesOrNo(isTrue: boolean): 'Yes' | 'No' {
  return isTrue ? 'Yes' : 'No';
}
