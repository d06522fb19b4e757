/*
 * The outbox: what is logged here and has not reached the portal, sent as soon as it answers.
 *
 * Loaded on every page of a member who may log, and on the sign-in page. Entries are sent one at a
 * time in the order they were noted, by one tab at a time, each to its form's own address. The
 * portal knows an entry by its client_id, so sending one twice gives the same occasion. An entry
 * goes from the browser only when the portal has said that it is stored; what it refuses stays in
 * the tray with the reason, until its writer mends it or throws it away.
 */

import { moment } from "./moment.js";
import { all, put, remove } from "./store.js";

const AGAIN = 20_000; // milliseconds between attempts while something waits
const SHELL_FRESH = 10 * 60_000; // the page for logging offline is fetched anew after this
const SHELL = "dorotea-offline"; // the cache that static/js/worker.js reads

const tray = document.querySelector("[data-outbox]");
const member = Number(tray.dataset.member) || null;
const told = tray.querySelector("[role=status]");

const State = {
  WAITING: "waiting",
  SIGNED_OUT: "signedOut",
  OTHERS: "others",
  NOT_ALLOWED: "notAllowed",
};

/** The entry that stands in the form on this page is its writer's to send. */
const inHand = () => document.querySelector("form[data-log] [name=client_id]")?.value;

const number = (count) => (count === 1 ? "1 tillfälle" : `${count} tillfällen`);

// --- Sending ------------------------------------------------------------------------------------

const json = { Accept: "application/json" };
const ask = (address, how = {}) =>
  fetch(address, { headers: json, credentials: "same-origin", redirect: "manual", cache: "no-store", ...how });

/** Send what waits. Answers with why something still does, and what was said of what was sent. */
async function sendAll() {
  const sent = [];
  const waiting = async () => (await all()).filter((entry) => !entry.errors && entry.id !== inHand());
  if (!(await waiting()).length) return { sent, state: null };
  let who;
  try {
    const answer = await ask(tray.dataset.address);
    if (answer.type === "opaqueredirect") return { sent, state: State.SIGNED_OUT };
    if (answer.status === 403) return { sent, state: State.NOT_ALLOWED };
    if (!answer.ok) return { sent, state: State.WAITING };
    who = await answer.json();
  } catch {
    return { sent, state: State.WAITING };
  }
  for (const entry of await waiting()) {
    if (entry.member !== who.member) continue;
    const outcome = await send(entry, who.token);
    if (outcome === null) return { sent, state: State.WAITING };
    if (outcome === State.SIGNED_OUT) return { sent, state: State.SIGNED_OUT };
    if (outcome.told) sent.push(outcome);
  }
  const left = await waiting();
  return { sent, state: left.length ? State.OTHERS : null };
}

/** One entry: what the portal said, null when it did not answer, or that nobody is signed in. */
async function send(entry, token) {
  const body = new FormData();
  for (const [name, value] of entry.fields) body.append(name, value);
  body.set("csrfmiddlewaretoken", token);
  let answer;
  try {
    answer = await ask(entry.address, { method: "POST", body });
  } catch {
    return null;
  }
  if (answer.type === "opaqueredirect") return State.SIGNED_OUT;
  if (answer.status >= 500 || answer.status === 429) return null;
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  if (answer.ok && isJson) {
    const said = await answer.json();
    await remove(entry.id);
    return said;
  }
  const errors = isJson ? (await answer.json()).errors : [refusal(answer.status)];
  await put({ ...entry, errors });
  return {};
}

const refusal = (status) =>
  status === 404
    ? "Aktiviteten finns inte längre, eller är inställd. Logga tillfället på en annan aktivitet."
    : `Portalen tog inte emot tillfället (fel ${status}).`;

let timer;

/** Send, in one tab at a time, and show what is left. */
async function sendAndShow() {
  clearTimeout(timer);
  const { sent, state } = await navigator.locks.request("outbox", sendAll);
  await show(sent, state);
  if (state) timer = setTimeout(sendAndShow, AGAIN);
}

// --- The tray -----------------------------------------------------------------------------------

const WHY = {
  [State.WAITING]: "Det skickas av sig självt när portalen kan nås.",
  [State.SIGNED_OUT]: "Logga in så skickas det.",
  [State.OTHERS]: "Det är loggat av någon annan, som behöver logga in här.",
  [State.NOT_ALLOWED]: "Din roll får inte logga. Be en administratör om hjälp.",
};

function element(name, attributes = {}, ...children) {
  const made = Object.assign(document.createElement(name), attributes);
  made.append(...children.filter((child) => child !== null));
  return made;
}

const button = (label, act) => element("button", { type: "button", textContent: label, onclick: act });

