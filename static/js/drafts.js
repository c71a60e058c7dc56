// Drafts: each field of the composer asks htmx to save it; this says when there is nothing to save,
// and keeps here what no server has heard of. `data-held` is its name in this browser.

addEventListener("htmx:config:request", (event) => {
  const { sourceElement: field, request: { body } } = event.detail.ctx;
  if (body.has("client_token")) body.set("turn", Date.now()); // of two saves the later one counts
  if (!field.dataset.held) return;
  event.stopPropagation(); // nobody did anything: the list goes on holding still
  // While it is disabled, words that were taken back are about to join those in it.
  if (field.value === field.defaultValue || field.disabled) event.preventDefault();
}, true);

document.addEventListener("htmx:after:request", (event) => {
  const { sourceElement: field, request, response } = event.detail.ctx;
  if (!field.dataset.held) return;
  if (response.status !== 200) return stash(event);
  // Unless the text was sent meanwhile, and what was saved is no draft any more.
  const isOf = field.form.elements.client_token.value;
  if (request.body.get("client_token") === isOf) field.defaultValue = request.body.get(field.name);
  delete sessionStorage[field.dataset.held];
});
document.addEventListener("htmx:error", stash);

function stash(event) {
  const { dataset, value } = event.detail.ctx?.sourceElement ?? {};
  if (!dataset?.held) return;
  sessionStorage[dataset.held] = value;
  event.preventDefault(); // without a word: nobody waits for it
}
