import {
  type ActivityEvent,
  type ActivityEvents,
  type DetailAttribute,
  detailAttributes,
  type ShownDetail,
} from '../domain/activity-event.ts';

/**
 * What each key of a row is, as SQL: the same text is shown and filtered. `$1` is the institution and `$2` its time zone;
 * `a` is the activity, `u` its user, `c` the primary customer of the user. Null is a key that the row lacks.
 */
export type AttributeExpressions = ReadonlyMap<string, string>;

const zoned = '(a.occurred_at at time zone $2::text)';
const offsetMinutes = `(extract(epoch from ${zoned} - (a.occurred_at at time zone 'UTC'))::int / 60)`;
const offset = `case when ${offsetMinutes} < 0 then '-' else '+' end || lpad((abs(${offsetMinutes}) / 60)::text, 2, '0') || ':' || lpad((abs(${offsetMinutes}) % 60)::text, 2, '0')`;
/** The row's own: the log numbers its rows for each institution. */
const guid = `md5($1::text || '/' || a.activity_id::text)::uuid::text`;

/** @param events Texts of the program, never of a caller. */
export function attributeExpressions(events: ActivityEvents): AttributeExpressions {
  const detail = (attribute: DetailAttribute) => detailExpression(events, attribute);
  const known: readonly (readonly [string, string | undefined])[] = [
    ['eventid', byKind(events, ({ eventId }) => literal(eventId), 'a.kind')],
    ['reqctx_id', `coalesce(nullif(a.trace_id, ''), ${guid})`],
    ['timestamp', `to_char(${zoned}, 'YYYY-MM-DD"T"HH24:MI:SS.MS') || ${offset}`],
    ['eventdate', `to_char(${zoned}, 'YYYY-MM-DD')`],
    ['eventtype', `'Audit'`],
    ['glappid', 'a.client_id'],
    ['guid', guid],
    ['result', byKind(events, ({ result }) => literal(result), `'Success'`)],
    ['member', `case when u.user_type = 'RETAIL' then c.member_number end`],
    ['reqctx_canonicalid', '$1::text'],
    ['reqctx_companyid', `case when c.customer_type = 'BUSINESS' then c.customer_id end`],
    ['reqctx_customertype', 'c.customer_type'],
    ['reqctx_ipaddress', 'a.address'],
    ['reqctx_loginid', 'u.login_name'],
    ['reqctx_userid', 'a.institution_user_id'],
    ['reqctx_usertype', 'lower(u.user_type)'],
    ...detailAttributes.map((attribute) => [attribute, detail(attribute)] as const),
    ['channel', withDefault(detail('channel'), `case when a.client_id is not null then 'API' end`)],
    ['source', withDefault(detail('source'), 'a.operation')],
    ['action', withDefault(detail('action'), 'a.kind')],
    ['accountnumberhashed', hashOf(detail('accountnumber'))],
    ['fromaccounthashed', hashOf(detail('fromaccount'))],
  ];
  return new Map(known.flatMap(([attribute, sql]) => (sql === undefined ? [] : [[attribute, `(${sql})`] as const])));
}

/** The value of an attribute for the kinds that show it; undefined where none does. */
function detailExpression(events: ActivityEvents, attribute: DetailAttribute): string | undefined {
  const kindsOf = new Map<string, string[]>();
  for (const [kind, { shows }] of Object.entries(events)) {
    const detail = shows[attribute];
    if (detail === undefined) continue;
    const sql = shownSql(detail);
    kindsOf.set(sql, [...(kindsOf.get(sql) ?? []), literal(kind)]);
  }
  const cases = [...kindsOf].map(([sql, kinds]) => `when a.kind in (${kinds.join(', ')}) then ${sql}`);
  return cases.length === 0 ? undefined : `nullif(case ${cases.join(' ')} end, '')`;
}

function shownSql(detail: ShownDetail): string {
  if (typeof detail === 'string') return `a.details ->> ${literal(detail)}`;
  const minor = `a.details ->> ${literal(detail.minorUnits)}`;
  // What is no number is not shown, and no reason to fail.
  return `case when ${minor} ~ '^-?[0-9]{1,18}$' then trim(to_char((${minor})::numeric / 100, 'FM9999999999999990.00')) end`;
}

/** Rows of a kind that only a newer version of the program knows take the default. */
function byKind(events: ActivityEvents, toSql: (event: ActivityEvent) => string, otherwise: string): string {
  const cases = Object.entries(events).map(([kind, event]) => `when ${literal(kind)} then ${toSql(event)}`);
  return `case a.kind ${cases.join(' ')} else ${otherwise} end`;
}

function withDefault(sql: string | undefined, otherwise: string): string {
  return sql === undefined ? otherwise : `coalesce(${sql}, ${otherwise})`;
}

function hashOf(sql: string | undefined): string | undefined {
  return sql === undefined ? undefined : `encode(sha256(convert_to(${sql}, 'UTF8')), 'hex')`;
}

/** A name of the program's own as a text of SQL. */
function literal(name: string): string {
  if (!/^\w+$/u.test(name)) throw new Error(`${name} is no name of an activity.`);
  return `'${name}'`;
}
