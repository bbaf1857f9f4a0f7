// The call bar: V goes to the first question, a chosen outcome to its first field, the sheet of small screens folds.
const arrows = new Set(["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight"]);
let byArrow = false;
document.addEventListener("keydown", (event) => { byArrow = arrows.has(event.key); }, true);
document.addEventListener("pointerdown", () => { byArrow = false; }, true);

// By "click", not "change": a restored draft has its outcome chosen already, and its key has to lead on as well.
// Walking through a list by arrows must not throw the walker out of it.
document.addEventListener("click", (event) => {
  const goal = event.target.dataset?.then;
  if (!goal || byArrow) return;
  const field = event.target.form.querySelector(goal);
  field?.focus();
  if (field?.type === "text") field.select();
});

function prepare() {
  const bar = document.getElementById("call-bar");
  if (!bar) return;
  const question = bar.querySelector("[data-first-question] input");
  if (question) question.dataset.key = "V";
  const handle = bar.querySelector("[data-toggles-sheet]");
  if (!handle) return;
  handle.hidden = false;
  // On a small screen the page comes first, unless the bar has something to say or somebody opened it in this call.
  const isOpen = bar.querySelector(".error-summary, .refusal") || sessionStorage.getItem("call-sheet") === bar.dataset.call;
  if (matchMedia("(max-width: 799px)").matches) show(bar, isOpen);
}
document.addEventListener("click", (event) => {
  const bar = event.target.closest("[data-toggles-sheet]")?.closest(".callbar");
  if (bar) choose(bar, bar.dataset.sheet !== "open");
});
// A key of the bar works while it is folded, too: it opens first, so that the key finds its control.
document.addEventListener("keydown", (event) => {
  const bar = document.querySelector("#call-bar[data-sheet=shut]");
  if (!bar || event.altKey || document.querySelector("dialog[open]")) return;
  const control = event.ctrlKey || event.metaKey;
  const isLetter = !control && !event.target.closest?.("input, textarea, select") && document.body.dataset.keys !== "off";
  const isKey = isLetter && bar.querySelector(`[data-key="${CSS.escape(event.key.toUpperCase())}"]`);
  if (isKey || (control && event.key === "Enter")) choose(bar, true);
}, true);
function choose(bar, open) {
  sessionStorage.setItem("call-sheet", open ? bar.dataset.call : "");
  show(bar, open);
}
function show(bar, open) {
  bar.dataset.sheet = open ? "open" : "shut";
  bar.querySelector("[data-toggles-sheet]").setAttribute("aria-expanded", Boolean(open));
}
// A call that was wrapped up in another window keeps nothing from beginning any more.
function forget() {
  if (!document.querySelector("#call-bar [data-over]")) return;
  document.querySelectorAll("main [data-refused=contact_still_open]").forEach((refusal) => refusal.remove());
}
document.addEventListener("htmx:afterSwap", () => { prepare(); forget(); });
prepare();
