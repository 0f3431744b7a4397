import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describePasswordPolicy } from '../kernel/credential-policy.ts';
import type { Institution } from '../kernel/institution.ts';
import type { LineLog } from '../platform/db/line-log.ts';
import { createAddressLimit } from './address-limit.ts';
import { type FormFields, parseForm, registerBodyParser } from './body-parsers.ts';
import {
  chooseInstitutionPage,
  codePage,
  disownedPage,
  disownPage,
  donePage,
  failurePage,
  linkTooOldPage,
  loginPage,
  passwordPage,
  recoveryColors,
  recoveryPagePolicy,
  recoveryStyles,
  startAgainPage,
  tooOftenPage,
} from './recovery-document.ts';
import { sendContent, toContent } from './send-content.ts';

/** What the pages ask of the program. */
export interface RecoveryPagesOptions {
  readonly findInstitution: (institutionId: string) => Institution | undefined;
  /** Those that a visitor without a complete link may choose from. */
  readonly listInstitutions: () => readonly Institution[];
  readonly request: (visit: Visit, loginName: string, wish: 'SMS' | 'VOICE' | 'EMAIL' | undefined) => Promise<void>;
  readonly enter: (visit: Visit, loginName: string, passcode: string) => Promise<string | undefined>;
  readonly complete: (visit: Visit, session: string, password: string) => Promise<'done' | 'sessionRefused' | 'passwordRefused'>;
  readonly disown: (visit: Visit, token: string) => Promise<boolean>;
  readonly log: LineLog;
}

interface Visit {
  readonly institution: Institution;
  /** As far as trusted proxies tell. */
  readonly address: string;
}

type Handler = (visit: Visit, fields: FormFields, reply: FastifyReply) => Promise<FastifyReply>;

const longestField = 256;
/** Enough for the people behind one address of a company, too few for trying passcodes. */
const formsInFiveMinutes = 100;

/**
 * The hosted pages of password recovery. Forms only: they work without script. Until the passcode is right, no page says
 * or shows by status, header or time whether somebody has the login name.
 */
