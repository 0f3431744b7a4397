import type { Institution } from '../kernel/institution.ts';

/** No script at all; forms go to this server only. */
export const recoveryPagePolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

type Html = string;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapeHtml(text: string): Html {
  return text.replace(/[&<>"']/gu, (character) => entities[character] ?? '');
}

interface Page {
  readonly institution: Institution | undefined;
  readonly title: string;
  readonly step?: string;
  readonly error?: string | undefined;
  /** Id of the field that the error is about. */
  readonly errorField?: string;
  readonly body: Html;
}

function toDocument({ institution, title, step, error, errorField, body }: Page): Html {
  const name = escapeHtml(institution?.name ?? 'Password recovery');
  const color =
    institution === undefined
      ? ''
      : `<link rel="stylesheet" href="/recover/colors/${institution.policies.branding.accentColor.slice(1)}.css">`;
  const alert =
    error === undefined
      ? ''
      : `<div class="alert" role="alert"><h2>There is a problem</h2><p>${errorField === undefined ? escapeHtml(error) : `<a href="#${errorField}">${escapeHtml(error)}</a>`}</p></div>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${error === undefined ? '' : 'Problem: '}${escapeHtml(title)} – ${name}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/recover/recover.css">${color}
</head>
<body>
<header><p class="name">${name}</p></header>
<main>
${alert}${step === undefined ? '' : `<p class="step">${escapeHtml(step)}</p>`}
<h1>${escapeHtml(title)}</h1>
${body}
</main>
${footer(institution)}
</body>
</html>
`;
}

function footer(institution: Institution | undefined): Html {
  if (institution === undefined) return '';
  const support = institution.policies.branding.supportText ?? 'Call us at the number on your card or statement.';
  return `<footer><h2>Need help?</h2><p>${escapeHtml(support)} We never ask for a passcode or a password.</p></footer>`;
}

function hidden(fields: Readonly<Record<string, string>>): Html {
  return Object.entries(fields)
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`)
    .join('');
}

/** A labelled field; the hint and the error are read out with it. */
function field(
  id: string,
  label: string,
  attributes: string,
  options: { readonly hint?: string; readonly hasError?: boolean; readonly value?: string } = {},
): Html {
  const hint = options.hint === undefined ? '' : `<p class="hint" id="${id}-hint">${escapeHtml(options.hint)}</p>`;
  const described = options.hint === undefined ? '' : ` aria-describedby="${id}-hint"`;
  const invalid = options.hasError === true ? ' aria-invalid="true"' : '';
  const value = options.value === undefined ? '' : ` value="${escapeHtml(options.value)}"`;
  return `<div class="field"><label for="${id}">${escapeHtml(label)}</label>${hint}<input id="${id}" name="${id}"${described}${invalid}${value} ${attributes}></div>`;
}

export function loginPage(institution: Institution, { error }: { readonly error?: string }): Html {
  const body = `<p>Tell us your login name. We send a passcode to a phone number or e-mail address that we have on file for it.</p>
<form method="post" action="/recover/send">${hidden({ institution: institution.institutionId })}
${field('loginName', 'Login name', 'type="text" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="256" required autofocus', { hasError: error !== undefined })}
<fieldset><legend>How should it reach you?</legend>
<p class="hint">If we cannot reach you this way, we use another one that is on file.</p>
<div class="choice"><input type="radio" id="by-sms" name="channel" value="SMS" checked><label for="by-sms">Text message</label></div>
<div class="choice"><input type="radio" id="by-voice" name="channel" value="VOICE"><label for="by-voice">Phone call</label></div>
<div class="choice"><input type="radio" id="by-email" name="channel" value="EMAIL"><label for="by-email">E-mail</label></div>
</fieldset>
<button type="submit">Send the passcode</button></form>
<p><a href="/recover?institution=${institution.institutionId}&amp;step=code">I have a passcode already</a></p>`;
  return toDocument({ institution, title: 'Set a new password', step: 'Step 1 of 3', error, errorField: 'loginName', body });
}

interface CodeState {
  readonly loginName?: string;
  /** What the visitor chose, for the next passcode too. */
  readonly channel?: string | undefined;
  readonly isOnItsWay?: boolean;
  readonly error?: string;
}

export function codePage(institution: Institution, { loginName = '', channel, isOnItsWay, error }: CodeState): Html {
  const { institutionId } = institution;
  const { digits, lifetimeMinutes } = institution.policies.passcodes;
  const said =
    isOnItsWay === true
      ? `<p role="status">If <strong>${escapeHtml(loginName)}</strong> is a login name with us, a passcode is on its way. It can take a minute, and it is good for ${lifetimeMinutes} minutes.</p>`
      : '';
  const chosen = channel === undefined ? {} : { channel };
  // Without a login name the passcode was not looked at.
  const errorField = loginName === '' ? 'loginName' : 'passcode';
  const login =
    loginName === ''
      ? field(
          'loginName',
          'Login name',
          'type="text" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="256" required autofocus',
          { hasError: error !== undefined },
        )
      : hidden({ loginName, ...chosen });
  const again =
    loginName === ''
      ? `<p><a href="/recover?institution=${institutionId}">I need a passcode</a></p>`
      : `<form method="post" action="/recover/send" class="again">${hidden({ institution: institutionId, loginName, ...chosen })}<p>Nothing came? Wait a minute, then</p><button class="plain" type="submit">send another passcode</button></form>
<p><a href="/recover?institution=${institutionId}">Use another login name</a></p>`;
  const body = `${said}
<form method="post" action="/recover/verify">${hidden({ institution: institutionId })}${login}
${field('passcode', 'Passcode', `type="text" inputmode="numeric" autocomplete="one-time-code" spellcheck="false" maxlength="${digits * 2}" required${loginName === '' ? '' : ' autofocus'}`, { hint: `${digits} digits, from our message.`, hasError: error !== undefined && errorField === 'passcode' })}
<button type="submit">Go on</button></form>
${again}`;
  return toDocument({ institution, title: 'Enter the passcode', step: 'Step 2 of 3', error, errorField, body });
}

export function passwordPage(
  institution: Institution,
  { session, rules, error }: { readonly session: string; readonly rules: string; readonly error?: string },
): Html {
  const { minLength, maxLength } = institution.policies.credentials.password;
  const attributes = `type="password" autocomplete="new-password" minlength="${minLength}" maxlength="${maxLength}" required`;
  const body = `<form method="post" action="/recover/complete">${hidden({ institution: institution.institutionId, session })}
${field('newPassword', 'New password', `${attributes} autofocus`, { hint: rules, hasError: error !== undefined })}
${field('repeatedPassword', 'New password again', attributes)}
<button type="submit">Set the password</button></form>
<p class="hint">You will be signed out everywhere, and we tell you by your other contact methods.</p>`;
  return toDocument({ institution, title: 'Choose a new password', step: 'Step 3 of 3', error, errorField: 'newPassword', body });
}

export function donePage(institution: Institution): Html {
  const body =
    '<p>Your new password is set. Every device that was signed in is signed out. Go back to your app or to online banking and sign in with the new password.</p>';
  return toDocument({ institution, title: 'Your password is changed', body });
}

export function startAgainPage(institution: Institution): Html {
  const body = `<p>Too much time has passed, or the passcode was used already. Your password is as it was.</p>
<p><a class="button" href="/recover?institution=${institution.institutionId}">Start again</a></p>`;
  return toDocument({ institution, title: 'Please start again', body });
}

export function disownPage(institution: Institution, token: string): Html {
  const body = `<p>Somebody has set a new password for your online banking. If that was not you, stop all access now: nobody can sign in, you neither, until you have spoken with us.</p>
<form method="post" action="/recover/not-me">${hidden({ institution: institution.institutionId, token })}<button class="danger" type="submit">It was not me: stop all access</button></form>
<p class="hint">If it was you, close this page. Nothing happens.</p>`;
  return toDocument({ institution, title: 'Was it not you?', body });
}

export function disownedPage(institution: Institution): Html {
  const body =
    '<p>Nobody can sign in to your online banking any more. Please call us, so that we can give it back to you safely.</p>';
  return toDocument({ institution, title: 'All access is stopped', body });
}

export function linkTooOldPage(institution: Institution): Html {
  const body =
    '<p>This link is not complete or too old. If you believe that somebody has changed your password, call us now.</p>';
  return toDocument({ institution, title: 'This link does not work', body });
}

export function chooseInstitutionPage(institutions: readonly Institution[], isUnknown: boolean): Html {
  const links = institutions
    .map(({ institutionId, name }) => `<li><a href="/recover?institution=${institutionId}">${escapeHtml(name)}</a></li>`)
    .join('');
  const choice =
    links === '' ? '<p>Open the link in your app or on the pages of your institution again.</p>' : `<ul>${links}</ul>`;
  const error = isUnknown ? 'We do not know this institution.' : undefined;
  return toDocument({ institution: undefined, title: 'Where do you bank?', error, body: choice });
}

export function failurePage(): Html {
  const body = '<p>This did not work, and it is not your fault. Go back and try again in a minute.</p>';
  return toDocument({ institution: undefined, title: 'Please try again', body });
}

export function tooOftenPage(): Html {
  const body = '<p>Too many tries came from your network. Wait five minutes and try again.</p>';
  return toDocument({ institution: undefined, title: 'Please wait', body });
}

/** Relative luminance of an sRGB colour (WCAG 2.2). */
function luminanceOf(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((start) => {
    const part = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Mixes in black or white until the colour has a contrast of 4.5 with the ground that it stands on. */
function readableOn(hex: string, ground: string, towards: 0 | 255): string {
  for (let share = 0; share <= 1; share += 0.05) {
    const mixed = [0, 2, 4]
      .map((start) => Number.parseInt(hex.slice(start, start + 2), 16))
      .map((part) =>
        Math.round(part + (towards - part) * share)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('');
    const [dark = 0, light = 0] = [luminanceOf(mixed), luminanceOf(ground)].sort((one, other) => one - other);
    if ((light + 0.05) / (dark + 0.05) >= 4.6) return mixed;
  }
  return towards === 0 ? '000000' : 'ffffff';
}

/** The colour of the institution, as far as it must be moved to stay readable in both schemes. @param hex Six digits. */
export function recoveryColors(hex: string): string {
  const light = readableOn(hex, 'ffffff', 0);
  const dark = readableOn(hex, '1a2027', 255);
  return `:root { --accent: #${light}; --on-accent: #fff; }
@media (prefers-color-scheme: dark) { :root { --accent: #${dark}; --on-accent: #10151b; } }
`;
}

export const recoveryStyles = `:root { --back: #f4f6f8; --card: #fff; --ink: #15191f; --soft: #4d5662; --line: #d5dae1; --field: #6b7480; --accent: #0b5cad; --on-accent: #fff; --error: #b3261e; }
@media (prefers-color-scheme: dark) { :root { --back: #11151a; --card: #1a2027; --ink: #e8ebef; --soft: #a9b3bf; --line: #35404c; --field: #8b95a1; --accent: #7cb7f5; --on-accent: #10151b; --error: #ff9d94; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; background: var(--back); color: var(--ink); font: 17px/1.55 system-ui, -apple-system, "Segoe UI", sans-serif; }
header, main, footer { max-width: 480px; margin: 0 auto; padding: 0 29px; }
.name { margin: 36px 0 16px; font-weight: 700; font-size: 20px; color: var(--accent); overflow-wrap: anywhere; }
main { background: var(--card); border: 1px solid var(--line); border-top: 5px solid var(--accent); border-radius: 12px; padding: 26px 28px 30px; }
h1 { margin: 0 0 12px; font-size: 25px; line-height: 1.25; }
h2 { margin: 0 0 4px; font-size: 16px; }
p { margin: 0 0 16px; }
main > :last-child, footer p { margin-bottom: 0; }
a { color: var(--accent); }
.step { margin: 0 0 4px; color: var(--soft); font-size: 14px; font-weight: 600; }
.hint { color: var(--soft); font-size: 15px; margin: 0 0 6px; }
.field { margin: 0 0 20px; }
label, legend { font-weight: 600; }
legend { padding: 0; }
fieldset { border: 0; margin: 0 0 20px; padding: 0; }
.choice { display: flex; align-items: center; gap: 10px; padding: 5px 0; }
.choice input { width: 20px; height: 20px; accent-color: var(--accent); margin: 0; }
.choice label { font-weight: 400; }
.field input { display: block; width: 100%; font: inherit; color: inherit; background: var(--card); border: 1.5px solid var(--field); border-radius: 8px; padding: 11px 12px; margin-top: 5px; }
#passcode { font: 600 24px/1.3 ui-monospace, "SF Mono", Consolas, monospace; letter-spacing: 5px; }
.field input[aria-invalid] { border-color: var(--error); }
button, .button { display: inline-block; font: inherit; font-weight: 600; padding: 12px 20px; border: 0; border-radius: 8px; background: var(--accent); color: var(--on-accent); cursor: pointer; text-decoration: none; margin-bottom: 16px; }
form > button { width: 100%; }
button.danger { background: var(--error); color: var(--card); }
.again { display: flex; flex-wrap: wrap; gap: 0 6px; }
.again p { margin: 0; }
button.plain { width: auto; padding: 0; background: none; color: var(--accent); font-weight: 400; text-decoration: underline; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.alert { border: 1px solid var(--error); border-left-width: 6px; border-radius: 8px; padding: 12px 16px; margin-bottom: 20px; }
.alert p { margin: 0; }
.alert a, .alert h2 { color: var(--error); }
footer { padding-top: 22px; padding-bottom: 40px; color: var(--soft); font-size: 15px; }
@media (max-width: 520px) { main { border-radius: 0; border-left: 0; border-right: 0; } }
@media (forced-colors: active) { button, .button { border: 1px solid; } }
`;
