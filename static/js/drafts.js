/*
 * Drafts: what is typed in a form survives a closed tab, until the server has it.
 *
 * Each form that is opened keeps its text in this browser from the first keystroke, by member:
 * people share computers, and nobody is shown another's text. The copy goes when the page after
 * the form says that it is saved (static/js/forms.js), and when the outbox takes over what was
 * logged (static/js/log.js says so by the event "taken"). What is left is offered back the next
 * time the form is opened, with the version it was written on, so that restoring it never
 * overwrites what others saved since.
 */

import { button, collect, fill, givenTo, isKept, offer, same, store } from "./left.js";

const KEPT_FOR = 30 * 24 * 60 * 60 * 1000; // milliseconds

const versionsOf = (form) => [...form.elements].filter((control) => control.type === "hidden" && /(^|-)version$/.test(control.name));

const isFresh = () => performance.getEntriesByType("navigation")[0]?.type === "navigate";

class Draft {
  constructor(form, prefix, refused) {
    this.form = form;
    this.given = collect(form, givenTo);
    // A form that came back refused goes on with its copy: what stands in it is not saved.
    this.isUnsaved = Boolean(refused?.startsWith(prefix));
    this.key = this.isUnsaved ? refused : `${prefix}${crypto.randomUUID()}`;
    form.addEventListener("input", (event) => this.changed(event.target));
    form.addEventListener("change", (event) => this.changed(event.target));
    form.addEventListener("taken", () => store.remove(this.key));
    this.offerWhatIsLeft(prefix);
    // Somebody quick wrote before this was loaded; what the browser itself puts back was kept then.
    const values = collect(form);
    if (isFresh() && !same(values, this.given)) this.keep(values);
  }

  changed(control) {
    if (!isKept(control)) return;
    const values = collect(this.form);
    if (!this.isUnsaved && same(values, this.given)) store.remove(this.key);
    else this.keep(values);
  }

  keep(values) {
    const versions = Object.fromEntries(versionsOf(this.form).map((control) => [control.name, control.value]));
    store.write(this.key, { values, versions, at: new Date().toISOString() });
  }

  offerWhatIsLeft(prefix) {
    const left = store.keys().filter((key) => key.startsWith(prefix) && key !== this.key);
    const copies = left.map((key) => [key, store.read(key)]).sort(([, one], [, other]) => (one.at < other.at ? -1 : 1));
    for (const [key, copy] of copies) {
      if (same(copy.values, this.given)) store.remove(key);
      else offer(this.form, copy, this.given, { restore: () => this.restore(key, copy), discard: () => store.remove(key) });
    }
  }

  restore(key, copy) {
    fill(this.form, copy.values);
    for (const control of versionsOf(this.form)) control.value = copy.versions[control.name] ?? control.value;
    store.remove(key);
    this.keep(collect(this.form));
  }

  get isThere() {
    return store.read(this.key) !== null;
  }
}

function dropOld() {
  for (const key of store.keys()) {
    if (key.startsWith("draft ") && !(Date.now() - new Date(store.read(key)?.at) < KEPT_FOR)) store.remove(key);
  }
}

/**
 * Keep the text of the page's forms. `refused` is the key of the copy that the form on this page
 * was sent with, when the page says what is wrong with it. Answers with what finds a form's key.
 */
export function keepDrafts(forms, member, refused) {
  dropOld();
  const drafts = new Map();
  forms.forEach((form, index) => {
    const address = new URL(form.getAttribute("action") ?? "", location.href);
    const which = `${address.pathname}${address.search}${index ? `#${index}` : ""}`;
    drafts.set(form, new Draft(form, `draft ${member} ${which} `, refused));
  });
  return (form) => (drafts.get(form)?.isThere ? drafts.get(form).key : null);
}

/** On the way out: what the member leaves unsaved in this browser, and a way to throw it away. */
export function showWhatIsLeft(place, member) {
  const mine = store.keys().filter((key) => key.startsWith(`draft ${member} `) || key.startsWith(`autosave ${member} `));
  if (!mine.length) return;
  const said = place.querySelector("[role=status]");
  place.hidden = false;
  place.querySelector("[data-actions]").append(
    button("Släng den osparade texten", (event) => {
      for (const key of mine) store.remove(key);
      event.target.remove();
      said.textContent = "Den osparade texten är slängd.";
    }),
  );
}
