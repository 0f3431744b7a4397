import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EnvironmentValues } from '@openbranch/contract/examples';
import { postmanEnvironment } from '@openbranch/contract/postman';
import { userPreferences } from '../domain/demo-alert-preferences.ts';
import { type DemoContactData, demoContactData } from '../domain/demo-contact-data.ts';
import { demoPersonalData } from '../domain/demo-personal-data.ts';
import { keyOf, places } from '../domain/demo-places.ts';
import type { SeedCustomer, SeedInstitution, SeedLocation } from '../domain/seed-plan.ts';
import { documentKeyFile } from './document-keys.ts';
import { shownImages } from './plant-books.ts';
import type { SandboxSeed } from './sandbox-seed.ts';
import { noAccounts, type SeedAccounts } from './seed-accounts.ts';

/** Everything that a script needs to use a sandbox; contains secrets. */
export function describeSandbox(seed: SandboxSeed, baseUrl: string, accounts: SeedAccounts = noAccounts) {
  return {
    baseUrl,
    sandboxKey: seed.sandboxKey,
    institutions: seed.institutions.map((institution) => describeInstitution(seed, institution, accounts)),
  };
}

function describeInstitution(seed: SandboxSeed, institution: SeedInstitution, accounts: SeedAccounts) {
  const { institutionId, name, applications, customers, disclosures, secondLocation } = institution;
  return {
    institutionId,
    name,
    disclosures: disclosures.map((one) => ({ institutionDisclosureId: one.institutionDisclosureId, name: one.name })),
    documentKeyFile: documentKeyFile(institutionId),
    applications: applications.map(({ name: applicationName, clientId, grants, scopes, edition }) => ({
      name: applicationName,
      clientId,
      clientSecret: seed.secretOf(clientId),
      grants,
      scopes,
      edition,
    })),
    customers: customers.map((customer, index) => ({
      customerId: customer.customerId,
      institutionUserId: customer.institutionUserId,
      loginId: customer.loginName,
      password: seed.passwordOf(customer),
      memberNumber: customer.memberNumber,
      userType: customer.userType,
      role: customer.role,
      ...(customer.parentInstitutionUserId === undefined ? {} : { parentInstitutionUserId: customer.parentInstitutionUserId }),
      state: customer.state,
      emailAddress: customer.emailAddress,
      ...demoPersonalData(institutionId, index, customer.userType),
      disclosures: customer.decisions.map(({ institutionUserDisclosureId, disclosure, status, accountId }) => ({
        institutionUserDisclosureId,
        name: disclosure.name,
        status,
        ...(accountId === undefined ? {} : { accountId }),
      })),
      ...contactDataOf(demoContactData(institutionId, index, customer)),
      ...(customer.institutionUserId === secondLocation.institutionUserId
        ? { locations: locationsOf(customer, secondLocation) }
        : {}),
      accounts: accounts(customer),
      ...preferencesOf(seed, institution, accounts, customer),
    })),
  };
}

/** What a customer wants to be told; planted with the accounts. */
function preferencesOf({ ids }: SandboxSeed, institution: SeedInstitution, accounts: SeedAccounts, customer: SeedCustomer) {
  if (accounts(customer).length === 0) return {};
  const { institutionId } = institution;
  const own = userPreferences(institution).filter(({ institutionUserId }) => institutionUserId === customer.institutionUserId);
  const alertPreferences = own.map(({ preferenceId, alertTypeName, channel, accountKey, isOpted, thresholdMinor }) => ({
    alertPrefId: Number(preferenceId),
    ...{ alertTypeName, channel, alertOpted: isOpted },
    ...(accountKey === undefined ? {} : { accountId: ids.encodeOne('account', institutionId, { accountKey, number: 0n }) }),
    ...(thresholdMinor === undefined ? {} : { threshold: Number(thresholdMinor) / 100 }),
  }));
  return { alertPreferences };
}

function locationsOf(customer: SeedCustomer, second: SeedLocation) {
  return [customer, second].map(({ customerId, memberNumber }) => ({ customerId, memberNumber }));
}

function contactDataOf({ contactMethods, postalAddresses }: DemoContactData) {
  return {
    contactMethods: contactMethods.map(({ contactMethodId, protocol, contactInfo, isActivated }) => ({
      id: String(contactMethodId),
      protocol,
      contactInfo,
      isActivated,
    })),
    postalAddresses: postalAddresses.map(({ addressType, streetAddress1, city, state, postalCode }) => ({
      type: addressType,
      address1: streetAddress1,
      city,
      state,
      postalCode,
    })),
  };
}

