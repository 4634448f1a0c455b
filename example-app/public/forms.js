/* global document, navigator, setInterval, setTimeout, clearInterval */
// Conveniences; every form works without them.

/** Counts down until the server takes another resend. */
for (const button of document.querySelectorAll('button[data-wait]')) {
  const label = button.textContent;
  // By the clock: timers of a tab in the background run late.
  const end = Date.now() + Number(button.dataset.wait) * 1000;
  const tick = () => {
    const left = Math.ceil((end - Date.now()) / 1000);
    button.disabled = left > 0;
    button.textContent = left > 0 ? `${label} (${left} s)` : label;
    if (left <= 0) clearInterval(timer);
  };
  const timer = setInterval(tick, 1000);
  tick();
}

/** Sends the code as soon as it is complete, once. */
for (const input of document.querySelectorAll('input[data-submit-at]')) {
  const complete = new RegExp(`^\\d{${input.dataset.submitAt}}$`);
  let sent = false;
  input.addEventListener('input', () => {
    if (sent || !complete.test(input.value.replace(/[\s-]/g, ''))) return;
    sent = true;
    input.form.requestSubmit();
  });
}

/** Asks again after a while. */
for (const form of document.querySelectorAll('form[data-submit-after]')) {
  setTimeout(() => form.requestSubmit(), Number(form.dataset.submitAfter) * 1000);
}

/** Copies what is to be kept. */
for (const button of document.querySelectorAll('button[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = 'Copied';
  });
}
