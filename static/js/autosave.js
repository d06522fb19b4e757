/*
 * Autosave: nothing that is typed in a form marked `data-autosave` is ever lost.
 *
 *   <form method="post" action="…" autocomplete="off" data-autosave="{{ user.pk }}">
 *
 * A change is kept in this browser at once, and sent to the form's own address two seconds after
 * the last keystroke, when the field is left and when the page is. The server answers
 * (promises/autosave.py) that it is saved, what was wrong, or that somebody else saved meanwhile.
 * The browser's copy goes only when the server has said that the text is saved. What is left from
 * an earlier visit is offered back, with the version it was written on, so that restoring it never
 * overwrites what others saved since.
 *
 * `data-autosave` holds whose text it is: people share computers. `data-unsaved` marks a form that
 * came back with its text refused, so that what stands in it is not taken for what is stored.
 * Without this script the form is saved by its button, as any other.
 */

import { collect, controlsOf, fill, givenTo, isKept, offer, same, store } from "./left.js";

const PAUSE = 2000; // milliseconds after the last keystroke

const TOLD = {
  waiting: "Sparas strax …",
  kept: "Inte sparat – texten finns kvar här i webbläsaren. Den sparas när nätet är tillbaka.",
  keptNowhere: "Inte sparat, och webbläsaren kan inte behålla texten. Kopiera den innan du lämnar sidan.",
  failed: "Inte sparat – portalen svarar inte som den ska. Texten finns kvar här i webbläsaren.",
  signedOut: "Inte sparat – du är utloggad. Texten finns kvar här i webbläsaren. Logga in igen och öppna sidan på nytt.",
  refused: "Inte sparat – sidan är för gammal eller får inte ändras längre. Texten finns kvar här i webbläsaren. Läs in sidan på nytt.",
  conflict: "Inte sparat – någon annan har sparat medan du skrev. Tryck på knappen Spara så visas båda texterna.",
  asks: "Tryck på knappen Spara för att gå igenom det.",
};

class Autosave {
  constructor(form) {
    this.form = form;
    this.address = new URL(form.action, location.href);
    this.key = `autosave ${form.dataset.autosave} ${this.address.pathname}`;
    this.leftKey = `${this.key} left`;
    this.given = collect(this.form, givenTo);
    this.saved = this.given; // what the server is known to hold
    this.isDirty = "unsaved" in form.dataset;
    this.statuses = new Map();
    this.sending = Promise.resolve(true);
    for (const control of controlsOf(this.form)) this.status(control.name);
    this.last = controlsOf(this.form)[0]?.name;
    this.findWhatIsLeft();
    this.listen();
  }

  get version() {
    return this.form.elements.version;
  }

  listen() {
    const { form } = this;
    form.addEventListener("input", (event) => this.changed(event.target));
    form.addEventListener("change", (event) => this.changed(event.target));
    form.addEventListener("focusout", () => this.isWaiting && this.send());
    form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("online", () => this.isDirty && this.send());
    window.addEventListener("pagehide", () => this.isWaiting && this.send({ keepalive: true }));
    // A page kept by the browser holds a version that its last save has left behind.
    window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  }

