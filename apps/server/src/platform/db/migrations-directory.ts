import { join } from 'node:path';

/** The folder of our own SQL files. */
export const migrationsDirectory = join(import.meta.dirname, '..', '..', '..', 'migrations');