export interface SandboxFiles {
  readonly sandbox: string;
  readonly postmanEnvironment: string;
}

/**
 * Writes `sandbox.json` and `postman-environment.json`, readable by their owner only. They hold secrets, so they are
 * files and no routes: whoever merely reaches the server does not get them.
 * @returns Their paths.
 */
export async function writeSandboxFiles(
  dataDirectory: string,
  seed: SandboxSeed,
  baseUrl: string,
  accounts: SeedAccounts,
): Promise<SandboxFiles> {
  const files = {
    sandbox: join(dataDirectory, 'sandbox.json'),
    postmanEnvironment: join(dataDirectory, 'postman-environment.json'),
  };
  await writePrivately(files.sandbox, describeSandbox(seed, baseUrl, accounts));
  await writePrivately(files.postmanEnvironment, postmanEnvironment(postmanValues(seed, baseUrl)));
  return files;
}

/** Whole or not at all. */
async function writePrivately(file: string, value: object): Promise<void> {
  const aside = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(aside, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  await rename(aside, file);
}

/** Values of the Postman environment: the first institution of the sandbox. */
export function postmanValues(seed: SandboxSeed, baseUrl: string): EnvironmentValues {
  const [institution] = describeSandbox(seed, baseUrl).institutions;
  const [partner, mobile, legacy] = institution?.applications ?? [];
  const [active, other] =
    institution?.customers.filter(({ state, userType }) => state === 'active' && userType === 'RETAIL') ?? [];
  const locked = institution?.customers.find(({ state }) => state === 'locked');
  const custom = institution?.disclosures.at(-1);
  return {
    baseUrl,
    sandboxKey: seed.sandboxKey,
    institutionId: institution?.institutionId ?? '',
    clientId: partner?.clientId ?? '',
    clientSecret: partner?.clientSecret ?? '',
    mobileClientId: mobile?.clientId ?? '',
    mobileClientSecret: mobile?.clientSecret ?? '',
    legacyClientId: legacy?.clientId ?? '',
    legacyClientSecret: legacy?.clientSecret ?? '',
    customerId: active?.customerId ?? '',
    institutionUserId: active?.institutionUserId ?? '',
    loginId: active?.loginId ?? '',
    password: active?.password ?? '',
    contactMethodId: active?.contactMethods[0]?.id ?? '',
    otherCustomerId: other?.customerId ?? '',
    otherContactMethodId: other?.contactMethods[0]?.id ?? '',
    lockedCustomerId: locked?.customerId ?? '',
    institutionDisclosureId: custom?.institutionDisclosureId ?? '',
    institutionUserDisclosureId: active?.disclosures.find(({ name }) => name === custom?.name)?.institutionUserDisclosureId ?? '',
    memberNumber: active?.memberNumber ?? '',
    ...shownIds(seed, institution?.institutionId ?? ''),
    now: new Date().toISOString(),
    dayAgo: daysFromNow(-1),
    dayAhead: daysFromNow(1),
  };
}

function daysFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString();
}

/** Accounts and an image of the first customer; the same whenever the sandbox was planted. */
function shownIds({ ids }: SandboxSeed, institutionId: string) {
  const account = (slot: number): string =>
    ids.encodeOne('account', institutionId, { accountKey: keyOf(places.everyKind, slot), number: 0n });
  return {
    accountId: account(1),
    otherAccountId: account(2),
    cardAccountId: account(5),
    loanAccountId: account(6),
    imageIdentifier: ids.encodeOne('image', institutionId, { accountKey: shownImages.account, number: shownImages.cheque }),
  };
}

/** What the open reference may show of a sandbox: identifiers that fit each other, no secret. */
export function publicValues(seed: SandboxSeed): Partial<EnvironmentValues> {
  const open = postmanValues(seed, '');
  const { institutionId, customerId, institutionUserId, loginId, lockedCustomerId, memberNumber, now, dayAgo, dayAhead } = open;
  return {
    ...{ institutionId, customerId, institutionUserId, loginId, lockedCustomerId, memberNumber, now, dayAgo, dayAhead },
    ...shownIds(seed, institutionId),
  };
}
