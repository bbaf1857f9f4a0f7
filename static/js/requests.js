// What surrounds every htmx request: the token, errors, an expired session, and where the focus goes afterwards.
import { say, warn, word } from "./words.js";

export const token = () => document.querySelector('meta[name="csrf-token"]')?.content ?? "";

export function renewToken(fresh) {
  if (!fresh) return;
  document.querySelector('meta[name="csrf-token"]').content = fresh;
  for (const field of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) field.value = fresh;
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token();
});

for (const failure of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(failure, () => warn(word("notSaved")));
}

document.addEventListener("htmx:responseError", (event) => {
  const { xhr, requestConfig, elt } = event.detail;
  if (xhr.status === 401) {
    unsaid(elt);
    askToLogIn(() => repeat(requestConfig, elt), { source: elt });
  } else if (xhr.status >= 500) warn(word("notSaved"));
});

// The form's values are read again, with the fresh token; the button that was pressed has to be named.
function repeat(config, source) {
  const button = config.triggeringEvent?.submitter;
  const values = button?.name ? { [button.name]: button.value } : {};
  return window.htmx.ajax(config.verb, config.path, { source, values });
}

// "Saved" may stand only beside what was saved: a form that could not be sent says nothing.
function unsaid(form) {
  const note = form.querySelector?.("[data-saved]");
  if (note) note.textContent = "";
}

// The dialog that an expired session opens over the page. Everything that met the end of the session is done again
// after it, in its order; each act of an element once.
let afterLogIn = [];

export function askToLogIn(then = () => {}, { source = null, isDraft = false } = {}) {
  const dialog = document.getElementById("login-again");
  if (!dialog) { location.reload(); return; }
  afterLogIn = afterLogIn.filter((other) => !source || other.source !== source || other.isDraft !== isDraft);
  afterLogIn.push({ then, source, isDraft });
  if (dialog.open) return;
  dialog.showModal();
  dialog.querySelector('input[type="password"]').focus();
}

async function doAgain() {
  const waiting = afterLogIn;
  afterLogIn = [];
  const isSent = (form) => waiting.some((other) => other.source === form && !other.isDraft);
  for (const { then, source, isDraft } of waiting) {
    // What is sent for good needs no draft, and what is gone none either.
    if (isDraft && (isSent(source) || !source.isConnected)) continue;
    await then();
  }
}

// Left without logging in: what was to be saved is still only on this page.
document.addEventListener("close", (event) => {
  if (event.target.id === "login-again" && afterLogIn.some((act) => act.source)) warn(word("notSaved"));
}, true);

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("#login-again form")) return;
  event.preventDefault();
  const error = form.querySelector("[data-error]");
  const answer = await post(form.action, new FormData(form));
  if (!answer || answer.status !== 204) {
    error.textContent = answer?.status === 422 ? await answer.text() : word(answer?.status === 429 ? "lockedOut" : "notSaved");
    form.querySelector('input[type="password"]').select();
    return;
  }
  form.querySelector('input[type="password"]').value = "";
  error.textContent = "";
  renewToken(answer.headers.get("X-CSRF-Token"));
  const again = doAgain();
  form.closest("dialog").close();
  await again;
});

// A plain request with our headers. Null when the network failed; the caller says so.
export async function post(url, body, headers = {}) {
  try {
    return await fetch(url, { method: "POST", body, keepalive: true, headers: { "X-CSRFToken": token(), "X-Requested-With": "fetch", ...headers } });
  } catch {
    return null;
  }
}

// Focus: what the answer names, else the error summary, else the refusal, else it stays where it was.
const goals = "[data-focus-after], .error-summary, .refusal h2, .refusal h3";

// What asks again by itself never replaces what somebody is in: it waits for the next time.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { requestConfig, target } = event.detail;
  if (requestConfig?.headers?.["X-Poll"] && target.contains(document.activeElement)) event.detail.shouldSwap = false;
});

let rowBefore = null;
document.addEventListener("htmx:beforeSwap", (event) => {
  const row = event.detail.target?.closest?.("tr, li");
  rowBefore = row ? row.nextElementSibling ?? row.previousElementSibling : null;
});

document.addEventListener("htmx:afterSwap", (event) => {
  const swapped = event.detail.elt;
  if (event.detail.requestConfig?.headers?.["X-Poll"]) return;
  const goal = swapped.isConnected ? (swapped.matches(goals) ? swapped : swapped.querySelector(goals)) : null;
  const next = goal ?? (swapped.isConnected ? null : rowBefore?.querySelector("a, button") ?? rowBefore);
  if (next?.isConnected) focusOn(next);
  const spoken = swapped.querySelector?.("[data-say]");
  if (spoken) say(spoken.dataset.say);
});

export function focusOn(element) {
  if (!element.matches("a, button, input, select, textarea, [tabindex]")) element.tabIndex = -1;
  element.focus();
}

// A page that came back with errors, or after a save, by an ordinary request.
const first = document.querySelector(".error-summary, [data-focus-after]");
if (first) focusOn(first);
