// The keyboard. A key does nothing by itself: it presses the visible button, link or field that carries it in data-key.
import { isShown } from "./words.js";

const typing = "input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable]";
const lettersAllowed = document.body.dataset.keys !== "off";
let goPending = 0;

const shown = (selector) => [...document.querySelectorAll(selector)].find((found) => isShown(found) && !found.disabled);

function press(element) {
  if (!element) return false;
  if (element.matches("input, textarea, select") && !element.matches("[type=radio], [type=checkbox]")) { element.focus(); element.select?.(); }
  else if (element.matches("details")) { element.open = true; element.querySelector("summary").focus(); }
  else { element.focus(); element.click(); }
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Escape") return leave(event);
  if ((event.ctrlKey || event.metaKey) && !event.altKey) return chord(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest?.(typing) || document.querySelector("dialog[open]")) return;
  if (event.key === "?" && lettersAllowed) { event.preventDefault(); return openDialog("keys-help"); }
  if (row(event)) return;
  if (lettersAllowed) letter(event);
});

function chord(event) {
  if (event.key.toLowerCase() === "k" && !event.shiftKey) { event.preventDefault(); openCommands(); }
  if (event.key === "Enter") { event.preventDefault(); submit(event.target, event.shiftKey); }
}

function submit(from, stay) {
  const form = from.closest?.("form:not([data-quiet])") ?? document.querySelector("dialog[open] form") ?? shown(".callbar form[data-main-form]") ?? shown("form[data-main-form]");
  if (!form) return;
  const button = form.querySelector(stay ? "[data-stay]" : "[data-main]") ?? (stay ? null : form.querySelector("button:not([type=button])"));
  if (stay && !button) return;
  // A click, not requestSubmit: htmx learns from it which button was meant.
  if (button) button.click(); else form.requestSubmit();
}

// Leaves the field, then closes the top layer. Never discards, never ends a call.
function leave(event) {
  if (document.querySelector("dialog[open]")) return;
  const menu = document.querySelector("details.menu[open]");
  if (event.target.closest?.(typing)) { event.preventDefault(); event.target.blur(); }
  else if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
}

function letter(event) {
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const going = Date.now() - goPending < 1500;
  goPending = 0;
  if (going) { if (press(shown(`[data-go="${CSS.escape(key)}"]`))) event.preventDefault(); return; }
  if (key === "G") { goPending = Date.now(); return; }
  const here = document.activeElement?.closest("[data-rows] > *")?.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (press(here && isShown(here) ? here : shown(`[data-key="${CSS.escape(key)}"]`))) event.preventDefault();
}

// Lists: J and K move, Space ticks. Enter opens by itself, because the row's link has the focus.
function row(event) {
  const list = document.activeElement?.closest("[data-rows]") ?? shown("[data-rows]");
  if (!list) return false;
  const rows = [...list.children].filter((child) => isShown(child) && child.querySelector("a, button, summary"));
  const at = rows.findIndex((candidate) => candidate.contains(document.activeElement));
  const key = event.key.toLowerCase();
  if (lettersAllowed && (key === "j" || key === "k")) {
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + (key === "j" ? 1 : -1)))];
    next?.querySelector("a.row-link, a, button, summary")?.focus();
    next?.scrollIntoView({ block: "nearest" });
    event.preventDefault();
    return true;
  }
  const tick = key === " " && at >= 0 && document.activeElement.matches("a") && rows[at].querySelector("input[type=checkbox]");
  if (tick) { tick.click(); event.preventDefault(); return true; }
  return false;
}

// Dialogs: any button with data-opens, and back to it when the dialog closes.
export function openDialog(id, opener = document.activeElement) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  dialog.showModal();
  dialog.addEventListener("close", () => opener?.isConnected && opener.focus(), { once: true });
}
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) { event.preventDefault(); openDialog(opener.dataset.opens, opener); }
  if (event.target.closest("[data-closes]")) event.target.closest("dialog")?.close();
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});

// The command list: every act that this page offers, in a closed menu too, found by typing part of its name.
const isOffered = (act) => !act.disabled && (isShown(act) || act.closest("details.menu"));
const label = (element) => (element.dataset.command || element.getAttribute("aria-label") || element.textContent).replace(/\s+/g, " ").trim();

function openCommands() {
  const dialog = document.getElementById("commands");
  if (!dialog || document.querySelector("dialog[open]")) return;
  const acts = [...document.querySelectorAll("[data-key], [data-go], [data-command]")].filter(isOffered);
  const input = dialog.querySelector("input");
  const list = dialog.querySelector("ul");
  const opener = document.activeElement;
  let chosen = 0;
  const matching = () => acts.filter((act) => label(act).toLowerCase().includes(input.value.trim().toLowerCase()));
  const draw = () => {
    const found = matching();
    chosen = Math.max(0, Math.min(chosen, found.length - 1));
    list.replaceChildren(...found.map((act, index) => option(act, index === chosen, () => run(act))));
    input.setAttribute("aria-activedescendant", found.length ? `command-${chosen}` : "");
    [...list.children].forEach((item, index) => { item.id = `command-${index}`; });
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
    dialog.querySelector("[data-none]").hidden = found.length > 0;
  };
  const run = (act) => { dialog.returnValue = "run"; dialog.close(); press(act); };
  input.value = "";
  input.oninput = () => { chosen = 0; draw(); };
  input.onkeydown = (event) => {
    if (event.key === "ArrowDown") chosen += 1;
    else if (event.key === "ArrowUp") chosen -= 1;
    else if (event.key === "Enter") { event.preventDefault(); const act = matching()[chosen]; if (act) run(act); return; }
    else return;
    event.preventDefault();
    draw();
  };
  dialog.returnValue = "";
  dialog.onclose = () => { if (dialog.returnValue !== "run") opener?.focus?.(); };
  dialog.showModal();
  draw();
  input.focus();
}

function option(act, selected, run) {
  const item = document.createElement("li");
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", selected);
  const name = document.createElement("span");
  name.textContent = act.querySelector("kbd") ? label(act).replace(new RegExp(`\\s${CSS.escape(act.querySelector("kbd").textContent)}$`), "") : label(act);
  const key = document.createElement("kbd");
  key.textContent = act.dataset.key ?? (act.dataset.go ? `G ${act.dataset.go}` : "");
  item.append(name, ...(key.textContent ? [key] : []));
  item.addEventListener("click", run);
  return item;
}

if (!lettersAllowed) for (const hint of document.querySelectorAll("[data-key] > kbd")) hint.hidden = true;
for (const opener of document.querySelectorAll("[data-open-commands]")) opener.addEventListener("click", openCommands);
