/*
 * What stands in a form, and how text that is left from an earlier visit is offered back.
 *
 * Shared by those that keep text in the browser: static/js/autosave.js, which also sends it to the
 * server while it is written, and static/js/drafts.js, which keeps it until its writer does.
 */

import { moment } from "./moment.js";

const SKIPPED = new Set(["hidden", "submit", "button", "reset", "file", "password"]);

export const isKept = (control) => Boolean(control.name) && !SKIPPED.has(control.type);

export const controlsOf = (form) => [...form.elements].filter(isKept);

const isChoice = (control) => control.type === "checkbox" || control.type === "radio";

/** What a field holds, as a list: one text, or the values that are chosen. */
function valueOf(control) {
  if (isChoice(control)) return control.checked ? [control.value] : [];
  if (control.options) return [...control.selectedOptions].map((option) => option.value);
  return [control.value];
}

/** What the field held when the page came from the server. */
export function givenTo(control) {
  if (isChoice(control)) return control.defaultChecked ? [control.value] : [];
  if (control.options) {
    const given = [...control.options].filter((option) => option.defaultSelected).map((option) => option.value);
    // A list that shows one row chooses its first by itself.
    return given.length || control.multiple ? given : [...control.options].slice(0, 1).map((option) => option.value);
  }
  return [control.defaultValue];
}

/** What the form's fields hold, by name. */
export function collect(form, read = valueOf) {
  const values = {};
  for (const control of controlsOf(form)) (values[control.name] ??= []).push(...read(control));
  return values;
}

export function fill(form, values) {
  for (const control of controlsOf(form)) {
    const texts = values[control.name];
    if (!texts) continue;
    if (isChoice(control)) control.checked = texts.includes(control.value);
    else if (control.options) for (const option of control.options) option.selected = texts.includes(option.value);
    else [control.value] = texts;
  }
}

const words = (texts) => texts.map((text) => text.replaceAll("\r\n", "\n").trim()).join("\n");

/** Whether two sets of fields say the same; those that only one of them has do not count. */
export function same(one, other) {
  return Object.keys(one).every((name) => !(name in other) || words(one[name]) === words(other[name]));
}

/** The browser's own store, which may be full or switched off. */
export const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key));
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // There was nothing to remove.
    }
  },
  keys() {
    try {
      return Object.keys(localStorage);
    } catch {
      return [];
    }
  },
};

// --- The offer ------------------------------------------------------------------------------------

export function element(name, text = "") {
  const made = document.createElement(name);
  made.textContent = text;
  return made;
}

export function button(label, act) {
  const made = element("button", label);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

/** The words of a label or legend, without what is said of the field in passing. */
function wordsOf(label) {
  const copy = label?.cloneNode(true);
  for (const aside of copy?.querySelectorAll(".optional, select, textarea") ?? []) aside.remove();
  return copy?.textContent.trim() ?? "";
}

/** A field's value as it is read: the labels of what is chosen, or the text itself. */
function inWords(controls, texts) {
  const [first] = controls;
  if (first.type === "checkbox" && controls.length === 1) return texts.length ? "Ja" : "Nej";
  if (isChoice(first)) {
    const chosen = controls.filter((control) => texts.includes(control.value));
    return chosen.map((control) => wordsOf(control.labels[0])).join(", ") || "(inget valt)";
  }
  if (first.options) {
    const chosen = [...first.options].filter((option) => option.value && texts.includes(option.value));
    return chosen.map((option) => option.textContent.trim()).join(", ") || "(inget valt)";
  }
  if (first.type === "date" && texts[0]) {
    return new Date(texts[0]).toLocaleDateString("sv-SE", { dateStyle: "long", timeZone: "UTC" });
  }
  return texts.join(", ") || "(tomt)";
}

function labelOf(controls) {
  const [first] = controls;
  const isGroup = first.type === "radio" || (first.type === "checkbox" && controls.length > 1);
  return wordsOf(isGroup ? first.closest("fieldset")?.querySelector("legend") : first.labels?.[0]);
}

/** What differs between the copy and what the server gave, each field by its label when there are several. */
function quotes(form, copy, given) {
  const differing = Object.keys(copy.values).filter((name) => name in given && words(copy.values[name]) !== words(given[name]));
  return differing.flatMap((name) => {
    const controls = controlsOf(form).filter((control) => control.name === name);
    const quote = element("blockquote", inWords(controls, copy.values[name]));
    return differing.length > 1 ? [element("p", labelOf(controls)), quote] : [quote];
  });
}

/** Offer the copy `{ values, at }` back above the form. */
export function offer(form, copy, given, { restore, discard }) {
  const notice = element("section");
  notice.className = "notice warning left-behind";
  notice.setAttribute("aria-label", "Text som inte är sparad");
  const close = (act) => () => {
    act();
    notice.remove();
    controlsOf(form)[0]?.focus();
  };
  const text = element("div");
  text.className = "left-text";
  text.append(...quotes(form, copy, given));
  const actions = element("div");
  actions.className = "actions";
  actions.append(button("Återställ min text", close(restore)), button("Släng den", close(discard)));
  notice.append(element("p", `Här finns text som du skrev ${moment(copy.at)} och som inte är sparad:`), text, actions);
  form.prepend(notice);
}
