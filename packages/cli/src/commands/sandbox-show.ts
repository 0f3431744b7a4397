import type { Command } from 'commander';
import { type ConnectionFlags, sandboxPath } from '../connection.ts';
import { newCommand } from '../new-command.ts';
import { addOutputOptions, isTable, type OutputFlags } from '../print-answer.ts';
import { readSandboxFile, type SandboxFile } from '../sandbox-file.ts';
import { formatTable } from '../table.ts';

interface Flags extends ConnectionFlags, OutputFlags {
  readonly secrets?: boolean;
}

/** `openbranch sandbox show`: the institutions, applications and customers of the sandbox file. */
export function sandboxShowCommand(): Command {
  const command = newCommand('show', 'Show the institutions, applications and customers of the sandbox')
    .option('--secrets', 'show secret keys and passwords too')
    .option('--sandbox <file>', 'the sandbox file (default: .openbranch/sandbox.json)');
  return addOutputOptions(command).action((flags: Flags) => {
    const file = readSandboxFile(sandboxPath(flags, process.env));
    const isSecretShown = flags.secrets === true;
    const shown = isSecretShown ? file : withoutSecrets(file);
    console.log(isTable(flags) ? toTables(file, isSecretShown) : JSON.stringify(shown, undefined, 2));
  });
}

function withoutSecrets({ baseUrl, institutions }: SandboxFile) {
  return {
    baseUrl,
    institutions: institutions.map((institution) => ({
      ...institution,
      applications: institution.applications.map(({ clientSecret: _, ...application }) => application),
      customers: institution.customers.map(({ password: _, ...customer }) => customer),
    })),
  };
}

function toTables({ baseUrl, sandboxKey, institutions }: SandboxFile, isSecretShown: boolean): string {
  const secret = (value: string) => (isSecretShown ? [value] : []);
  const parts = institutions.flatMap(({ institutionId, name, applications, customers }) => [
    `Institution ${institutionId}, ${name}`,
    formatTable(
      ['application', 'edition', 'grants', 'client id', ...secret('secret key')],
      applications.map((one) => [one.name, one.edition, one.grants.join(' '), one.clientId, ...secret(one.clientSecret)]),
    ),
    formatTable(
      ['customer id', 'login', ...secret('password'), 'member', 'type', 'role', 'state', 'institution user id'],
      customers.map((one) => [
        one.customerId,
        one.loginId,
        ...secret(one.password),
        one.memberNumber,
        one.userType,
        one.role,
        one.state,
        one.institutionUserId,
      ]),
    ),
  ]);
  return [`Server ${baseUrl}${isSecretShown ? `, sandbox key ${sandboxKey}` : ''}`, ...parts].join('\n\n');
}
