/* global document, DOMParser, FormData, URLSearchParams, fetch, location, navigator, setInterval, setTimeout, clearInterval */
// Conveniences; every form works without them.

enhance(document.querySelector('main'));

function enhance(main) {
  for (const button of main.querySelectorAll('button[data-wait]')) waitToSend(button);
  for (const timer of main.querySelectorAll('[data-countdown]')) countDown(timer);
  for (const input of main.querySelectorAll('input[data-submit-at]')) submitWhenComplete(input);
  for (const form of main.querySelectorAll('form[data-poll-after]')) poll(form, Number(form.dataset.pollAfter));
  for (const button of main.querySelectorAll('button[data-copy]')) copy(button);
}

/** Counts down until the server takes another resend. */
function waitToSend(button) {
  const label = button.textContent;
  everySecond(button.dataset.wait, (left) => {
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${label} (${left} s)` : label;
    if (left <= 0 && Number(button.dataset.wait) > 0) announce(`You can now: ${label}`);
  });
}

/** Counts down until the user can try again. */
function countDown(timer) {
  const time = timer.querySelector('span');
  everySecond(timer.dataset.countdown, (left) => {
    const [minutes, seconds] = [Math.floor(left / 60), left % 60];
    time.textContent = minutes > 0 ? `${minutes} min ${seconds} s` : `${seconds} s`;
    if (left > 0) return;
    timer.textContent = 'You can try again now.';
    announce(timer.textContent);
  });
}

/** By the clock, since timers of a tab in the background run late. */
function everySecond(seconds, show) {
  const end = Date.now() + Number(seconds) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    if (left === 0) clearInterval(timer);
    show(left);
  };
  const timer = setInterval(tick, 1000);
  tick();
}

/** Sends the code as soon as it is complete, once: what arrived, what was pasted, and what was typed. */
function submitWhenComplete(input) {
  const complete = new RegExp(`^\\d{${input.dataset.submitAt}}$`);
  let sent = false;
  input.addEventListener('input', () => {
    if (sent || !complete.test(input.value.replace(/[\s-]/g, ''))) return;
    sent = true;
    input.form.requestSubmit();
  });
}

/** Asks whether the phone has answered, again and again; an answer other than "not yet" takes the page's place. */
function poll(form, seconds) {
  setTimeout(async () => {
    // Gone, where its button was pressed meanwhile.
    if (!form.isConnected) return;
    const body = new URLSearchParams(new FormData(form));
    const response = await fetch(form.action, { method: 'POST', body }).catch(() => undefined);
    const wait = response?.status === 401 ? response.headers.get('Retry-After') : undefined;
    if (!response) poll(form, 5);
    else if (wait) poll(form, Number(wait));
    else if (response.redirected) location.assign(response.url);
    else show(await response.text());
  }, seconds * 1000);
}

/** Shows a page in the place of this one, as if a form had led to it. */
function show(page) {
  const { title, body } = new DOMParser().parseFromString(page, 'text/html');
  const main = body.querySelector('main');
  document.title = title;
  document.querySelector('main').replaceWith(main);
  enhance(main);
  main.querySelector('[autofocus]')?.focus();
}

/** Copies what is to be kept. */
function copy(button) {
  button.hidden = !navigator.clipboard;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = 'Copied';
    announce('Copied');
  });
}

/** The link was opened in another tab, perhaps: the server knows where this one has to go. */
document.addEventListener('visibilitychange', () => {
  const { comeBack } = document.querySelector('[data-come-back]')?.dataset ?? {};
  if (comeBack && document.visibilityState === 'visible') location.assign(comeBack);
});

/** Says it to a screen reader. */
function announce(text) {
  document.getElementById('announcement').textContent = text;
}
