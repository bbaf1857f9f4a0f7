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
  // On a small screen the page comes first, unless the bar has something to say.
  if (matchMedia("(max-width: 799px)").matches && !bar.querySelector(".error-summary, .refusal")) fold(bar, handle, false);
}
document.addEventListener("click", (event) => {
  const handle = event.target.closest("[data-toggles-sheet]");
  if (!handle) return;
  const bar = handle.closest(".callbar");
  fold(bar, handle, bar.dataset.sheet !== "open");
});
function fold(bar, handle, open) {
  bar.dataset.sheet = open ? "open" : "shut";
  handle.setAttribute("aria-expanded", open);
}
// A call that was wrapped up in another window keeps nothing from beginning any more.
function forget() {
  if (!document.querySelector("#call-bar [data-over]")) return;
  document.querySelectorAll("main [data-refused=contact_still_open]").forEach((refusal) => refusal.remove());
}
document.addEventListener("htmx:afterSwap", () => { prepare(); forget(); });
prepare();
