/** Markup that is safe to send as it is; everything else is text, and gets escaped. */
export class Html {
  constructor(readonly markup: string) {}
}

type Value = Html | string | number | false | undefined | readonly Value[];

/** A template that escapes what is put into it. Attribute values have to be quoted. */
export function html(strings: TemplateStringsArray, ...values: Value[]): Html {
  return new Html(strings.reduce((markup, string, index) => markup + toMarkup(values[index - 1]) + string));
}

function toMarkup(value: Value): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Html) return value.markup;
  if (typeof value === 'object') return value.map(toMarkup).join('');
  return String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
