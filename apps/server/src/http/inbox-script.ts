/** Runs in the browser as it is. Everything that a message holds goes into the page as text, never as markup. */
export const inboxScript = `'use strict';
const byId = (id) => document.getElementById(id);
const storageName = 'openbranch-sandbox-key';
const channelNames = { EMAIL: 'E-mail', SMS: 'Text message', VOICE: 'Call', PUSH: 'Push' };
const filters = { to: byId('to'), channel: byId('channel'), institutionId: byId('institution') };
let key = takeKey();
let shown = new Set();
let stream;

/** A link may bring the key in its fragment, which no server sees; it leaves the address bar at once. */
function takeKey() {
  const fromLink = new URLSearchParams(location.hash.slice(1)).get('key');
  if (fromLink) {
    history.replaceState(null, '', location.pathname);
    sessionStorage.setItem(storageName, fromLink);
  }
  return sessionStorage.getItem(storageName);
}

async function ask(path, signal) {
  const answer = await fetch(path, { headers: { 'x-sandbox-key': key }, cache: 'no-store', signal });
  if (answer.status === 401) throw new Error('key');
  if (!answer.ok) throw new Error(String(answer.status));
  return answer;
}

function askForKey(problem) {
  sessionStorage.removeItem(storageName);
  byId('inbox').hidden = true;
  byId('key-form').hidden = false;
  byId('key-error').textContent = problem;
  byId('key').focus();
}

function say(text, isLive) {
  const place = byId('connection');
  place.textContent = text;
  place.toggleAttribute('data-live', isLive);
}

function queryOf() {
  const query = new URLSearchParams();
  for (const [name, field] of Object.entries(filters)) {
    if (field.value.trim() !== '' && field.checkValidity()) query.set(name, field.value.trim());
  }
  return query;
}

let listing = 0;
async function list(isNews) {
  const turn = ++listing;
  const query = queryOf();
  const answer = await ask('/sandbox/v1/inbox?' + query);
  const { messages } = await answer.json();
  // An older answer must not overwrite a newer one.
  if (turn !== listing) return;
  show(messages, isNews);
  byId('empty').hidden = messages.length > 0 || query.size > 0;
  byId('no-match').hidden = messages.length > 0 || query.size === 0;
}

function show(messages, isNews) {
  const place = byId('messages');
  const known = new Map([...place.children].map((item) => [item.dataset.id, item]));
  const items = messages.map((message) => known.get(message.messageId) ?? toItem(message, isNews && !shown.has(message.messageId)));
  const wanted = new Set(items);
  for (const item of [...place.children]) if (!wanted.has(item)) item.remove();
  // Items that stay are not moved: what has the focus keeps it.
  items.forEach((item, index) => {
    if (place.children[index] !== item) place.insertBefore(item, place.children[index] ?? null);
  });
  const news = messages.filter((message) => !shown.has(message.messageId));
  for (const message of messages) shown.add(message.messageId);
  if (isNews && news.length > 0) byId('news').textContent = 'New: ' + channelNames[news[0].channel] + ' to ' + news[0].to;
}

function toItem(message, isNew) {
  const item = byId('message').content.firstElementChild.cloneNode(true);
  const part = (selector) => item.querySelector(selector);
  item.dataset.id = message.messageId;
  item.classList.toggle('new', isNew);
  part('.channel').textContent = channelNames[message.channel];
  part('h2').textContent = message.to;
  const time = part('time');
  time.dateTime = message.sentAt;
  time.textContent = new Date(message.sentAt).toLocaleTimeString() + ' · ' + message.institutionId;
  part('.subject').textContent = message.subject ?? '';
  writeText(part('.text'), message.text);
  if (message.passcode !== undefined) addPasscode(part('.code'), message.passcode);
  if (message.html !== undefined) addHtml(part('details'), message.html);
  return item;
}

/** Links of a text can be followed; where they lead does not learn of this page. */
function writeText(place, text) {
  for (const piece of text.split(/(https?:\\/\\/[^\\s<>"]+)/)) {
    if (!/^https?:/.test(piece)) {
      place.append(piece);
      continue;
    }
    const url = piece.replace(/[.,;:!?)]+$/, '');
    const link = document.createElement('a');
    link.href = url;
    link.textContent = url;
    link.target = '_blank';
    link.rel = 'noopener noreferrer';
    place.append(link, piece.slice(url.length));
  }
}

function addPasscode(place, passcode) {
  const button = place.querySelector('button');
  place.hidden = false;
  place.querySelector('output').textContent = passcode;
  button.setAttribute('aria-label', 'Copy passcode ' + passcode);
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(passcode);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(place.querySelector('output'));
      button.textContent = 'Selected: press Ctrl+C';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
}

function addHtml(details, html) {
  details.hidden = false;
  details.addEventListener('toggle', () => {
    if (details.querySelector('iframe')) return;
    const frame = document.createElement('iframe');
    frame.sandbox = '';
    frame.title = 'The message as HTML';
    frame.srcdoc = html;
    details.append(frame);
  });
}

/** Reads the stream of arrivals until it breaks. */
async function follow() {
  stream?.abort();
  stream = new AbortController();
  const { signal } = stream;
  let pauseMs = 500;
  while (!signal.aborted) {
    try {
      const answer = await ask('/inbox/events', signal);
      await list(shown.size > 0);
      byId('key-form').hidden = true;
      byId('inbox').hidden = false;
      say('Live', true);
      pauseMs = 500;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        if (part.value.includes('data:')) await list(true);
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error.message === 'key') {
        say('Not connected', false);
        return askForKey('This is not the key of this sandbox.');
      }
    }
    say('Connecting again', false);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    pauseMs = Math.min(pauseMs * 2, 8000);
  }
}

byId('key-form').addEventListener('submit', (event) => {
  event.preventDefault();
  key = byId('key').value.trim();
  sessionStorage.setItem(storageName, key);
  byId('key').value = '';
  void follow();
});
for (const field of Object.values(filters)) field.addEventListener('input', () => void list(false).catch(() => undefined));
document.addEventListener('keydown', (event) => {
  const isTyping = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  if (event.key === '/' && !isTyping && !byId('inbox').hidden) {
    event.preventDefault();
    filters.to.focus();
  }
});
if (key === null) askForKey('');
else void follow();
`;
