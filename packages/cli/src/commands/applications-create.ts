import { BlockList, isIP } from 'node:net';
import { scopes, toScope } from '@openbranch/contract/scopes';
import { type Command, Option } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { addOutputOptions, type OutputFlags, printAnswer } from '../print-answer.ts';
import { UsageError } from '../usage-error.ts';
import { wholeNumber } from '../whole-number.ts';

interface Flags extends OutputFlags {
  readonly name: string;
  readonly institution: readonly string[];
  readonly edition: 'v1' | 'v2';
  readonly grant: readonly string[];
  readonly scope: readonly string[];
  readonly address: readonly string[];
  readonly accessTtl?: number;
  readonly refreshTtl?: number;
  readonly quotaPerDay?: number;
  readonly spikePerSecond?: number;
  readonly introspection?: 'own' | 'institution';
}

const grantsOf = { v1: ['client_credentials', 'password'], v2: ['client_credentials', 'password', 'refresh_token'] } as const;
const longestTtl = 2_592_000;
const largestCount = 2_000_000_000;

/** `openbranch applications create`: registers an application and shows its secret, this once. */
export function applicationsCreateCommand(): Command {
  const command = newCommand('create', 'Register an application')
    .description('Registers an application and shows its secret key, this once: only a keyed hash of it is stored.')
    .requiredOption('--name <name>', 'its name (required)')
    .requiredOption('--institution <id...>', 'institutions that it may ask for, five digits each (required)')
    .requiredOption('--scope <scope...>', 'upper bound of its tokens; "all" for every scope (required)')
    .addOption(new Option('--edition <edition>', 'edition of its tokens').choices(['v1', 'v2']).default('v2'))
    .option('--grant <grant...>', 'client_credentials, password, refresh_token', ['client_credentials'])
    .option('--address <address...>', 'addresses or CIDR ranges that it may call from (default: every address)', [])
    .option('--access-ttl <seconds>', 'life of its access tokens (default: 1800)', wholeNumber('--access-ttl', 60, longestTtl))
    .option(
      '--refresh-ttl <seconds>',
      'life of its refresh tokens (default: 180 days)',
      wholeNumber('--refresh-ttl', 1, largestCount),
    )
    .option(
      '--quota-per-day <calls>',
      'calls a day, 0 for any (default: 100000)',
      wholeNumber('--quota-per-day', 0, largestCount),
    )
    .option(
      '--spike-per-second <calls>',
      'calls a second, 0 for any (default: 50)',
      wholeNumber('--spike-per-second', 0, largestCount),
    )
    .addOption(
      new Option(
        '--introspection <reach>',
        'whose tokens it may introspect: its own, or all of its institutions (default: own)',
      ).choices(['own', 'institution']),
    );
  return addOutputOptions(command).action(async (flags: Flags) => {
    checkFlags(flags);
    const { createApplication } = await import('@openbranch/server/products/identity/index');
    const created = await onServerData((platform) =>
      createApplication(platform, {
        name: flags.name,
        institutionIds: [...new Set(flags.institution)],
        edition: flags.edition,
        grants: [...new Set(flags.grant)],
        scopes: flags.scope.includes('all')
          ? Object.keys(scopes)
          : [...new Set(flags.scope.flatMap((one) => toScope(one) ?? []))],
        addresses: flags.address,
        accessTtl: flags.accessTtl,
        refreshTtl: flags.refreshTtl,
        quotaPerDay: flags.quotaPerDay,
        spikePerSecond: flags.spikePerSecond,
        introspection: flags.introspection,
      }),
    );
    if (!created.ok) {
      throw new CommandFailure(
        `One of the institutions ${flags.institution.join(', ')} is not there: see openbranch institutions list.`,
      );
    }
    console.error('Keep the secret key: it is not shown again.');
    printAnswer(created.value, flags);
  });
}

function checkFlags({ name, institution, scope, edition, grant, address }: Flags): void {
  if (!/^[ -~]{1,100}$/u.test(name)) throw new UsageError('--name takes 1 to 100 printable letters');
  checkEach('--institution', institution, (id) => /^[0-9]{5}$/u.test(id), 'takes five digits');
  checkEach('--scope', scope, (one) => one === 'all' || toScope(one) !== undefined, 'is a scope of the reference, or all');
  const grants: readonly string[] = grantsOf[edition];
  checkEach('--grant', grant, (one) => grants.includes(one), `of edition ${edition} is one of ${grants.join(', ')}`);
  checkEach('--address', address, isAddress, 'takes an address or a CIDR range');
}

function checkEach(option: string, values: readonly string[], fits: (value: string) => boolean, says: string): void {
  const wrong = values.find((value) => !fits(value));
  if (wrong !== undefined) throw new UsageError(`${option} ${says}, not ${wrong}`);
}

function isAddress(text: string): boolean {
  const [address = '', prefix] = text.split('/');
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(address) === 0 || (prefix !== undefined && !/^[0-9]{1,3}$/u.test(prefix))) return false;
  try {
    new BlockList().addSubnet(address, Number(prefix ?? 0), family);
    return true;
  } catch {
    return false;
  }
}
