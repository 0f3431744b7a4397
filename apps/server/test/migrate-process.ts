// A process of its own that migrates a database and says in JSON what it applied. Arguments: the database's URL, the folder.
import { migrate } from '../src/platform/db/migrate.ts';

const [, , url = '', directory = ''] = process.argv;
const ignore = () => undefined;
console.log(JSON.stringify(await migrate({ url }, directory, { info: ignore, warn: ignore, error: ignore })));