async function show(sent, state) {
  const hand = inHand();
  const entries = (await all()).filter((entry) => entry.id !== hand);
  const refused = entries.filter((entry) => entry.errors);
  const waiting = entries.filter((entry) => !entry.errors);
  const lines = sent.filter(isNews).map(({ address, told: said }) => element("p", {}, element("a", { href: address, textContent: said[0] }), ` ${said.slice(1).join(" ")}`));
  if (waiting.length) {
    lines.push(element("p", {}, element("strong", { textContent: `${number(waiting.length)} väntar på att skickas sedan ${moment(waiting[0].at)}.` }), ` ${WHY[state ?? State.WAITING]}`));
  }
  if (refused.length) {
    lines.push(element("p", {}, element("strong", { textContent: `${number(refused.length)} kunde inte sparas och behöver rättas.` })));
  }
  tray.classList.toggle("is-refused", refused.length > 0);
  if (lines.map((line) => line.textContent).join() !== told.textContent) told.replaceChildren(...lines);
  tray.querySelector(".outbox-entries")?.remove();
  if (entries.length) tray.append(details(entries));
  document.documentElement.dataset.waiting = entries.length; // for the tests to wait for
}

/** What the page itself says of the form that was sent, the tray does not say once more. */
const saidByPage = [...document.querySelectorAll("main .message.success")].map((message) => message.textContent.trim());

function isNews({ told: [said] }) {
  const place = saidByPage.indexOf(said);
  if (place >= 0) saidByPage.splice(place, 1);
  return place < 0;
}

/** What stands in the tray. Signed out, no more than how many there are is anybody's business. */
function details(entries) {
  const mine = entries.filter((entry) => entry.member === member);
  return element(
    "div",
    { className: "outbox-entries" },
    mine.length ? element("ul", {}, ...mine.map(item)) : null,
    element(
      "div",
      { className: "actions" },
      member ? button("Skicka nu", sendAndShow) : null,
      mine.length ? button("Spara som fil", () => saveAsFile(mine)) : null,
    ),
  );
}

function item(entry) {
  const said = `${entry.title}, ${entry.row.Datum}${entry.row.Plats ? `, ${entry.row.Plats}` : ""}`;
  const discard = button("Släng", () => discard.replaceWith(confirm));
  const confirm = element(
    "span",
    {},
    "Ska tillfället slängas för gott? ",
    button("Ja, släng det", async () => {
      await remove(entry.id);
      await show([], null);
    }),
    button("Behåll det", () => confirm.replaceWith(discard)),
  );
  return element(
    "li",
    {},
    element("strong", { textContent: said }),
    element("br"),
    element("span", { className: "soft small", textContent: entry.row["Vad som gjordes"] || "(ingen text)" }),
    ...(entry.errors ?? []).map((error) => element("p", { className: "outbox-error", textContent: error })),
    element("div", { className: "actions" }, entry.errors ? button("Rätta", () => mend(entry)) : null, discard),
  );
}

/** Send the entry by its form's own button, as it were: the portal shows it with what is wrong. */
async function mend(entry) {
  let token = "";
  try {
    ({ token } = await (await ask(tray.dataset.address)).json());
  } catch {
    await show([], State.WAITING);
    return;
  }
  const form = element("form", { method: "post", action: entry.address, hidden: true });
  for (const [name, value] of [...entry.fields.filter(([name]) => name !== "csrfmiddlewaretoken"), ["csrfmiddlewaretoken", token]]) {
    form.append(element("input", { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}

/** The entries as the spreadsheet that the log reads in: /tillfallen/las-in/. */
function saveAsFile(entries) {
  const headings = [...new Set(entries.flatMap((entry) => ["Id", ...Object.keys(entry.row)]))];
  // A text that begins as a formula does is a text all the same.
  const guarded = (text) => (/^'*[=+\-@\t\r\n]/.test(text) ? `'${text}` : text);
  const cell = (text) => `"${guarded(text ?? "").replaceAll('"', '""')}"`;
  const rows = entries.map((entry) => headings.map((heading) => (heading === "Id" ? entry.id : entry.row[heading])));
  const text = [headings, ...rows].map((row) => row.map(cell).join(";")).join("\r\n");
  const file = new Blob([`\ufeff${text}\r\n`], { type: "text/csv;charset=utf-8" });
  const link = element("a", { href: URL.createObjectURL(file), download: "tillfallen-som-vantar.csv" });
  link.click();
  URL.revokeObjectURL(link.href);
}

// --- Ready for the road -------------------------------------------------------------------------

/** Keep the page for logging offline fresh, so that it is there when the network is not. */
async function keepShell() {
  if (!member || !("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(tray.dataset.worker);
  const cache = await caches.open(SHELL);
  const kept = await cache.match(tray.dataset.shell);
  const age = Date.now() - new Date(kept?.headers.get("Date") ?? 0);
  if (age < SHELL_FRESH && Number(kept?.headers.get("X-Member")) === member) return;
  const fresh = await fetch(tray.dataset.shell, { credentials: "same-origin", redirect: "error" });
  if (fresh.ok) await cache.put(tray.dataset.shell, fresh);
}

function beReady() {
  sendAndShow();
  keepShell().catch(() => {
    // Without coverage the one that is kept has to do, and is renewed the next time.
  });
}

window.addEventListener("online", beReady);
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && beReady());
window.addEventListener("pageshow", (event) => event.persisted && beReady());
beReady();
