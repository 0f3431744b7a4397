import { createTestDatabase } from '@openbranch/testkit/test-database';
import { expect, test } from 'vitest';
import { claimInstallation } from './claim-installation.ts';

test('a database opens only in the mode of its first start', async () => {
  const { database, drop } = await createTestDatabase();
  await Promise.all([claimInstallation(database.sql, 'production'), claimInstallation(database.sql, 'production')]);
  await expect(claimInstallation(database.sql, 'sandbox')).rejects.toThrow(
    'This database was made in production mode and cannot be opened in sandbox mode: set OPENBRANCH_MODE=production, or choose another database.',
  );
  await claimInstallation(database.sql, 'production');
  await drop();
});
