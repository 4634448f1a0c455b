/**
 * What the page does by itself: it draws itself anew every second, sends its forms without leaving, and copies. All of it
 * is the server's markup, put in place node by node, so that focus, selection and half-made choices stay.
 *
 * A poll, because most of what the page shows changes with time alone, and because it outlives a restart of the tenant.
 */
export const SCRIPT = `
const main = document.querySelector('main');
const status = document.querySelector('[role=status]');

let quiet;
function say(text, seconds = 4) {
  status.textContent = text;
  clearTimeout(quiet);
  quiet = setTimeout(() => (status.textContent = ''), seconds * 1000);
}

/** Makes one element equal to another; children with an id are known by it, the others by their place. */
function update(from, to) {
  if (from.isEqualNode(to)) return;
  if (from.nodeType !== Node.ELEMENT_NODE) {
    from.data = to.data;
    return;
  }
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  const ids = new Set([...to.children].map(({ id }) => id));
  for (const child of [...from.children]) if (child.id && !ids.has(child.id)) child.remove();
  let place = from.firstChild;
  for (const child of [...to.childNodes]) {
    const known = child.id ? [...from.children].find(({ id }) => id === child.id) : place;
    if (known && known.nodeName === child.nodeName && known.id === child.id) {
      if (known !== place) from.insertBefore(known, place);
      update(known, child);
      place = known.nextSibling;
    } else {
      from.insertBefore(child, place);
      if (child.dataset?.news) say('New: ' + child.dataset.news);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

async function draw(path, init) {
  let ok, text;
  try {
    const answer = await fetch(path, { headers: { accept: 'text/html' }, ...init });
    ok = answer.ok;
    text = await answer.text();
  } catch {
    say('The tenant does not answer. Is it running?', 10);
    return false;
  }
  // Without the head: a page of another style would not be allowed it here.
  const body = text.slice(text.indexOf('<body>'));
  const page = new DOMParser().parseFromString(body, 'text/html').querySelector('main');
  if (ok) update(main, page);
  else say(page?.querySelector('p')?.textContent ?? 'The tenant refuses that', 10);
  return ok;
}

/** One after the other, so that no older answer is drawn over a newer one. */
let turn = Promise.resolve();
const inTurn = (work) => (turn = turn.then(work, work));

document.addEventListener('submit', (event) => {
  event.preventDefault();
  const { target: form, submitter } = event;
  const label = submitter.firstChild.data.trim();
  const heading = form.closest('section').querySelector('h2');
  const body = new URLSearchParams(new FormData(form, submitter));
  inTurn(async () => {
    if (await draw(form.getAttribute('action'), { method: 'POST', body })) say(label + ': done');
    // The button may be gone with what it was for.
    if (!submitter.isConnected) (heading.isConnected ? heading : main).focus();
  });
});

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-copy]');
  if (!button) return;
  navigator.clipboard.writeText(button.dataset.copy).then(
    () => say('Copied'),
    () => say('The browser does not let this page copy'),
  );
});

async function keepUp() {
  if (!document.hidden) await inTurn(() => draw('/inbox'));
  setTimeout(keepUp, 1000);
}
keepUp();
`;