export function registerRecoveryPages(app: FastifyInstance, options: RecoveryPagesOptions): void {
  const styles = toContent('text/css; charset=utf-8', recoveryStyles);
  app.get('/recover/recover.css', (request, reply) => sendContent(request, reply, styles, 'no-cache'));
  app.get<{ Params: { color: string } }>('/recover/colors/:color', (request, reply) => {
    const color = /^([0-9a-f]{6})\.css$/iu.exec(request.params.color)?.[1];
    if (color === undefined) return reply.code(404).send();
    return sendContent(request, reply, toContent('text/css; charset=utf-8', recoveryColors(color)), 'public, max-age=86400');
  });
  app.register(async (scope) => {
    registerBodyParser(scope, 'form');
    scope.addHook('onRequest', async (_request, reply) => {
      // Pages hold login names and sessions: nobody may keep them, frame them or learn where a visitor came from.
      reply.headers({
        'content-security-policy': recoveryPagePolicy,
        'referrer-policy': 'no-referrer',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
    });
    scope.setErrorHandler((error, _request, reply) => {
      const name = error instanceof Error ? error.name : typeof error;
      options.log.error(`A recovery page has failed: ${name}.`);
      return sendPage(reply, name === 'HasherBusyError' ? 503 : 500, failurePage());
    });
    registerForms(scope, options);
  });
}

function registerForms(scope: FastifyInstance, options: RecoveryPagesOptions): void {
  const page = (request: FastifyRequest, reply: FastifyReply, fields: FormFields, handler: Handler) => {
    const institution = options.findInstitution(fields['institution'] ?? '');
    if (institution?.isActive !== true) {
      const isNamed = (fields['institution'] ?? '') !== '';
      return sendPage(
        reply,
        isNamed || request.method === 'POST' ? 404 : 200,
        chooseInstitutionPage(options.listInstitutions(), isNamed),
      );
    }
    return handler({ institution, address: request.ip }, fields, reply);
  };
  const limit = createAddressLimit(formsInFiveMinutes);
  const get = (path: string, handler: Handler): void => {
    scope.get(path, (request, reply) => page(request, reply, toFields(request.query), handler));
  };
  const post = (path: string, handler: Handler): void => {
    scope.post(path, (request, reply) => {
      const waitSeconds = limit.take(request.ip);
      if (waitSeconds !== undefined) return sendPage(reply.header('retry-after', String(waitSeconds)), 429, tooOftenPage());
      const form = parseForm(request.body);
      return page(request, reply, form.kind === 'fields' ? form.fields : {}, handler);
    });
  };
  get('/recover', async ({ institution }, fields, reply) =>
    sendPage(reply, 200, fields['step'] === 'code' ? codePage(institution, {}) : loginPage(institution, {})),
  );
  post('/recover/send', (visit, fields, reply) => askForPasscode(options, visit, fields, reply));
  post('/recover/verify', (visit, fields, reply) => enterPasscode(options, visit, fields, reply));
  post('/recover/complete', (visit, fields, reply) => setPassword(options, visit, fields, reply));
  // A link is only looked at by GET: programs that scan mails follow links, and must not lock anybody out.
  get('/recover/not-me', async ({ institution }, fields, reply) =>
    sendPage(reply, 200, disownPage(institution, fieldOf(fields, 'token'))),
  );
  post('/recover/not-me', async (visit, fields, reply) =>
    (await options.disown(visit, fieldOf(fields, 'token')))
      ? sendPage(reply, 200, disownedPage(visit.institution))
      : sendPage(reply, 404, linkTooOldPage(visit.institution)),
  );
}

async function askForPasscode(
  options: RecoveryPagesOptions,
  visit: Visit,
  fields: FormFields,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { institution } = visit;
  const loginName = fieldOf(fields, 'loginName').trim();
  if (loginName === '') return sendPage(reply, 400, loginPage(institution, { error: 'Enter your login name.' }));
  const channel = channelOf(fieldOf(fields, 'channel'));
  await options.request(visit, loginName, channel);
  return sendPage(reply, 200, codePage(institution, { loginName, channel, isOnItsWay: true }));
}

async function enterPasscode(
  options: RecoveryPagesOptions,
  visit: Visit,
  fields: FormFields,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { institution } = visit;
  const loginName = fieldOf(fields, 'loginName').trim();
  const passcode = fieldOf(fields, 'passcode').trim();
  const session = loginName === '' || passcode === '' ? undefined : await options.enter(visit, loginName, passcode);
  if (session !== undefined) return sendPage(reply, 200, passwordPage(institution, { session, rules: rulesOf(institution) }));
  const error =
    loginName === ''
      ? 'Enter your login name.'
      : passcode === ''
        ? 'Enter the passcode from our message.'
        : 'This passcode is wrong or no longer good. Check it, or ask for another one.';
  return sendPage(reply, 400, codePage(institution, { loginName, channel: channelOf(fieldOf(fields, 'channel')), error }));
}

async function setPassword(
  options: RecoveryPagesOptions,
  visit: Visit,
  fields: FormFields,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { institution } = visit;
  const session = fieldOf(fields, 'session');
  const password = fieldOf(fields, 'newPassword');
  const rules = rulesOf(institution);
  if (password !== fieldOf(fields, 'repeatedPassword')) {
    return sendPage(
      reply,
      400,
      passwordPage(institution, { session, rules, error: 'The two passwords are not the same. Type both again.' }),
    );
  }
  switch (await options.complete(visit, session, password)) {
    case 'done':
      return sendPage(reply, 200, donePage(institution));
    case 'passwordRefused':
      return sendPage(
        reply,
        400,
        passwordPage(institution, { session, rules, error: `This password cannot be used. It needs ${rules}` }),
      );
    case 'sessionRefused':
      return sendPage(reply, 400, startAgainPage(institution));
  }
}

function rulesOf({ policies }: Institution): string {
  return describePasswordPolicy(policies.credentials);
}

function sendPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(html);
}

function fieldOf(fields: FormFields, name: string): string {
  return (fields[name] ?? '').slice(0, longestField);
}

function toFields(query: unknown): FormFields {
  if (typeof query !== 'object' || query === null) return {};
  return Object.fromEntries(Object.entries(query).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
}

function channelOf(text: string): 'SMS' | 'VOICE' | 'EMAIL' | undefined {
  return text === 'SMS' || text === 'VOICE' || text === 'EMAIL' ? text : undefined;
}
