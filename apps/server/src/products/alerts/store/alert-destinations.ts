import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';
import type { BoundDestination } from '../domain/destination.ts';

/** The protocol of the contact methods that a channel is sent to. */
const protocols: Readonly<Record<Exclude<AlertChannel, 'WEB'>, string>> = { EMAIL: 'EMAIL', SMS: 'SMS', PUSH: 'TOKEN' };

/** Whether something of the channel would reach the user: an activated destination of alerts. The page (WEB) needs none. */
export async function hasDestination(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserId: string,
  channel: AlertChannel,
): Promise<boolean> {
  if (channel === 'WEB') return true;
  const rows = await sql`
    select 1 from alert_destinations d join contact_methods m using (institution_id, contact_method_id)
    where d.institution_id = ${institutionId} and d.institution_user_id = ${institutionUserId} and d.product_id = 'DIGITAL'
      and d.notification_app_id = 'ALERTS' and d.protocol = ${protocols[channel]} and m.is_activated
    limit 1`;
  return rows.length > 0;
}

/** Applications that a new contact method is bound to. */
function defaultApps(tx: Tx, institutionId: string) {
  return tx`(
    values ('DIGITAL', 'ALERTS'), ('DIGITAL', 'OTP')
    union
    select product_id, notification_app_id from notification_apps where institution_id = ${institutionId} and is_default
  ) app (product_id, notification_app_id)`;
}

/** Binds contact methods that nobody bound yet to the default applications, as a registration does. */
export async function bindDefaultDestinations(
  tx: Tx,
  institutionId: string,
  institutionUserIds: readonly string[],
): Promise<void> {
  await tx`
    insert into alert_destinations (institution_id, contact_method_id, product_id, notification_app_id, institution_user_id,
      protocol, is_primary)
    select m.institution_id, m.contact_method_id, app.product_id, app.notification_app_id, m.institution_user_id, m.protocol,
      row_number() over (partition by m.institution_user_id, app.product_id, app.notification_app_id, m.protocol
        order by m.is_primary desc, m.contact_method_id) = 1
    from contact_methods m cross join ${defaultApps(tx, institutionId)}
    where m.institution_id = ${institutionId} and m.institution_user_id = any(${[...institutionUserIds]})
      and m.protocol in ('SMS', 'VOICE', 'EMAIL', 'TOKEN')
      and not exists (
        select 1 from alert_destinations bound
        where bound.institution_id = ${institutionId} and bound.institution_user_id = m.institution_user_id)`;
}

/** Binds contact methods that a user has got later; one comes first only where there is no other of its protocol. */
export async function bindContactMethods(
  tx: Tx,
  institutionId: string,
  institutionUserId: string,
  contactMethodIds: readonly string[],
): Promise<void> {
  await tx`
    insert into alert_destinations (institution_id, contact_method_id, product_id, notification_app_id, institution_user_id,
      protocol, is_primary)
    select m.institution_id, m.contact_method_id, app.product_id, app.notification_app_id, m.institution_user_id, m.protocol,
      row_number() over (partition by app.product_id, app.notification_app_id, m.protocol order by m.contact_method_id) = 1
        and not exists (
          select 1 from alert_destinations bound
          where bound.institution_id = ${institutionId} and bound.institution_user_id = ${institutionUserId}
            and bound.product_id = app.product_id and bound.notification_app_id = app.notification_app_id
            and bound.protocol = m.protocol)
    from contact_methods m cross join ${defaultApps(tx, institutionId)}
    where m.institution_id = ${institutionId} and m.institution_user_id = ${institutionUserId}
      and m.contact_method_id = any(${[...contactMethodIds]}::bigint[])
      and m.protocol in ('SMS', 'VOICE', 'EMAIL', 'TOKEN')
    on conflict do nothing`;
}

/** The destinations of one customer in one application. */
export interface DestinationOwner {
  readonly institutionId: string;
  readonly institutionUserId: string;
  readonly productId: string;
  readonly notificationAppId: string;
}

type AppOwner = Pick<DestinationOwner, 'institutionId' | 'productId' | 'notificationAppId'>;

export async function isKnownApp(sql: Sql | Tx, { institutionId, productId, notificationAppId }: AppOwner): Promise<boolean> {
  if (productId === 'DIGITAL' && (notificationAppId === 'ALERTS' || notificationAppId === 'OTP')) return true;
  const rows = await sql`
    select 1 from notification_apps
    where institution_id = ${institutionId} and product_id = ${productId} and notification_app_id = ${notificationAppId}`;
  return rows.length > 0;
}

