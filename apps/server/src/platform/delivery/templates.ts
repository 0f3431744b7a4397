import type { Channel } from './channel.ts';

/**
 * What the platform says to people, in the words that we ship. An institution may word any of it itself (table
 * message_templates). `{{name}}` stands for a value; a text that names an unknown value cannot be queued.
 */
export interface TemplateTexts {
  /** E-mail only. */
  readonly subject?: string;
  readonly text: string;
  /** E-mail only; without it the text is laid out as HTML. */
  readonly html?: string;
}

interface TemplateDefinition {
  /** The values that a caller gives; institutionName comes by itself. */
  readonly values: readonly string[];
  readonly texts: Readonly<Partial<Record<Channel, TemplateTexts>>>;
}

const notMe = 'If this was not you, open {{notMeUrl}} at once: it stops all access to your account.';
const contactHelp = 'If you did not ask for this, call us at the number on your card or statement.';

export const templates = {
  welcome: {
    values: ['firstName', 'signInUrl'],
    texts: {
      EMAIL: {
        subject: 'Welcome to {{institutionName}}',
        text: 'Hello {{firstName}},\n\nyour online banking at {{institutionName}} is ready. You can sign in here:\n\n{{signInUrl}}\n\nIf you did not register, call us at the number on your card or statement.',
      },
    },
  },
  passcode: {
    values: ['passcode', 'minutes'],
    texts: {
      SMS: {
        text: '{{institutionName}}: your passcode is {{passcode}}. It is good for {{minutes}} minutes. We never ask for it: tell it to nobody.',
      },
      VOICE: {
        text: 'This is {{institutionName}}. Your passcode is: {{passcode}}. Again: {{passcode}}. It is good for {{minutes}} minutes. We never ask for it. Tell it to nobody.',
      },
      EMAIL: {
        subject: '{{institutionName}}: your passcode',
        text: 'Your passcode is\n\n{{passcode}}\n\nIt is good for {{minutes}} minutes and can be used once.\n\nWe never ask for it: tell it to nobody. If you did not ask for a passcode, you need not do anything.',
      },
    },
  },
  'password-changed': {
    values: ['changedAt', 'notMeUrl'],
    texts: {
      EMAIL: {
        subject: '{{institutionName}}: your password was changed',
        text: `Your password was changed on {{changedAt}}. If this was you, you need not do anything.\n\nIf this was not you, open this link at once; it stops all access to your account:\n\n{{notMeUrl}}`,
      },
      SMS: { text: `{{institutionName}}: your password was changed on {{changedAt}}. ${notMe}` },
      VOICE: {
        text: 'This is {{institutionName}}. Your password was changed on {{changedAt}}. If this was not you, call us at once at the number on your card or statement.',
      },
      PUSH: { text: `Your password was changed on {{changedAt}}. ${notMe}` },
    },
  },
  'contact-removed': {
    values: ['what', 'changedAt'],
    texts: {
      EMAIL: {
        subject: '{{institutionName}}: your {{what}} was changed',
        text: `Your {{what}} on file was changed on {{changedAt}}. From now on we write to the new one.\n\n${contactHelp}`,
      },
      SMS: { text: `{{institutionName}}: your {{what}} on file was changed on {{changedAt}}. ${contactHelp}` },
      VOICE: { text: `This is {{institutionName}}. Your {{what}} on file was changed on {{changedAt}}. ${contactHelp}` },
    },
  },
  'contact-added': {
    values: ['what', 'changedAt'],
    texts: {
      EMAIL: {
        subject: '{{institutionName}}: your new {{what}}',
        text: `Your new {{what}} is on file since {{changedAt}}, and this message is the proof that it works.\n\n${contactHelp}`,
      },
      SMS: { text: `{{institutionName}}: your new {{what}} is on file since {{changedAt}}. ${contactHelp}` },
      VOICE: { text: `This is {{institutionName}}. Your new {{what}} is on file since {{changedAt}}. ${contactHelp}` },
    },
  },
  'scheduled-transfer-failed': {
    values: ['amount', 'plannedOn', 'reason'],
    texts: {
      EMAIL: {
        subject: '{{institutionName}}: a scheduled transfer was not made',
        text: 'Your scheduled transfer of {{amount}} on {{plannedOn}} was not made: {{reason}}.\n\nNo money was moved. If you still want it, make the transfer again. Later executions of a recurring transfer go on as planned.',
      },
      SMS: {
        text: '{{institutionName}}: your scheduled transfer of {{amount}} on {{plannedOn}} was not made: {{reason}}. No money was moved.',
      },
      VOICE: {
        text: 'This is {{institutionName}}. Your scheduled transfer of {{amount}} on {{plannedOn}} was not made. No money was moved. Sign in to see why.',
      },
      PUSH: { text: 'Your scheduled transfer of {{amount}} on {{plannedOn}} was not made: {{reason}}.' },
    },
  },
  'destinations-changed': {
    values: ['changedAt'],
    texts: {
      EMAIL: {
        subject: '{{institutionName}}: where we write to was changed',
        text: `The numbers and addresses that we send your messages to were changed on {{changedAt}}.\n\n${contactHelp}`,
      },
      SMS: { text: `{{institutionName}}: where we send your messages was changed on {{changedAt}}. ${contactHelp}` },
      PUSH: { text: `Where we send your messages was changed on {{changedAt}}. ${contactHelp}` },
    },
  },
} as const satisfies Readonly<Record<string, TemplateDefinition>>;

export type TemplateName = keyof typeof templates;

/** The values that a template needs, each a text. */
export type ValuesOf<Name extends TemplateName> = { readonly [Value in (typeof templates)[Name]['values'][number]]: string };

/** What we ship for a template on a channel; undefined where the template is not made for it. */
export function shippedTexts(name: TemplateName, channel: Channel): TemplateTexts | undefined {
  const { texts }: TemplateDefinition = templates[name];
  return texts[channel];
}

export function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(templates, name);
}
