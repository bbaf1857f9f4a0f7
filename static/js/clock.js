// Things that change while a page stays open: clocks, timers, unmasked numbers, news about the page, the session's end.
import { askToLogIn, post } from "./requests.js";
import { isShown, now, say, warn, word } from "./words.js";

const two = (number) => String(number).padStart(2, "0");
const spell = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  const hours = Math.floor(whole / 3600);
  return (hours ? `${hours}:` : "") + `${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
};

const timeIn = (instant, timeZone) => instant.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", timeZone });

function tick() {
  const instant = now();
  for (const clock of document.querySelectorAll("[data-clock]:not(body)")) {
    clock.textContent = timeIn(instant, clock.dataset.clock);
  }
  for (const clocks of document.querySelectorAll("[data-clocks]")) tellThere(clocks, instant);
  for (const timer of document.querySelectorAll("[data-since]")) timer.textContent = spell((instant - Date.parse(timer.dataset.since)) / 1000);
  for (const timer of document.querySelectorAll("[data-until]")) countDown(timer, (Date.parse(timer.dataset.until) - instant) / 1000);
}

// Where the customer is, perhaps in one of several zones: as `local_time` of the templates says it.
function tellThere(clocks, instant) {
  const told = new Map();
  for (const [zone, place] of JSON.parse(clocks.dataset.clocks)) {
    const time = timeIn(instant, zone);
    if (!told.has(time)) told.set(time, place);
  }
  const words = [...told].map(([time, place]) => `${time} ${place}`).join(" / ");
  if (clocks.textContent !== words) clocks.textContent = words;
}

// Timers are not live regions: one announcement, five minutes before the end.
function countDown(timer, seconds) {
  timer.textContent = spell(seconds);
  if (timer.dataset.announce && seconds > 0 && seconds <= 300) { say(timer.dataset.announce); delete timer.dataset.announce; }
}

// A number shown for a while goes back to its mask by itself.
function hideAfter(element) {
  const until = Date.now() + Number(element.dataset.hideAfter) * 1000;
  delete element.dataset.hideAfter;
  const left = element.querySelector("[data-countdown]");
  const timer = setInterval(() => {
    const seconds = Math.ceil((until - Date.now()) / 1000);
    if (left) left.textContent = `${Math.max(0, seconds)} s`;
    if (seconds > 0 && element.isConnected) return;
    clearInterval(timer);
    element.textContent = element.dataset.masked ?? "";
  }, 1000);
}
const startHiding = () => document.querySelectorAll("[data-hide-after]").forEach(hideAfter);

// News: asked every 15 s, shown as a bar, never swapped over the page.
async function poll() {
  if (document.hidden) return;
  for (const bar of document.querySelectorAll("[data-poll]")) {
    if (bar.contains(document.activeElement)) continue;
    const answer = await fetch(bar.dataset.poll, { headers: { "X-Poll": "1", "HX-Request": "true" } }).catch(() => null);
    if (answer?.status === 401) { askToLogIn(); return; }
    if (answer?.status !== 200) continue;
    const news = (await answer.text()).trim();
    if (news === (bar.drawn ?? "")) continue;
    bar.drawn = news;
    bar.innerHTML = news;
    window.htmx?.process(bar);
    if (bar.textContent.trim()) say(bar.textContent.replace(/\s+/g, " ").trim());
  }
}

// The session: two minutes before its end a warning; any key or click keeps it. An open contact keeps it by itself.
const lasts = Number(document.body.dataset.session ?? 0);
let lastAsked = Date.now();
let warned = false;
for (const name of ["htmx:afterRequest"]) document.addEventListener(name, () => { lastAsked = Date.now(); warned = false; });

async function stay(then, source = null) {
  lastAsked = Date.now();
  warned = false;
  const answer = await post(document.body.dataset.stayUrl, new FormData());
  if (answer?.status === 401) askToLogIn(then, { source });
  return answer;
}
function watchSession() {
  const left = lasts - (Date.now() - lastAsked) / 1000;
  if (left > 120) return;
  if (document.querySelector(".callbar [data-open]")) { stay(); return; }
  if (!warned && left > 0) { warned = true; warn(word("sessionEnds")); }
}
for (const name of ["keydown", "pointerdown"]) document.addEventListener(name, () => warned && stay());

// A plain form takes what was typed away with its page: after a quiet minute it first asks whether the session lives.
const QUIET = 60000;
const asking = new WeakSet();
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || !form.closest("main") || !lasts) return;
  const isAsking = asking.has(form);
  if (!isAsking && Date.now() - lastAsked < QUIET) return;
  event.preventDefault();
  if (isAsking) return;
  asking.add(form);
  const button = event.submitter;
  const quietSince = lastAsked;
  const answer = await stay(() => form.requestSubmit(button), form);
  asking.delete(form);
  if (answer?.ok) form.requestSubmit(button);
  else if (answer?.status !== 401) { lastAsked = quietSince; warn(word("notSaved")); }
});

// The page scrolls clear of the call bar, whatever its height.
const bar = document.querySelector(".callbar");
if (bar && "ResizeObserver" in window) {
  new ResizeObserver(() => {
    document.documentElement.style.setProperty("--callbar", isShown(bar) ? `${bar.offsetHeight}px` : "0px");
  }).observe(bar);
}
// Three columns each as high as what the header and heading leave.
const columns = document.querySelector(".columns");
if (columns) document.documentElement.style.setProperty("--columns-top", `${columns.getBoundingClientRect().top + scrollY + 16}px`);

document.addEventListener("htmx:afterSwap", () => { startHiding(); tick(); });
startHiding();
tick();
setInterval(tick, 1000);
setInterval(poll, 15000);
if (lasts && document.body.dataset.stayUrl) setInterval(watchSession, 10000);
