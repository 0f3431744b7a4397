import type { Institution } from '../../../kernel/institution.ts';
import { accept, type Result, refuse } from '../../../kernel/result.ts';
import type { Sql } from '../../../platform/db/database.ts';
import { type DestinationOwner, isKnownApp } from '../store/alert-destinations.ts';
import { findMessagingUser } from './find-messaging-user.ts';

interface DestinationsCall {
  readonly institution: Institution;
  readonly sql: Sql;
  readonly params: { readonly product_id: string; readonly notification_app_id: string; readonly di_ficustomer: string };
}

const applicationId = /^[A-Za-z0-9_-]{1,32}$/u;

/** Customer and application that a path of destinations names. */
export async function findDestinationOwner({
  institution: { institutionId },
  sql,
  params,
}: DestinationsCall): Promise<Result<DestinationOwner, 'customerNotFound' | 'applicationNotFound'>> {
  const user = await findMessagingUser(sql, institutionId, params.di_ficustomer);
  if (user === undefined) return refuse('customerNotFound');
  const { product_id: productId, notification_app_id: notificationAppId } = params;
  const owner = { institutionId, institutionUserId: user.institutionUserId, productId, notificationAppId };
  const hasShape = applicationId.test(productId) && applicationId.test(notificationAppId);
  return hasShape && (await isKnownApp(sql, owner)) ? accept(owner) : refuse('applicationNotFound');
}
