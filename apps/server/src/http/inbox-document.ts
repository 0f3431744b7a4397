/**
 * What the inbox may do: run our script and talk to this server. A mail is shown in a frame without any rights; its
 * styles are written inside it, which is why styles may be.
 */
export const inboxPagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const inboxDocument = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Inbox · Openbranch sandbox</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/inbox/inbox.css">
</head>
<body>
<a class="skip" href="#messages">Skip to the messages</a>
<header>
  <div>
    <h1>Inbox</h1>
    <p class="hint">What the sandbox would have sent. Nothing leaves this server.</p>
  </div>
  <p id="connection" role="status">Not connected</p>
</header>
<main>
  <form id="key-form" hidden>
    <label for="key">Sandbox key</label>
    <p class="hint" id="key-hint">It is the member <code>sandboxKey</code> of <code>sandbox.json</code> in the data directory.
      This tab keeps it until it is closed.</p>
    <div class="row">
      <input id="key" type="password" autocomplete="off" spellcheck="false" required aria-describedby="key-hint key-error">
      <button class="primary" type="submit">Open the inbox</button>
    </div>
    <p id="key-error" class="error" role="alert"></p>
  </form>
  <section id="inbox" hidden aria-label="Messages">
    <div class="filters" role="search">
      <div>
        <label for="to">Recipient</label>
        <input id="to" type="search" placeholder="Address or number" autocomplete="off" spellcheck="false">
      </div>
      <div>
        <label for="channel">Channel</label>
        <select id="channel">
          <option value="">All</option><option value="EMAIL">E-mail</option><option value="SMS">Text message</option>
          <option value="VOICE">Call</option><option value="PUSH">Push</option>
        </select>
      </div>
      <div>
        <label for="institution">Institution</label>
        <input id="institution" inputmode="numeric" pattern="[0-9]{5}" maxlength="5" placeholder="All" autocomplete="off">
      </div>
    </div>
    <p id="news" class="visually-hidden" role="status"></p>
    <ol id="messages" tabindex="-1"></ol>
    <div id="empty" hidden>
      <h2>No message yet</h2>
      <p>Messages show here the moment the platform sends one. To make one, let a customer
        <a href="/recover">recover a password</a>, or call <code>PUT /v1/customers/{customerId}:reset-password</code>
        from the <a href="/docs">API reference</a>.</p>
    </div>
    <div id="no-match" hidden>
      <h2>No message fits</h2>
      <p>Clear the filters above to see all messages.</p>
    </div>
  </section>
  <noscript><p>This page shows messages live and needs JavaScript. Without it, ask
    <code>GET /sandbox/v1/inbox</code> with header <code>x-sandbox-key</code>.</p></noscript>
</main>
<template id="message">
  <li>
    <article>
      <div class="top"><span class="channel"></span><h2></h2><time></time></div>
      <p class="subject"></p>
      <div class="code" hidden><output></output><button class="copy" type="button">Copy</button></div>
      <p class="text"></p>
      <details hidden><summary>Show as HTML</summary></details>
    </article>
  </li>
</template>
<script src="/inbox/inbox.js"></script>
</body>
</html>
`;

export const inboxStyles = `:root {
  --back: #f6f7f9; --card: #fff; --ink: #15191f; --soft: #525b68; --line: #d5dae1; --accent: #0b5cad; --on-accent: #fff; --error: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root { --back: #11151a; --card: #1a2027; --ink: #e8ebef; --soft: #a5afbb; --line: #35404c; --accent: #7cb7f5; --on-accent: #0b1420; --error: #ff9d94; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
[hidden] { display: none !important; }
header, main { max-width: 760px; margin: 0 auto; padding: 24px 20px; }
header { display: flex; justify-content: space-between; align-items: start; gap: 16px; padding-bottom: 0; }
h1 { margin: 0; font-size: 26px; }
h2 { margin: 0; font-size: 16px; overflow-wrap: anywhere; }
p { margin: 0; }
a { color: var(--accent); }
code { font-family: ui-monospace, "SF Mono", Consolas, monospace; font-size: .92em; overflow-wrap: anywhere; }
.hint { color: var(--soft); font-size: 14px; }
.error { color: var(--error); font-weight: 600; min-height: 1.5em; }
#connection { font-size: 14px; color: var(--soft); white-space: nowrap; }
#connection::before { content: ""; display: inline-block; width: 9px; height: 9px; margin-right: 7px; border-radius: 50%; background: var(--soft); }
#connection[data-live]::before { background: #2e9d57; }
label { display: block; font-weight: 600; font-size: 14px; }
input, select, button { font: inherit; color: inherit; padding: 8px 10px; border: 1px solid var(--soft); border-radius: 7px; background: var(--card); }
input, select { width: 100%; }
button { cursor: pointer; white-space: nowrap; }
.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
#messages:focus { outline: none; }
#key-form { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 22px; max-width: 560px; margin: 32px auto; }
.row { display: flex; gap: 10px; margin-top: 10px; }
.filters { display: grid; grid-template-columns: 2fr 1fr 1fr; gap: 12px; margin-bottom: 20px; }
#messages { list-style: none; margin: 0; padding: 0; display: grid; gap: 12px; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px 18px; display: grid; gap: 8px; }
.top { display: flex; align-items: baseline; gap: 10px; flex-wrap: wrap; }
.top time { margin-left: auto; color: var(--soft); font-size: 14px; }
.channel { font-size: 13px; font-weight: 600; border: 1px solid var(--soft); border-radius: 20px; padding: 0 9px; }
.subject { font-weight: 600; }
.subject:empty { display: none; }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.code { display: flex; align-items: center; gap: 14px; }
.code output { font: 700 28px/1.2 ui-monospace, "SF Mono", Consolas, monospace; letter-spacing: 4px; user-select: all; }
summary { cursor: pointer; color: var(--accent); width: fit-content; }
iframe { width: 100%; height: 380px; border: 1px solid var(--line); border-radius: 8px; background: #fff; color-scheme: light; margin-top: 8px; }
#empty, #no-match { text-align: center; padding: 56px 20px; border: 1px dashed var(--soft); border-radius: 12px; }
#empty p, #no-match p { color: var(--soft); max-width: 46ch; margin: 8px auto 0; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 12px; top: 12px; background: var(--card); padding: 8px; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (max-width: 560px) { .filters { grid-template-columns: 1fr; } header, .row { flex-direction: column; } }
@media (prefers-reduced-motion: no-preference) { .new article { animation: arrive .4s ease-out; } @keyframes arrive { from { opacity: 0; transform: translateY(-8px); } } }
`;
