// Words that scripts may say, in the page's language, and the two live regions that say them.
const words = document.getElementById("words")?.dataset ?? {};

export const word = (name) => words[name] ?? "";

function speak(id, text) {
  const region = document.getElementById(id);
  if (!region) return;
  region.textContent = "";
  // Emptied first, so that the same sentence twice is announced twice.
  requestAnimationFrame(() => { region.textContent = text; });
  clearTimeout(region.fade);
  region.fade = setTimeout(() => { region.textContent = ""; }, 12000);
}

export const say = (text) => speak("status", text);
export const warn = (text) => speak("alert", text);

// The server's clock, which a demonstration may have frozen or shifted.
const started = Date.now();
const server = Date.parse(document.body.dataset.now ?? "") || started;
const frozen = document.body.dataset.clock === "frozen";
export const now = () => new Date(frozen ? server : server + (Date.now() - started));

export const isShown = (element) => element.checkVisibility?.() ?? element.offsetParent !== null;
