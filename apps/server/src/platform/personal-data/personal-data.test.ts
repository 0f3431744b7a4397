import { randomBytes } from 'node:crypto';
import { eventually } from '@openbranch/testkit/eventually';
import { silentLog } from '@openbranch/testkit/silent-log';
import { createTestDatabase } from '@openbranch/testkit/test-database';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SealedPlace, sealedTables } from '../../kernel/personal-data.ts';
import { openChangeFeed } from '../change-feed/change-feed.ts';
import type { Database } from '../db/database.ts';
import { createKeyRing } from '../keys/key-ring.ts';
import { createRunWrite } from '../transactions/unit-of-work.ts';
import { destroyDataKeysOf, rotateDataKeyOf } from './data-key-commands.ts';
import { readDataKeyStatus } from './data-key-status.ts';
import { destroyDataKeys } from './destroy-data-keys.ts';
import { openPersonalData, personalDataIn } from './open-personal-data.ts';
import { reencryptPersonalData } from './reencrypt.ts';
import { rotateDataKey } from './rotate-data-key.ts';
import { sealedTableNames } from './sealed-values.ts';

let db: Awaited<ReturnType<typeof createTestDatabase>>;
let sql: Database['sql'];
const keyRing = createKeyRing(randomBytes(32));
let lastInstitution = 10_000;

beforeAll(async () => {
  db = await createTestDatabase();
  ({ sql } = db.database);
});
afterAll(() => db.drop());

/** Each test has an institution of its own. */
async function makeInstitution(): Promise<string> {
  lastInstitution += 1;
  const institutionId = String(lastInstitution);
  await sql`insert into institutions (institution_id, name) values (${institutionId}, 'Test')`;
  return institutionId;
}

const userId = (number: number) => number.toString(16).toUpperCase().padStart(32, '0');

async function insertUsers(institutionId: string, count: number): Promise<void> {
  const users = Array.from({ length: count }, (_, index) => ({
    institution_id: institutionId,
    institution_user_id: userId(index),
    auth_id: `a${index}`,
    customer_guid: `c${index}`,
    user_type: 'RETAIL',
    user_role: 'PRIMARY',
    login_name: `login${index}`,
    first_name: 'Pat',
    last_name: 'Demo',
    registered_at: new Date(),
  }));
  await sql`insert into institution_users ${sql(users)}`;
}

const placeOf = (institutionId: string, user: number): SealedPlace => ({
  institutionId,
  table: 'user_personal_data',
  column: 'birth_date_sealed',
  rowId: userId(user),
});

type Personal = ReturnType<typeof openPersonalData>;

const write = (institutionId: string, personal?: Personal) =>
  createRunWrite(sql, {
    apply: async (changes) => {
      for (const change of changes) await personal?.reload(change.subject);
    },
  }).bind(undefined, { institutionId, now: new Date(), operation: 'test' });

async function saveBirthDate(personal: Personal, institutionId: string, user: number, text: string): Promise<void> {
  const sealed = personal.seal(placeOf(institutionId, user), text);
  await sql`
    insert into user_personal_data (institution_id, institution_user_id, birth_date_sealed)
    values (${institutionId}, ${userId(user)}, ${sealed})
    on conflict (institution_id, institution_user_id) do update set birth_date_sealed = excluded.birth_date_sealed`;
}

async function readBirthDate(personal: Personal, institutionId: string, user: number): Promise<string | undefined> {
  const [row] = await sql<{ birth_date_sealed: Buffer }[]>`
    select birth_date_sealed from user_personal_data
    where institution_id = ${institutionId} and institution_user_id = ${userId(user)}`;
  return personal.open(placeOf(institutionId, user), row?.birth_date_sealed ?? null);
}

