/*
 * A form that the browser's back button brings again after it was saved says so, and leads to what
 * was saved: pressing its button once more would save the same thing twice.
 *
 * The place in the browser's history where the form was sent from is marked, and the mark is
 * remembered for as long as the tab is open once the page after it says that it is saved.
 */

import { button, element } from "./left.js";

const SAVED = "forms saved";

const isBack = () => performance.getEntriesByType("navigation")[0]?.type === "back_forward";

function saved() {
  try {
    return JSON.parse(sessionStorage.getItem(SAVED)) ?? {};
  } catch {
    return {};
  }
}

/** The mark on this place in the history, or nothing in its place. */
function mark(sent) {
  history.replaceState({ ...history.state, sent }, "");
}

/** The form leaves this page; one that was refused goes on under the mark it was first sent with. */
export function markSent(member, refused) {
  const sent = refused && !(refused in saved()) ? refused : `${member} ${crypto.randomUUID()}`;
  mark(sent);
  return sent;
}

/** This page says that what was sent is saved: here is where it is seen. */
export function rememberSaved(sent) {
  const [title] = document.title.split(" – Dorotea");
  try {
    sessionStorage.setItem(SAVED, JSON.stringify({ ...saved(), [sent]: { title, address: location.href } }));
  } catch {
    // The form does not say that it is saved, as in a browser without scripts.
  }
}

function tell(form, { title, address }) {
  const notice = element("section");
  notice.className = "notice warning";
  notice.tabIndex = -1;
  notice.setAttribute("aria-label", "Redan sparat");
  const link = element("a", `Gå till ”${title}”`);
  link.href = address;
  const goOn = button("Skriv vidare här ändå", () => {
    mark(undefined);
    form.inert = false;
    notice.remove();
    form.querySelector("input:not([type=hidden]), select, textarea").focus();
  });
  const actions = element("div");
  actions.className = "actions";
  actions.append(link, goOn);
  notice.append(element("p", "Det som skrevs här är redan sparat. Sparar du igen kan det bli dubbelt."), actions);
  form.before(notice);
  form.inert = true;
  history.scrollRestoration = "manual"; // the notice, and not where the button was pressed
  notice.focus();
}

/** Say of the page's form that it is saved, when the back button brings it after it was. */
export function tellIfSaved(form, member) {
  const { sent } = history.state ?? {};
  const answer = saved()[sent];
  if (form && !form.inert && answer && sent.startsWith(`${member} `)) tell(form, answer);
}

/** The same when the page is opened: whoever loads it anew wants to begin again. */
export function tellIfBack(form, member) {
  if (isBack()) tellIfSaved(form, member);
  else if (history.state?.sent) mark(undefined);
}
