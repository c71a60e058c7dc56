// Words for people, in the language of the page: English is the key, and what it has to be instead
// the page carries (web/words.py). Sentences are whole, %(name)s is a place for a value.

const known = JSON.parse(document.getElementById("words").textContent);
const { lang } = document.documentElement;

/** How the reader writes dates and figures: as their browser does, if it speaks this language. */
export const locale = navigator.languages.find((one) => one.split("-")[0] === lang) ?? lang;

export const _ = (words, values = {}) =>
  (known[words] ?? words).replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);

/** The form that goes with the number. */
export const _n = (one, many, num, values = {}) => _(num === 1 ? one : many, { num, ...values });