describe('a sealed value', () => {
  test('opens where it was sealed, and looks different each time', async () => {
    const institutionId = await makeInstitution();
    const personal = openPersonalData(sql, keyRing);
    await personal.prepare(institutionId);
    const place = placeOf(institutionId, 1);
    const sealed = personal.seal(place, 'Zoë 1989-10-09');
    expect(await personal.open(place, sealed)).toBe('Zoë 1989-10-09');
    expect(personal.seal(place, 'Zoë 1989-10-09').equals(sealed)).toBe(false);
    expect(sealed.includes('1989')).toBe(false);
    expect(await personal.open(place, null)).toBeUndefined();
  });

  test('opens in no other row, column, table or institution, and not when one bit is changed', async () => {
    const institutionId = await makeInstitution();
    const other = await makeInstitution();
    const personal = openPersonalData(sql, keyRing);
    await personal.prepare(institutionId);
    await personal.prepare(other);
    const place = placeOf(institutionId, 1);
    const sealed = personal.seal(place, '1989-10-09');
    const elsewhere: SealedPlace[] = [
      { ...place, rowId: userId(2) },
      { ...place, column: 'ssn_sealed' },
      { ...place, table: 'identification_documents' },
      { ...place, institutionId: other },
    ];
    for (const wrong of elsewhere) await expect(personal.open(wrong, sealed)).rejects.toThrow('is not what was sealed there');
    for (const at of [0, 3, 6, 20, sealed.length - 1]) {
      const changed = Buffer.from(sealed);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      await expect(personal.open(place, changed)).rejects.toThrow('is not what was sealed there');
    }
    await expect(personal.open(place, sealed.subarray(0, 5))).rejects.toThrow('is not what was sealed there');
  });

  test('is looked up by a hash that another institution does not share', async () => {
    const [one, other] = [await makeInstitution(), await makeInstitution()];
    const personal = openPersonalData(sql, keyRing);
    await personal.prepare(one);
    await personal.prepare(other);
    const index = personal.blindIndex(one, 'ssn', '900112233');
    expect(personal.blindIndex(one, 'ssn', '900112233').equals(index)).toBe(true);
    expect(personal.blindIndex(other, 'ssn', '900112233').equals(index)).toBe(false);
    expect(personal.blindIndex(one, 'ssn', '900112234').equals(index)).toBe(false);
  });
});

describe('the keys of an institution', () => {
  test('are made once, however many processes need them first', async () => {
    const institutionId = await makeInstitution();
    const processes = Array.from({ length: 8 }, () => openPersonalData(sql, keyRing));
    await Promise.all(processes.map((personal) => personal.prepare(institutionId)));
    const place = placeOf(institutionId, 1);
    const [first, ...others] = processes;
    const sealed = first?.seal(place, 'x') ?? null;
    for (const personal of others) expect(await personal.open(place, sealed)).toBe('x');
    expect(await readDataKeyStatus(sql, institutionId)).toHaveLength(2);
  });

  test('are lost with a transaction that fails, and nothing else is', async () => {
    const institutionId = await makeInstitution();
    const personal = openPersonalData(sql, keyRing);
    const failing = sql.begin(async (tx) => {
      const box = await personalDataIn(tx, keyRing, institutionId);
      box.seal(placeOf(institutionId, 1), 'x');
      throw new Error('given up');
    });
    await expect(failing).rejects.toThrow('given up');
    await personal.prepare(institutionId);
    expect(await personal.open(placeOf(institutionId, 1), personal.seal(placeOf(institutionId, 1), 'y'))).toBe('y');
  });

  test('are not stored in clear', async () => {
    const institutionId = await makeInstitution();
    await openPersonalData(sql, keyRing).prepare(institutionId);
    await expect(openPersonalData(sql, createKeyRing(randomBytes(32))).prepare(institutionId)).rejects.toThrow(
      'was wrapped under another master key',
    );
  });
});

