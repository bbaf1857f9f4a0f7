// Forms: never sent twice, drafts kept on the server, amounts and dates said back in words.
import { askToLogIn, post } from "./requests.js";
import { isShown, warn, word } from "./words.js";

const buttons = (form) => form.querySelectorAll("button:not([type=button]), input[type=submit]");

// Disabled only after the browser has read the form: a disabled button's own value would be lost.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.hasAttribute("data-again")) return;
  setTimeout(() => {
    if (event.defaultPrevented) return;
    leaveDraft(form);
    buttons(form).forEach((button) => { button.disabled = true; });
  });
});
addEventListener("pageshow", () => document.querySelectorAll("form").forEach((form) => buttons(form).forEach((button) => {
  if (!button.hasAttribute("data-stays-disabled")) button.disabled = false;
})));
document.addEventListener("htmx:beforeRequest", ({ target }) => { leaveDraft(target); busy(target, true); });
document.addEventListener("htmx:afterRequest", ({ target }) => busy(target, false));

function busy(form, is) {
  if (!form.matches?.("form")) return;
  form.setAttribute("aria-busy", is);
  buttons(form).forEach((button) => { button.disabled = is; });
}

// Drafts: 800 ms after the last key, and on leaving a field.
const waiting = new WeakMap();
const onTheirWay = new Map();

// One after the other: an older draft that arrives last would win over a newer one.
function keepDraft(form, { leaving = false } = {}) {
  leaveDraft(form);
  const before = leaving ? null : onTheirWay.get(form);
  const sending = (before ? before.then(() => sendDraft(form)) : sendDraft(form)).finally(() => {
    if (onTheirWay.get(form) === sending) onTheirWay.delete(form);
  });
  onTheirWay.set(form, sending);
  return sending;
}

// A form that is on its way needs no draft of the same words; one that did not arrive does.
function leaveDraft(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
}
document.addEventListener("htmx:responseError", ({ target, detail }) => {
  if (target.matches?.("form[data-draft]") && detail.xhr.status >= 500) keepDraft(target);
});

async function sendDraft(form) {
  const values = new FormData(form);
  values.delete("csrfmiddlewaretoken");
  const answer = await post(form.dataset.draft, values);
  if (answer?.status === 401) return askToLogIn(() => keepDraft(form), { source: form, isDraft: true });
  if (answer?.status === 422) return warn(await answer.text());
  if (!answer?.ok) return warn(word("notSaved"));
  const note = form.querySelector("[data-saved]");
  if (note) note.textContent = await answer.text();
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => keepDraft(form), 800));
});
document.addEventListener("focusout", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (form && waiting.has(form)) keepDraft(form);
});

// Leaving the page: what is still waiting goes now.
addEventListener("pagehide", () => document.querySelectorAll("form[data-draft]").forEach((form) => waiting.has(form) && keepDraft(form, { leaving: true })));

// Switching language sends the page again: first keep what was typed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-keeps-drafts]")) return;
  for (const draft of document.querySelectorAll("form[data-draft]")) if (waiting.has(draft)) keepDraft(draft);
  if (!onTheirWay.size) return;
  event.preventDefault();
  const button = event.submitter;
  Promise.all(onTheirWay.values()).then(() => form.requestSubmit(button));
});

// What an amount or a date was understood as.
const asked = new WeakMap();

async function sayBack(field) {
  const note = document.getElementById(`${field.id}_echo`);
  if (!note) return;
  if (!field.value.trim()) { note.textContent = ""; return; }
  const question = new FormData();
  question.set("kind", field.dataset.echo);
  question.set("value", field.value);
  question.set("direction", field.dataset.direction ?? "");
  question.set("zone", field.dataset.zone ?? "");
  question.set("currency", field.dataset.currency ?? document.getElementById(field.dataset.currencyField ?? "")?.value ?? "");
  const answer = await post(document.body.dataset.echoUrl, question, { "X-Poll": "1" });
  if (!answer?.ok && answer?.status !== 422) return;
  note.toggleAttribute("data-wrong", answer.status === 422);
  note.textContent = await answer.text();
}
document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.dataset?.echo || !document.body.dataset.echoUrl) return;
  clearTimeout(asked.get(field));
  asked.set(field, setTimeout(() => sayBack(field), 250));
});

// A change that should send its form at once (a filter). Without JavaScript the form's own button does it.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-sends]")) event.target.form.requestSubmit();
});

// A page that was opened to write on begins in its first empty field: typed beside it, each letter would be a command.
const fields = "input:not([type=hidden], [type=button], [type=submit]), select, textarea";
const chosen = (form, name) => form.querySelector(`[name="${CSS.escape(name)}"]:checked`);

function isEmpty(field) {
  if (field.type === "checkbox") return false;
  return field.type === "radio" ? !chosen(field.form, field.name) : !field.value;
}

function beginWriting() {
  if (document.activeElement !== document.body || location.hash) return;
  const form = document.querySelector("main form[data-main-form]");
  const offered = form ? [...form.querySelectorAll(fields)].filter((field) => isShown(field) && !field.disabled && !field.readOnly) : [];
  const first = offered.find(isEmpty) ?? offered[0];
  // Below the fold it would take the page's beginning, and what it says, out of sight.
  if (first && first.getBoundingClientRect().bottom < innerHeight) first.focus();
}
beginWriting();