interface DestinationRow {
  readonly contact_method_id: bigint;
  readonly protocol: 'SMS' | 'VOICE' | 'EMAIL' | 'TOKEN';
  readonly contact_info: string;
  readonly country_code: string | null;
  readonly is_activated: boolean;
  readonly is_primary: boolean;
  readonly enrolled_at: Date;
}

export async function listDestinations(
  sql: Sql | Tx,
  { institutionId, institutionUserId, productId, notificationAppId }: DestinationOwner,
): Promise<BoundDestination[]> {
  const rows = await sql<DestinationRow[]>`
    select d.contact_method_id, d.protocol, m.contact_info, m.country_code, m.is_activated, d.is_primary, m.enrolled_at
    from alert_destinations d join contact_methods m using (institution_id, contact_method_id)
    where d.institution_id = ${institutionId} and d.institution_user_id = ${institutionUserId}
      and d.product_id = ${productId} and d.notification_app_id = ${notificationAppId}
    order by d.contact_method_id`;
  return rows.map((row) => ({
    contactMethodId: String(row.contact_method_id),
    protocol: row.protocol === 'TOKEN' ? 'PUSH' : row.protocol,
    contactInfo: row.contact_info,
    countryCode: row.country_code ?? undefined,
    isActivated: row.is_activated,
    isPrimary: row.is_primary,
    enrolledAt: row.enrolled_at,
  }));
}

/** Ids of the contact methods of a user that some application sends to. */
export async function listBoundMethods(
  sql: Sql | Tx,
  institutionId: string,
  institutionUserId: string,
): Promise<ReadonlySet<string>> {
  const rows = await sql<{ contact_method_id: bigint }[]>`
    select distinct contact_method_id from alert_destinations
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}`;
  return new Set(rows.map((row) => String(row.contact_method_id)));
}

/**
 * Binds contact methods of the user, or says anew which of them come first.
 * @param isPrimaryById At most one of each protocol comes first.
 */
export async function saveDestinations(
  tx: Tx,
  { institutionId, institutionUserId, productId, notificationAppId }: DestinationOwner,
  isPrimaryById: ReadonlyMap<string, boolean>,
): Promise<void> {
  const ids = [...isPrimaryById.keys()];
  const primaries = ids.filter((id) => isPrimaryById.get(id) === true);
  await tx`
    update alert_destinations d set is_primary = false
    from contact_methods m
    where d.institution_id = ${institutionId} and d.institution_user_id = ${institutionUserId}
      and d.product_id = ${productId} and d.notification_app_id = ${notificationAppId} and d.is_primary
      and m.institution_id = ${institutionId} and m.contact_method_id = any(${primaries}::bigint[])
      and m.protocol = d.protocol and m.contact_method_id <> d.contact_method_id`;
  await tx`
    insert into alert_destinations (institution_id, contact_method_id, product_id, notification_app_id, institution_user_id,
      protocol, is_primary)
    select m.institution_id, m.contact_method_id, ${productId}, ${notificationAppId}, m.institution_user_id, m.protocol, w.is_primary
    from unnest(${ids}::bigint[], ${ids.map((id) => String(isPrimaryById.get(id) === true))}::text[]::boolean[]) w (id, is_primary)
    join contact_methods m on m.institution_id = ${institutionId} and m.contact_method_id = w.id
    where m.institution_user_id = ${institutionUserId}
    on conflict (institution_id, contact_method_id, product_id, notification_app_id) do update set is_primary = excluded.is_primary`;
}

/** @param contactMethodId Only this one; without it all of them. The contact methods stay. */
export async function deleteDestinations(
  tx: Tx,
  { institutionId, institutionUserId, productId, notificationAppId }: DestinationOwner,
  contactMethodId: string | undefined,
): Promise<number> {
  const deleted = await tx`
    delete from alert_destinations
    where institution_id = ${institutionId} and institution_user_id = ${institutionUserId}
      and product_id = ${productId} and notification_app_id = ${notificationAppId}
      and (${contactMethodId ?? null}::bigint is null or contact_method_id = ${contactMethodId ?? null}::bigint)`;
  return deleted.count;
}