  changed(control) {
    if (!isKept(control)) return;
    const values = collect(this.form);
    if (!this.isDirty && same(values, this.saved)) return;
    this.last = control.name;
    this.isDirty = true;
    this.isWaiting = true;
    this.keep(values);
    this.tell(this.isKept ? TOLD.waiting : TOLD.keptNowhere);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), PAUSE);
  }

  keep(values) {
    const copy = { values, version: this.version?.value ?? "", at: new Date().toISOString() };
    this.isKept = store.write(this.key, copy);
  }

  /** Send what is written, after what is already on its way; resolves to whether it was answered. */
  send(how = {}) {
    clearTimeout(this.timer);
    this.isWaiting = false;
    this.sending = this.sending.then(() => this.post(how));
    return this.sending;
  }

  async post({ keepalive = false }) {
    const sent = collect(this.form);
    try {
      const response = await fetch(this.address, {
        method: "POST",
        body: new FormData(this.form),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
        keepalive,
      });
      return await this.answered(response, sent);
    } catch {
      return this.unanswered(TOLD.kept);
    }
  }

  unanswered(told) {
    this.tell(this.isKept ? told : TOLD.keptNowhere, "bad");
    return false;
  }

  async answered(response, sent) {
    if (response.type === "opaqueredirect") return this.unanswered(TOLD.signedOut);
    const isJson = response.headers.get("Content-Type")?.startsWith("application/json");
    if (!isJson) return this.unanswered(response.status < 500 ? TOLD.refused : TOLD.failed);
    const answer = await response.json();
    if (answer.conflict) this.tell(TOLD.conflict, "bad");
    else if (answer.errors) this.explain(answer);
    else this.isSaved(answer, sent);
    return true;
  }

  isSaved({ version, saved_at: savedAt }, sent) {
    if (this.version) this.version.value = version;
    this.saved = sent;
    const now = collect(this.form);
    if (!same(now, sent)) {
      this.keep(now); // more was typed meanwhile, on the version just saved
      return;
    }
    store.remove(this.key);
    this.isDirty = false;
    for (const status of this.statuses.values()) this.write(status, "");
    this.tell(`Sparat ${savedAt}`, "good");
  }

  explain({ errors, asks }) {
    for (const [name, sentences] of Object.entries(errors)) {
      const told = `Inte sparat: ${sentences.join(" ")}${asks ? ` ${TOLD.asks}` : ""}`;
      this.write(this.status(name) ?? this.status(this.last), told, "bad");
    }
  }

  /**
   * The button saves here first, so that the copy in the browser goes when the server has it.
   * Then the form is sent as without a script, and the page says what became of it.
   */
  async submitted(event) {
    if (this.isSubmitting || !this.isDirty) return;
    event.preventDefault();
    const { submitter } = event;
    this.keep(collect(this.form));
    if (!(await this.send())) return;
    this.isSubmitting = true;
    this.form.requestSubmit(submitter);
  }

  // --- What is left from before -----------------------------------------------------------

  findWhatIsLeft() {
    const copy = store.read(this.key);
    let left = store.read(this.leftKey) ?? [];
    if (copy && !this.isDirty) {
      // The same text was saved after all; another is put aside before more is typed.
      if (!same(copy.values, this.given)) left.push(copy);
      store.write(this.leftKey, left);
      store.remove(this.key);
    }
    if (this.isDirty) this.isKept = copy !== null;
    left = left.filter((one) => !same(one.values, this.given));
    this.rewriteLeft(left);
    for (const one of left) {
      offer(this.form, one, this.given, { restore: () => this.restore(one), discard: () => this.forget(one) });
    }
  }

  rewriteLeft(left) {
    if (left.length) store.write(this.leftKey, left);
    else store.remove(this.leftKey);
  }

  forget(one) {
    const left = (store.read(this.leftKey) ?? []).filter((other) => other.at !== one.at);
    this.rewriteLeft(left);
  }

  restore(one) {
    fill(this.form, one.values);
    if (this.version && one.version) this.version.value = one.version;
    this.isDirty = true;
    this.keep(collect(this.form));
    this.forget(one);
    this.send();
  }

  // --- What is told -----------------------------------------------------------------------

  /** The live region under the field, there before anything is said in it. */
  status(name) {
    if (!this.statuses.has(name)) {
      const control = controlsOf(this.form).find((one) => one.name === name);
      if (!control) return undefined;
      const status = document.createElement("p");
      status.className = "autosave-status";
      status.setAttribute("role", "status");
      (control.closest(".field") ?? control).after(status);
      this.statuses.set(name, status);
    }
    return this.statuses.get(name);
  }

  tell(text, kind = "") {
    const status = this.status(this.last);
    if (status) this.write(status, text, kind);
  }

  write(status, text, kind = "") {
    if (status.textContent !== text) status.textContent = text;
    status.dataset.kind = kind;
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form);
