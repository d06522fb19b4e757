/*
 * The quick log's form: big steppers, the same as last time, and an outbox behind the button.
 *
 * The form is put in the outbox before it is sent, and sent as any form. If it arrives, the outbox
 * finds the portal has it; if it does not, the outbox sends it later (static/js/outbox.js). On the
 * page that stands in for others without coverage (templates/followup/log/offline.html) this builds
 * what the address asks for.
 */

import { put } from "./store.js";

// --- Steppers -----------------------------------------------------------------------------------

const UNKNOWN = ""; // ingen uppgift, which is not 0

const read = (input) => (input.value.trim() === "" ? null : Number(input.value.replace(/\s/g, "").replace(",", ".")));

function step(input, by) {
  const value = read(input);
  if (Number.isNaN(value)) return;
  // From nothing: up to the first, or down to a zero that says "none".
  const next = value === null ? Math.max(0, by) : value + by;
  input.value = next < 0 ? UNKNOWN : String(next).replace(".", ",");
  input.dispatchEvent(new Event("input", { bubbles: true }));
}

function addStepper(input) {
  const by = Number(input.dataset.step);
  const label = input.labels[0].firstChild.textContent.trim();
  const made = (sign, said, change) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "step";
    button.setAttribute("aria-label", `${said}: ${label}`);
    button.textContent = sign;
    button.addEventListener("click", () => step(input, change));
    return button;
  };
  const stepper = document.createElement("div");
  stepper.className = "stepper";
  input.before(stepper);
  stepper.append(made("−", `Minska med ${by}`, -by), input, made("+", `Öka med ${by}`, by));
}

// --- The same as last time ----------------------------------------------------------------------

function fillIn(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const control = form.elements[name];
    if (control && value !== null && value !== "") control.value = value;
  }
}

function sameAsLastTime(link, form) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    fillIn(form, JSON.parse(link.dataset.same));
    link.closest(".last-time").replaceChildren(said("Ifyllt som förra gången. Ändra det som var annorlunda."));
    form.elements.done.focus();
  });
}

function said(text) {
  const paragraph = document.createElement("p");
  paragraph.className = "soft small";
  paragraph.setAttribute("role", "status");
  paragraph.textContent = text;
  return paragraph;
}

// --- Behind the button --------------------------------------------------------------------------

const ACTIVITY = /^\/logga\/(\d+)\/$/; // the address of an activity's form

/** What the form says, by the headings of the log's spreadsheet. */
function inWords(form) {
  const controls = form.elements;
  const chosen = (select) => (select.value ? select.selectedOptions[0].textContent : "");
  const row = {
    Datum: controls.about.value || [controls.date.value, controls.last_date.value].filter(Boolean).join(" – "),
    Aktivitet: form.dataset.log,
    "Aktivitets-id": location.pathname.match(ACTIVITY)?.[1],
    Plats: controls.new_place.value || chosen(controls.place),
    Part: chosen(controls.party),
    "Tid (minuter)": controls.minutes.value,
    Deltagare: controls.participants.value,
    "Vad som gjordes": controls.done.value,
    "Vad det gav": controls.outcome.value,
    "Intern anteckning": controls.internal_note.value,
    "Mening till medborgarna": controls.public_sentence.value,
    Publicerad: controls.is_published.checked ? "Ja" : "Nej",
  };
  const taken = Object.keys(row).map((heading) => heading.toLowerCase());
  for (const { dataset, value } of form.querySelectorAll("[data-counters] input")) {
    row[taken.includes(dataset.heading.toLowerCase()) ? `Mätetal: ${dataset.heading}` : dataset.heading] = value;
  }
  return row;
}

function entryOf(form, submitter) {
  const fields = [...new FormData(form, submitter)].filter(([name]) => name !== "csrfmiddlewaretoken" && name !== "nasta");
  return {
    id: form.elements.client_id.value,
    member: Number(document.querySelector("[data-outbox]").dataset.member),
    title: form.dataset.log,
    address: submitter?.getAttribute("formaction") ?? location.pathname + location.search,
    fields,
    row: inWords(form),
    at: new Date().toISOString(),
  };
}

function keepBeforeSending(form) {
  let isKept = false;
  form.addEventListener("submit", async (event) => {
    if (isKept) return;
    event.preventDefault();
    const { submitter } = event;
    if (form.elements.done.value.trim()) {
      const taken = () => form.dispatchEvent(new Event("taken")); // no longer a draft
      // What can't be kept is sent all the same.
      await put(entryOf(form, submitter)).then(taken, () => {});
    }
    isKept = true;
    await new Promise(setTimeout); // a form can't be sent from within its own event
    form.requestSubmit(submitter);
    form.inert = true; // until the next page is here: a second tap would send it again
  });
  // The browser's back button brings the form as it was sent: from here on it is another one.
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    isKept = form.inert = false;
    form.elements.client_id.value = crypto.randomUUID();
  });
}

function enhance(form) {
  for (const input of form.querySelectorAll("input[data-step]")) addStepper(input);
  const link = document.querySelector("[data-same]");
  if (link) sameAsLastTime(link, form);
  if ("log" in form.dataset) keepBeforeSending(form);
}

// --- Without coverage ---------------------------------------------------------------------------

const template = (selector) => document.querySelector(`template${selector}`);

function showOffline(place) {
  const [, activity] = location.pathname.match(ACTIVITY) ?? [];
  const chosen = activity && template(`[data-activity="${activity}"]`);
  if (chosen) showForm(place, chosen);
  else if (location.pathname.startsWith("/logga/")) show(place, "offline-pick");
}

function show(place, id) {
  place.replaceChildren(template(`#${id}`).content.cloneNode(true));
  document.title = `${place.querySelector("h1").textContent} – Dorotea samverkan`;
}

function showForm(place, activity) {
  show(place, "offline-form");
  const { title, under } = activity.dataset;
  place.querySelector("[data-title]").textContent = title;
  place.querySelector("[data-under]").textContent = under;
  document.title = `Logga ${title} – Dorotea samverkan`;
  const form = place.querySelector("form");
  form.dataset.log = title;
  const own = activity.content.cloneNode(true);
  const last = own.querySelector(".last-time");
  if (last) form.before(last);
  form.querySelector("[data-counters]").replaceChildren(own);
  const planned = template(`[data-planned="${new URLSearchParams(location.search).get("planerat")}"]`);
  const today = new Date().toLocaleDateString("sv-SE");
  fillIn(form, {
    client_id: crypto.randomUUID(),
    date: planned && planned.dataset.date < today ? planned.dataset.date : today,
    place: planned ? planned.dataset.place : activity.dataset.place,
    party: activity.dataset.party,
  });
}

const offline = document.querySelector("[data-offline]");
if (offline) showOffline(offline);
for (const form of document.querySelectorAll("main form.form")) enhance(form);
