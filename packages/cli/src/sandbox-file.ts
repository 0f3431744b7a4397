import { readFileSync } from 'node:fs';
import { isRecord } from './is-record.ts';
import { UsageError } from './usage-error.ts';

export interface SandboxApplication {
  readonly name: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly grants: readonly string[];
  readonly scopes: readonly string[];
  readonly edition: string;
}

export interface SandboxCustomer {
  readonly customerId: string;
  readonly institutionUserId: string;
  readonly loginId: string;
  readonly password: string;
  readonly memberNumber: string;
  readonly userType: string;
  readonly role: string;
  readonly parentInstitutionUserId?: string;
  readonly state: string;
}

export interface SandboxInstitution {
  readonly institutionId: string;
  readonly name: string;
  readonly applications: readonly SandboxApplication[];
  readonly customers: readonly SandboxCustomer[];
}

/** What the server writes about its sandbox on its first start. */
export interface SandboxFile {
  readonly baseUrl: string;
  readonly sandboxKey: string;
  readonly institutions: readonly SandboxInstitution[];
}

/** @throws {UsageError} when the file cannot be read, or is something else */
export function readSandboxFile(file: string): SandboxFile {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new UsageError(`${file} is not there: start the server first, or name the file by --sandbox`);
    throw new UsageError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  try {
    return parse(JSON.parse(text));
  } catch (error) {
    throw new UsageError(`${file} is no sandbox file: ${error instanceof Unfit ? error.message : 'it is not JSON'}`);
  }
}

class Unfit extends Error {}

function parse(value: unknown): SandboxFile {
  return {
    baseUrl: text(value, 'baseUrl'),
    sandboxKey: text(value, 'sandboxKey'),
    institutions: list(value, 'institutions').map((institution) => ({
      institutionId: text(institution, 'institutionId'),
      name: text(institution, 'name'),
      applications: list(institution, 'applications').map(parseApplication),
      customers: list(institution, 'customers').map(parseCustomer),
    })),
  };
}

function parseApplication(value: unknown): SandboxApplication {
  return {
    name: text(value, 'name'),
    clientId: text(value, 'clientId'),
    clientSecret: text(value, 'clientSecret'),
    grants: list(value, 'grants').map(String),
    scopes: list(value, 'scopes').map(String),
    edition: text(value, 'edition'),
  };
}

function parseCustomer(value: unknown): SandboxCustomer {
  const parent = isRecord(value) ? value['parentInstitutionUserId'] : undefined;
  return {
    customerId: text(value, 'customerId'),
    institutionUserId: text(value, 'institutionUserId'),
    loginId: text(value, 'loginId'),
    password: text(value, 'password'),
    memberNumber: text(value, 'memberNumber'),
    userType: text(value, 'userType'),
    role: text(value, 'role'),
    ...(typeof parent === 'string' ? { parentInstitutionUserId: parent } : {}),
    state: text(value, 'state'),
  };
}

function text(value: unknown, name: string): string {
  const member = isRecord(value) ? value[name] : undefined;
  if (typeof member !== 'string') throw new Unfit(`${name} is missing`);
  return member;
}

function list(value: unknown, name: string): readonly unknown[] {
  const member = isRecord(value) ? value[name] : undefined;
  if (!Array.isArray(member)) throw new Unfit(`${name} is missing`);
  return member;
}
