import type { Sql, Tx } from '../../../platform/db/database.ts';
import type { AlertChannel } from '../domain/alert-channel.ts';

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

/** Binds contact methods that nobody bound yet to both default applications, as a registration does. */
export async function bindDefaultDestinations(
  tx: Tx,
  institutionId: string,
  institutionUserIds: readonly string[],
): Promise<void> {
  await tx`
    insert into alert_destinations (institution_id, contact_method_id, product_id, notification_app_id, institution_user_id,
      protocol, is_primary)
    select m.institution_id, m.contact_method_id, 'DIGITAL', app.id, m.institution_user_id, m.protocol,
      row_number() over (partition by m.institution_user_id, app.id, m.protocol
        order by m.is_primary desc, m.contact_method_id) = 1
    from contact_methods m cross join (values ('ALERTS'), ('OTP')) app (id)
    where m.institution_id = ${institutionId} and m.institution_user_id = any(${[...institutionUserIds]})
      and m.protocol in ('SMS', 'VOICE', 'EMAIL', 'TOKEN')
      and not exists (
        select 1 from alert_destinations bound
        where bound.institution_id = ${institutionId} and bound.institution_user_id = m.institution_user_id)`;
}