describe('rotation', () => {
  test('encrypts exactly the values under old keys again, and may be stopped in between', async () => {
    const institutionId = await makeInstitution();
    await insertUsers(institutionId, 450);
    const personal = openPersonalData(sql, keyRing);
    await personal.prepare(institutionId);
    for (let user = 0; user < 430; user += 1) await saveBirthDate(personal, institutionId, user, `day ${user}`);
    const keyNumber = await write(institutionId, personal)((one) => rotateDataKey(one, keyRing, institutionId));
    for (let user = 430; user < 450; user += 1) await saveBirthDate(personal, institutionId, user, `day ${user}`);
    const fresh = await sql<{ xmin: string }[]>`
      select xmin::text from user_personal_data where institution_id = ${institutionId} and institution_user_id >= ${userId(430)}`;

    // A row that somebody is writing is left for the next run.
    await sql.begin(async (tx) => {
      await tx`select 1 from user_personal_data where institution_id = ${institutionId} and institution_user_id = ${userId(5)} for update`;
      expect(await reencryptPersonalData(sql, keyRing, [institutionId], silentLog)).toBe(429);
    });
    const counts = async () =>
      (await readDataKeyStatus(sql, institutionId))
        .filter(({ purpose }) => purpose === 'data')
        .map(({ state, values }) => [state, values]);
    expect(await counts()).toEqual([
      ['retired', 1],
      ['current', 449],
    ]);
    expect(await reencryptPersonalData(sql, keyRing, [institutionId], silentLog)).toBe(1);
    expect(await counts()).toEqual([
      ['retired', 0],
      ['current', 450],
    ]);
    expect(await reencryptPersonalData(sql, keyRing, [institutionId], silentLog)).toBe(0);

    expect(keyNumber).toBe(3);
    for (const user of [0, 5, 199, 200, 429, 449]) expect(await readBirthDate(personal, institutionId, user)).toBe(`day ${user}`);
    const after = await sql<{ xmin: string }[]>`
      select xmin::text from user_personal_data where institution_id = ${institutionId} and institution_user_id >= ${userId(430)}`;
    expect(after.map(({ xmin }) => xmin)).toEqual(fresh.map(({ xmin }) => xmin));
  });

  test('loses nothing that is written meanwhile, also by a process that has not heard of it', async () => {
    const institutionId = await makeInstitution();
    await insertUsers(institutionId, 40);
    const [rotating, unaware] = [openPersonalData(sql, keyRing), openPersonalData(sql, keyRing)];
    await rotating.prepare(institutionId);
    await unaware.prepare(institutionId);
    for (let user = 0; user < 40; user += 1) await saveBirthDate(unaware, institutionId, user, `first ${user}`);
    const writing = (async () => {
      for (let user = 0; user < 40; user += 1) await saveBirthDate(unaware, institutionId, user, `second ${user}`);
    })();
    for (let round = 0; round < 3; round += 1) {
      await write(institutionId, rotating)((one) => rotateDataKey(one, keyRing, institutionId));
      await reencryptPersonalData(sql, keyRing, [institutionId], silentLog);
    }
    await writing;
    await reencryptPersonalData(sql, keyRing, [institutionId], silentLog);
    for (let user = 0; user < 40; user += 1) {
      expect(await readBirthDate(rotating, institutionId, user)).toBe(`second ${user}`);
      // Values under a key that it has not heard of make a process look again.
      expect(await readBirthDate(unaware, institutionId, user)).toBe(`second ${user}`);
    }
    const old = (await readDataKeyStatus(sql, institutionId)).filter(({ state }) => state === 'retired');
    expect(old.map(({ values }) => values)).toEqual([0, 0, 0]);
  });

  test('goes on past a value that was tampered with', async () => {
    const institutionId = await makeInstitution();
    await insertUsers(institutionId, 3);
    const personal = openPersonalData(sql, keyRing);
    await personal.prepare(institutionId);
    for (const user of [0, 1, 2]) await saveBirthDate(personal, institutionId, user, 'day');
    await sql`
      update user_personal_data set birth_date_sealed = set_byte(birth_date_sealed, 20, (get_byte(birth_date_sealed, 20) + 1) % 256)
      where institution_id = ${institutionId} and institution_user_id = ${userId(1)}`;
    await write(institutionId, personal)((one) => rotateDataKey(one, keyRing, institutionId));
    expect(await reencryptPersonalData(sql, keyRing, [institutionId], silentLog)).toBe(2);
  });

  test('looks through a table in parts, and at a key no more when all tables were seen empty of it long after', async () => {
    const institutionId = await makeInstitution();
    await insertUsers(institutionId, 3);
    await sql`
      insert into alert_outcomes (institution_id, event_seq, event_id, alert_type_name, occurred_at, processed_at, reason)
      select ${institutionId}, n, 'e' || n, 'LOGIN', clock_timestamp(), clock_timestamp(), 'NO_DESTINATION' from generate_series(1, 11000) n`;
    const personal = openPersonalData(sql, keyRing);
    await personal.prepare(institutionId);
    const sealLast = async () => {
      const [row] = await sql<{ id: bigint }[]>`
        select max(alert_outcome_id) as id from alert_outcomes where institution_id = ${institutionId}`;
      const id = row?.id ?? 0n;
      const place = { institutionId, table: 'alert_outcomes', column: 'content_sealed', rowId: String(id) } as const;
      await sql`
        update alert_outcomes set reason = null, content_sealed = ${personal.seal(place, 'words')}
        where institution_id = ${institutionId} and alert_outcome_id = ${String(id)}`;
    };
    const emptied = async () => {
      const rows = await sql<{ key_number: number }[]>`
        select key_number from data_keys where institution_id = ${institutionId} and emptied_at is not null`;
      return rows.length;
    };
    await sealLast();
    await saveBirthDate(personal, institutionId, 0, 'day');
    await write(institutionId, personal)((one) => rotateDataKey(one, keyRing, institutionId));
    expect(await reencryptPersonalData(sql, keyRing, [institutionId], silentLog)).toBe(2);
    expect(await emptied()).toBe(0);
    await sql`update data_keys set retired_at = retired_at - interval '6 minutes' where institution_id = ${institutionId}`;
    expect(await reencryptPersonalData(sql, keyRing, [institutionId], silentLog)).toBe(0);
    expect(await emptied()).toBe(1);
  });

  test('leaves a row in the activity log', async () => {
    const institutionId = await makeInstitution();
    await write(institutionId)((one) => rotateDataKey(one, keyRing, institutionId));
    await write(institutionId)((one) => destroyDataKeys(one, institutionId));
    const rows = await sql<
      { kind: string }[]
    >`select kind from activities where institution_id = ${institutionId} order by activity_id`;
    expect(rows.map(({ kind }) => kind)).toEqual(['data_key_rotated', 'data_keys_destroyed']);
  });
});

