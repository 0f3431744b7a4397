import type { Command } from 'commander';
import { CommandFailure } from '../command-failure.ts';
import { newCommand } from '../new-command.ts';
import { onServerData } from '../on-server-data.ts';
import { toInstitutionId } from '../to-institution-id.ts';
import { UsageError } from '../usage-error.ts';

interface LimitFlags {
  readonly transfer?: bigint;
  readonly daily?: bigint;
}

export function setCustomerLimitsCommand(): Command {
  return newCommand('set-customer-limits', 'Set what one customer may move out, in place of the policy moneyMovement')
    .argument('<institution-id>', 'five digits', toInstitutionId)
    .argument('<customer-id>', '32 hexadecimal digits', toCustomerId)
    .option('--transfer <amount>', 'the most of one transfer, like 500 or 99.50; 0: no limit', toMinor('--transfer'))
    .option('--daily <amount>', 'the most of a day; 0: no limit', toMinor('--daily'))
    .addHelpText('after', '\nA limit that is left out is the one of the institution.')
    .action(async (institutionId: string, customerId: string, { transfer, daily }: LimitFlags) => {
      const { setCustomerLimits } = await import('@openbranch/server/products/money-movement/index');
      const limits = { transferLimitMinor: transfer, dailyLimitMinor: daily };
      const outcome = await onServerData(({ sql }) => setCustomerLimits(sql, institutionId, customerId, limits));
      if (!outcome.ok)
        throw new CommandFailure(
          outcome.refusal === 'institutionNotFound'
            ? `There is no institution ${institutionId}: see openbranch institutions list.`
            : `Institution ${institutionId} has no customer ${customerId}.`,
        );
      console.log(`Customer ${customerId}: a transfer ${describe(transfer)}, a day ${describe(daily)}.`);
    });
}

function describe(limit: bigint | undefined): string {
  if (limit === undefined) return 'as the institution has it';
  return limit === 0n ? 'without limit' : `up to ${limit / 100n}.${String(limit % 100n).padStart(2, '0')}`;
}

function toCustomerId(text: string): string {
  const customerId = text.replaceAll('-', '').toLowerCase();
  if (/^[0-9a-f]{32}$/u.test(customerId)) return customerId;
  throw new UsageError('a customer has an id of 32 hexadecimal digits');
}

function toMinor(option: string): (text: string) => bigint {
  return (text) => {
    const [, whole, cents = ''] = /^(\d{1,9})(?:\.(\d{1,2}))?$/u.exec(text) ?? [];
    if (whole === undefined) throw new UsageError(`${option} takes an amount like 500 or 99.50, not ${text}`);
    return BigInt(whole) * 100n + BigInt(cents.padEnd(2, '0'));
  };
}
