import { type Command, Option } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { addOutputOptions, isTable, type OutputFlags } from '../print-answer.ts';
import { formatTable } from '../table.ts';
import { toInstitutionId } from '../to-institution-id.ts';
import { UsageError } from '../usage-error.ts';
import { wholeNumber } from '../whole-number.ts';
import { setCustomerLimitsCommand } from './institutions-customer-limits.ts';
import { setPolicyCommand, showPolicyCommand } from './institutions-policy.ts';

/** `openbranch institutions ...`: the tenants of the installation. */
export function institutionsCommand(): Command {
  return newCommand('institutions', 'Add institutions and set their policies')
    .addCommand(listCommand())
    .addCommand(createCommand())
    .addCommand(setLockoutCommand())
    .addCommand(setDisclosuresCommand())
    .addCommand(showPolicyCommand())
    .addCommand(setPolicyCommand())
    .addCommand(setCustomerLimitsCommand());
}

function listCommand(): Command {
  return addOutputOptions(newCommand('list', 'List the institutions')).action(async (flags: OutputFlags) => {
    const { openInstitutionDirectory } = await import('@openbranch/server/platform/institutions/institution-directory');
    const institutions = await onServerData(async ({ sql }) =>
      (await openInstitutionDirectory(sql)).all().toSorted((one, other) => one.institutionId.localeCompare(other.institutionId)),
    );
    if (!isTable(flags)) return console.log(JSON.stringify(institutions, amountAsNumber, 2));
    const rows = institutions.map(({ institutionId, name, timeZone, policies: { lockout } }) => [
      institutionId,
      name,
      timeZone,
      `after ${lockout.maxFailed}`,
      lockout.autoUnlockMinutes === 0 ? 'by hand' : `after ${lockout.autoUnlockMinutes} min`,
    ]);
    console.log(formatTable(['institution', 'name', 'time zone', 'locks', 'unlocks'], rows));
  });
}

interface CreateFlags {
  readonly name: string;
  readonly timeZone: string;
}

function createCommand(): Command {
  return newCommand('create', 'Add an institution')
    .argument('<institution-id>', 'five digits', toInstitutionId)
    .requiredOption('--name <name>', 'its name (required)')
    .option('--time-zone <zone>', 'IANA name of its time zone', toTimeZone, 'America/Los_Angeles')
    .action(async (institutionId: string, { name, timeZone }: CreateFlags) => {
      if (!/^\P{Cc}{1,100}$/u.test(name)) throw new UsageError('--name takes 1 to 100 letters');
      const { createInstitution } = await import('@openbranch/server/platform/institutions/create-institution');
      const outcome = await onServerData(({ sql, keyRing }) =>
        createInstitution(sql, keyRing, { institutionId, name, timeZone }),
      );
      if (!outcome.ok) throw new CommandFailure(`Institution ${institutionId} is there already.`);
      console.log(`Institution ${institutionId} is there.`);
    });
}

interface LockoutFlags {
  readonly maxFailed: number;
  readonly autoUnlockMinutes: number;
}

function setLockoutCommand(): Command {
  return newCommand('set-lockout', 'Set when failed sign-ins lock a user')
    .argument('<institution-id>', 'five digits', toInstitutionId)
    .requiredOption('--max-failed <count>', 'failures that lock, 3 to 10 (required)', wholeNumber('--max-failed', 3, 10))
    .option('--auto-unlock-minutes <minutes>', '0: until somebody unlocks', wholeNumber('--auto-unlock-minutes', 0, 43_200), 0)
    .action(async (institutionId: string, { maxFailed, autoUnlockMinutes }: LockoutFlags) => {
      const { setLockoutPolicy } = await import('@openbranch/server/platform/institutions/set-lockout-policy');
      const policy = { maxFailed, autoUnlockMinutes };
      const outcome = await onServerData(({ sql }) => setLockoutPolicy(sql, institutionId, policy));
      if (!outcome.ok) throw new CommandFailure(`There is no institution ${institutionId}: see openbranch institutions list.`);
      const unlock = autoUnlockMinutes === 0 ? 'until somebody unlocks' : `for ${autoUnlockMinutes} minutes`;
      console.log(`Institution ${institutionId} locks a user after ${maxFailed} failed sign-ins, ${unlock}.`);
    });
}

interface DisclosuresFlags {
  readonly required: readonly string[];
  readonly multiStatement: 'on' | 'off';
}

function setDisclosuresCommand(): Command {
  return newCommand('set-disclosures', 'Set what must be accepted to register, and how statements are chosen')
    .argument('<institution-id>', 'five digits', toInstitutionId)
    .option('--required <name...>', 'disclosures that must be accepted, as far as they are enabled', ['IB'])
    .addOption(
      new Option('--multi-statement <choice>', 'paper or electronic is chosen for each account (on) or once for the user (off)')
        .choices(['on', 'off'])
        .default('on'),
    )
    .action(async (institutionId: string, { required, multiStatement }: DisclosuresFlags) => {
      const { isDisclosureName, mostRequiredDisclosures } = await import('@openbranch/server/kernel/registration-policy');
      const names = required.filter((name) => name !== 'none');
      if (names.length > mostRequiredDisclosures || !names.every(isDisclosureName))
        throw new UsageError(`--required takes "none" or up to ${mostRequiredDisclosures} names of at most 20 letters`);
      const { setDisclosurePolicy } = await import('@openbranch/server/platform/institutions/set-disclosure-policy');
      const policy = { requiredDisclosures: names, multiStatement: multiStatement === 'on' };
      const outcome = await onServerData(({ sql }) => setDisclosurePolicy(sql, institutionId, policy));
      if (!outcome.ok) throw new CommandFailure(`There is no institution ${institutionId}: see openbranch institutions list.`);
      const wants = names.length === 0 ? 'nothing' : names.join(', ');
      console.log(
        `Institution ${institutionId} wants ${wants} accepted; statements are chosen ${multiStatement === 'on' ? 'for each account' : 'once for the user'}.`,
      );
    });
}

function toTimeZone(text: string): string {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new UsageError(`--time-zone takes a name like America/New_York, not ${text}`);
  }
}

/** Amounts of policies are minor units: whole numbers. */
function amountAsNumber(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}