describe('destroyed keys', () => {
  test('leave values that nobody can read, and a place for new ones', async () => {
    const [institutionId, other] = [await makeInstitution(), await makeInstitution()];
    await insertUsers(institutionId, 2);
    const personal = openPersonalData(sql, keyRing);
    await personal.prepare(institutionId);
    await personal.prepare(other);
    await saveBirthDate(personal, institutionId, 0, 'gone');
    const kept = personal.seal(placeOf(other, 0), 'kept');
    await write(institutionId, personal)((one) => rotateDataKey(one, keyRing, institutionId));
    await write(institutionId, personal)((one) => destroyDataKeys(one, institutionId));
    const [row] =
      await sql`select count(*) as count from data_keys where institution_id = ${institutionId} and wrapped_key is not null`;
    expect(row).toEqual({ count: 0n });
    expect(await readBirthDate(personal, institutionId, 0)).toBeUndefined();
    expect(await readBirthDate(openPersonalData(sql, keyRing), institutionId, 0)).toBeUndefined();
    expect(await personal.open(placeOf(other, 0), kept)).toBe('kept');
    expect(await reencryptPersonalData(sql, keyRing, [institutionId], silentLog)).toBe(0);

    await personal.prepare(institutionId);
    await saveBirthDate(personal, institutionId, 1, 'new');
    expect(await readBirthDate(personal, institutionId, 1)).toBe('new');
    expect(await readBirthDate(personal, institutionId, 0)).toBeUndefined();
  });
});

test('other processes learn of new and destroyed keys by the change feed', async () => {
  const institutionId = await makeInstitution();
  const [here, there] = [openPersonalData(sql, keyRing), openPersonalData(sql, keyRing)];
  const reload = (personal: Personal) => (change: { readonly topic: string; readonly subject: string }) =>
    change.topic === 'data_keys_changed' ? personal.reload(change.subject) : undefined;
  const feeds = [await openChangeFeed(sql, silentLog, reload(here)), await openChangeFeed(sql, silentLog, reload(there))];
  try {
    for (const personal of [here, there]) await personal.prepare(institutionId);
    const place = placeOf(institutionId, 1);
    const keyNumberOf = (sealed: Buffer) => sealed.readUInt32BE(1);
    const old = there.seal(place, 'x');
    const newNumber = await rotateDataKeyOf({ sql, keyRing }, institutionId);
    await eventually(() => keyNumberOf(there.seal(place, 'x')) === newNumber);
    expect(await there.open(place, old)).toBe('x');
    await destroyDataKeysOf({ sql, keyRing }, institutionId);
    await eventually(async () => (await there.open(place, old)) === undefined);
    expect(() => there.seal(place, 'x')).toThrow('has no data key');
    await there.prepare(institutionId);
    // A process that has not asked yet makes no second key.
    await here.prepare(institutionId);
    expect(await here.open(place, there.seal(place, 'y'))).toBe('y');
  } finally {
    for (const feed of feeds) await feed.close();
  }
});

test('every sealed column of the schema is known to rotation', async () => {
  const listed = sealedTableNames.flatMap((table) => sealedTables[table].columns.map((column) => `${table}.${column}`));
  const columns = await sql<{ name: string }[]>`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and column_name like '%\\_sealed'`;
  // These are sealed under keys of the platform, and replaced or thrown away by themselves.
  const others = [
    'signing_keys.private_key_sealed',
    'refresh_tokens.answer_sealed',
    'replays.answer_sealed',
    'institution_document_keys.private_key_sealed',
  ];
  const known = new Set<string>([...listed, ...others]);
  expect(columns.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  expect(listed.filter((name) => !columns.some((column) => column.name === name))).toEqual([]);
});
