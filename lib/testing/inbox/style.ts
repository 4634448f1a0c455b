/** Of the inbox page. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f4f6f5; --card: #fff; --text: #17211f; --muted: #566360; --line: #d3dbd8; --field: #7d8a86;
  --accent: #0f766e; --on-accent: #fff; --badge: #a3261d; --badge-soft: #fdeeec;
  font: 1rem/1.5 system-ui, sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #101514; --card: #19201f; --text: #e8eeec; --muted: #a3b0ac; --line: #2f3a37; --field: #75827e;
    --accent: #5eead4; --on-accent: #06201c; --badge: #ffb4a9; --badge-soft: #3a1c19;
  }
}
* { box-sizing: border-box }
body { max-width: 90rem; margin: 0 auto; padding: 1rem; color: var(--text); background: var(--page); overflow-wrap: anywhere }
h1, h2, p, ol, ul { margin: 0; padding: 0 }
h1 { font-size: 1.5rem; line-height: 1.25 }
h2 { margin-bottom: .5rem; font-size: 1.125rem }
h2:focus, main:focus { outline: 0 }
ol, ul { list-style: none }
a { color: var(--accent); text-underline-offset: .2em }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .25rem 1rem; margin-bottom: 1.5rem }
nav { display: flex; flex-wrap: wrap; gap: .25rem 1rem }
main { display: grid; grid-template-columns: minmax(0, 1fr); align-items: start; gap: 2rem }
main > div { display: grid; gap: 2rem }
@media (min-width: 48rem) {
  body { padding: 1.5rem 2rem }
  header nav { margin-left: auto }
  main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) }
  main > :first-child { grid-row: span 2 }
}
@media (min-width: 72rem) {
  main { grid-template-columns: minmax(0, 5fr) minmax(0, 4fr) minmax(0, 4fr) }
  main > :first-child { grid-row: auto }
}
section > ol, section > ul { display: grid; gap: .75rem }
section > :not(h2) + .card { margin-top: .75rem }
.card { padding: .75rem 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .75rem }
.head { display: flex; align-items: baseline; justify-content: space-between; gap: .25rem 1rem }
.card.head, .head:has(.code) { align-items: center }
.head > :first-child { min-width: 0 }
.head > :last-child { flex: none }
.card > * + .head, .card > * + form { margin-top: .25rem }
.muted { color: var(--muted); font-size: .875rem }
.code { font: 600 2rem/1.4 ui-monospace, monospace; letter-spacing: .15em }
.over .code { color: var(--muted); text-decoration: line-through; text-decoration-thickness: 1px }
code { font: .9375rem ui-monospace, monospace }
.totp { font-size: 1.25rem; font-weight: 600; letter-spacing: .1em }
.badge { padding: 0 .5rem; font-size: .8125rem; color: var(--badge); background: var(--badge-soft); border-radius: 1rem; white-space: nowrap }
.asks { border: 2px solid var(--accent) }
.factors > li, .more { margin-top: .5rem; padding-top: .5rem; border-top: 1px solid var(--line) }
form { display: flex; flex-wrap: wrap; gap: .375rem }
fieldset { display: flex; flex-wrap: wrap; gap: .375rem; flex: 1 0 100%; min-width: 0; margin: 0; padding: 0; border: 0 }
legend { margin-bottom: .25rem; padding: 0 }
legend, label { color: var(--muted); font-size: .875rem }
label { flex: 1 0 100% }
.controls, .controls form { display: grid; gap: .75rem }
.controls form > button { justify-self: start }
button, select {
  min-height: 2.25rem; padding: .25rem .75rem; font: 500 .9375rem/1.4 system-ui, sans-serif; color: var(--text);
  background: var(--card); border: 1px solid var(--field); border-radius: .5rem;
}
button { cursor: pointer }
select { display: block; width: 100%; margin-top: .25rem }
.head button { min-height: 1.875rem; padding: .125rem .625rem; font-size: .875rem }
button:hover { border-color: var(--accent) }
button[aria-pressed=true], .main, .copy:hover { color: var(--on-accent); background: var(--accent); border-color: var(--accent) }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
.said {
  position: fixed; inset: auto 1rem 1rem; width: fit-content; max-width: calc(100% - 2rem); margin: 0 auto; padding: .5rem 1rem;
  color: var(--page); background: var(--text); border-radius: .5rem;
}
.said:empty { padding: 0 }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
@media (pointer: coarse) { button, select, .head button { min-height: 2.75rem } }
@media (scripting: none) { .copy { display: none } }
`;
