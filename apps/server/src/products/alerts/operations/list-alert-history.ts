import { listAlertHistory } from '@openbranch/contract/alerts/history-operations';
import { type Route, route } from '../../../http/route.ts';
import { isTrue } from '../../../kernel/flag.ts';
import { toInstitutionDateTime } from '../../../kernel/institution-time.ts';
import { readHistoryWindow } from '../domain/history-window.ts';
import { type DeliveryStatus, type HistoryRow, listHistory } from '../store/alert-history.ts';
import type { EventBox } from '../tasks/event-box.ts';
import { findAlertUser } from './alert-user.ts';
import type { AlertsParts } from './alerts-parts.ts';
import { assertInstitution } from './assert-institution.ts';
import { wordsOf } from './words-of.ts';

const statuses: readonly DeliveryStatus[] = ['SUCCESS', 'FAILURE', 'IN_PROCESS'];

/** L22: what was sent to a user. */
export function listAlertHistoryRoute({ box }: Pick<AlertsParts, 'box'>): Route {
  return route(listAlertHistory).handle(async (call) => {
    assertInstitution(call);
    const { query, institution, now, sql } = call;
    const statusWords = (given: string | readonly string[] | undefined): readonly string[] | undefined => {
      const words = wordsOf(given)?.map((word) => word.toUpperCase());
      if (words?.some((word) => !statuses.some((known) => known === word)) === true) throw call.error('unknownFault');
      return words;
    };
    const [email, sms, push] = [query.emailStatus, query.smsStatus, query.pushStatus].map(statusWords);
    const window = readHistoryWindow(query.startDate, query.endDate, now, institution.timeZone);
    if (!window.ok) throw call.error(window.refusal);
    const isNamed = call.principal.user !== undefined || (query.hostUserId ?? query.loginId) !== undefined;
    if (!isNamed || (query.hostUserId !== undefined && query.loginId !== undefined)) throw call.error('unknownFault');
    const user = await findAlertUser(call);
    if (!user.ok) throw call.error(user.refusal === 'userNotCovered' ? 'userNotCovered' : 'userUnknown');
    const rows = await listHistory(sql, institution.institutionId, {
      institutionUserId: user.value.institutionUserId,
      customerId: user.value.customerId,
      accountIds: wordsOf(query.accountIds),
      alertTypeNames: wordsOf(query.alertTypeNames)?.map((word) => word.toUpperCase()),
      eventIds: wordsOf(query.eventIds),
      statuses: {
        ...(email === undefined ? {} : { EMAIL: email }),
        ...(sms === undefined ? {} : { SMS: sms }),
        ...(push === undefined ? {} : { PUSH: push }),
      },
      ...window.value,
      alertOutcomeId: query.id === undefined ? undefined : BigInt(query.id),
      isRead: query.readFlag === undefined ? undefined : isTrue(query.readFlag),
    });
    const { institutionId, timeZone } = institution;
    const toSummary = (row: HistoryRow) => toAnswer(box, institutionId, timeZone, row, user.value.defaultCustomerId);
    return { alertHistorySummaryResources: await Promise.all(rows.map(toSummary)) };
  });
}

async function toAnswer(box: EventBox, institutionId: string, timeZone: string, row: HistoryRow, defaultCustomerId: string) {
  const words = await box.openSummary(institutionId, row.alertOutcomeId, row.summarySealed);
  return {
    alertHistoryId: Number(row.alertOutcomeId),
    eventId: row.eventId,
    eventOccured: toInstitutionDateTime(row.occurredAt, timeZone),
    alertTypeName: row.alertTypeName,
    institutionId,
    institutionCustomerId: row.customerId ?? defaultCustomerId,
    channelInfo: row.statuses,
    ...(words === undefined ? {} : { messageSummary: words.summary, jsonMessageSummary: JSON.stringify(words.byChannel) }),
    readFlag: row.isRead,
    additionalInfo: {
      ...(row.accountId === undefined ? {} : { accountId: row.accountId }),
      ...(row.locale === undefined ? {} : { locale: row.locale }),
      attempts: row.attempts,
    },
  };
}
