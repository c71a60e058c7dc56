// Words for people, in the language of the page: English is the key, and what it has to be instead
// the page carries (web/words.py). Sentences are whole, %(name)s is a place for a value.

const known = JSON.parse(document.getElementById("words").textContent);

export const _ = (words, values = {}) =>
  (known[words] ?? words).replace(/%\((\w+)\)s/g, (place, name) => values[name] ?? place);
