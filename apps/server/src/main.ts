import { SetupError } from './platform/db/setup-error.ts';
import { type Server, startServer } from './serve.ts';

/** The entry of `npm start` and `openbranch serve`: starts, says where everything is, and stops when asked to. */

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function banner({ baseUrl, config, sandbox }: Server): string {
  const lines = [
    '',
    `Openbranch is ready (${config.mode} mode).`,
    '',
    `  Base URL     ${baseUrl}`,
    `  Reference    ${baseUrl}/docs`,
  ];
  if (sandbox !== undefined)
    lines.push(
      `  Credentials  ${sandbox.files.sandbox}`,
      `  Postman      ${baseUrl}/postman.json with ${sandbox.files.postmanEnvironment}`,
    );
  if (sandbox !== undefined) lines.push(`  Inbox        ${baseUrl}/inbox#key=${sandbox.seed.sandboxKey}`);
  lines.push(`  Log          ${config.logFile ?? 'standard output'}`);
  const institution = sandbox?.seed.institutions[0];
  const application = institution?.applications[0];
  if (sandbox !== undefined && institution !== undefined && application !== undefined) {
    lines.push(
      '',
      'Get a token:',
      '',
      `  curl -s ${baseUrl}/oauth2/v1/token -u ${application.clientId}:${sandbox.seed.secretOf(application.clientId)} \\`,
      `    -H "transactionId: $(cat /proc/sys/kernel/random/uuid)" -H 'institutionId: ${institution.institutionId}' -d grant_type=client_credentials`,
    );
  }
  return [...lines, '', 'Stop with Ctrl-C.', ''].join('\n');
}

async function run(): Promise<void> {
  // A password hash takes a thread for 15 ms; files and DNS must find one all the same.
  process.env['UV_THREADPOOL_SIZE'] ??= String(
    (Number(process.env['OPENBRANCH_HASH_WORKERS']) || navigator.hardwareConcurrency) + 2,
  );
  let server: Server | undefined;
  let stopping: Promise<void> | undefined;
  const stop = (exitCode: number): void => {
    // Half-way through a start nobody is served yet: what was begun is undone by the next start.
    if (server === undefined) process.exit(exitCode);
    // A second signal while we stop changes nothing.
    stopping ??= server.stop().then(
      () => process.exit(exitCode),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  const stopBecause = (reason: string): void => {
    if (stopping === undefined) say(`${reason}: running requests end first.`);
    stop(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => stopBecause('Stopping'));
  // Without the process that watches over us nobody could stop us by its terminal any more.
  if (process.connected) process.once('disconnect', () => stopBecause('The process that started this server is gone, stopping'));
  // A terminal or a reader that went away must not keep us from ending well.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  server = await startServer(process.env, { info: say, warn: say, error: say });
  void server.failure.then((error) => {
    console.error(error.message);
    stop(1);
  });
  say(banner(server));
  // Tells who watches over us that from now on an end is no failed start.
  process.send?.('ready');
}

run().catch((error: unknown) => {
  if (error instanceof SetupError) console.error(error.message);
  else if (error instanceof Error && Reflect.get(error, 'code') === 'EADDRINUSE') {
    console.error(`Port ${Reflect.get(error, 'port')} is taken: set PORT to another one.`);
  } else console.error(error);
  process.exit(1);
});
