import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { isRecord } from '../is-record.ts';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { readDash } from '../read-dash.ts';
import { toInstitutionId } from '../to-institution-id.ts';
import { UsageError } from '../usage-error.ts';

export function showPolicyCommand(): Command {
  return newCommand('show-policy', 'Show a policy of an institution, defaults included')
    .argument('<institution-id>', 'five digits', toInstitutionId)
    .argument('<policy>', 'moneyMovement, accounts, transactions, ...')
    .action(async (institutionId: string, name: string) => {
      const { openInstitutionDirectory } = await import('@openbranch/server/platform/institutions/institution-directory');
      const { isPolicyName, policyText } = await policies();
      if (!isPolicyName(name)) throw await noSuchPolicy(name);
      const institution = await onServerData(async ({ sql }) => (await openInstitutionDirectory(sql)).find(institutionId));
      if (institution === undefined) throw noSuchInstitution(institutionId);
      console.log(formatted(policyText(institution.policies[name])));
    });
}

export function setPolicyCommand(): Command {
  return newCommand('set-policy', 'Change members of a policy of an institution')
    .argument('<institution-id>', 'five digits', toInstitutionId)
    .argument('<policy>', 'moneyMovement, accounts, transactions, ...')
    .argument('<members>', 'a JSON object; - reads it from standard input')
    .addHelpText(
      'after',
      `
What is not named stays as it is; null is the default. Amounts are minor units (cents). Prints the whole policy.

Example:
  openbranch institutions set-policy 12345 moneyMovement '{"transferLimitMinor": 500000, "bankHolidays": ["2027-07-05"]}'`,
    )
    .action(async (institutionId: string, name: string, members: string) => {
      const { isPolicyName, policyText } = await policies();
      if (!isPolicyName(name)) throw await noSuchPolicy(name);
      const change = toMembers((await readDash({ members })).members);
      const { changePolicy } = await import('@openbranch/server/platform/institutions/change-policy');
      const outcome = await onServerData(({ sql }) => changePolicy(sql, institutionId, name, change));
      if (outcome.kind === 'institutionNotFound') throw noSuchInstitution(institutionId);
      if (outcome.kind === 'policyInvalid') throw new UsageError(outcome.detail);
      console.log(formatted(policyText(outcome.policy)));
    });
}

const policies = () => import('@openbranch/server/kernel/read-policy');

function toMembers(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (isRecord(value)) return value;
  } catch {
    // Told below, without what was given.
  }
  throw new UsageError('<members> takes a JSON object like {"transferLimitMinor": 500000}');
}

async function noSuchPolicy(name: string): Promise<UsageError> {
  return new UsageError(`there is no policy ${name}, but ${(await policies()).policyNames.join(', ')}`);
}

function noSuchInstitution(institutionId: string): CommandFailure {
  return new CommandFailure(`There is no institution ${institutionId}: see openbranch institutions list.`);
}

function formatted(json: string): string {
  return JSON.stringify(JSON.parse(json), undefined, 2);
}
