/*
 * Every form of the portal: sent once however often its button is pressed, its text kept until it
 * is saved, and what became of it told where it is seen.
 *
 * Loaded on every page of a member. Keeping the text is in static/js/drafts.js, and what is said
 * of a form that is opened again after it was saved in static/js/again.js.
 */

import { markSent, rememberSaved, tellIfBack, tellIfSaved } from "./again.js";
import { keepDrafts, showWhatIsLeft } from "./drafts.js";
import { store } from "./left.js";

const SENT = "draft sent";
const PATIENCE = 15_000; // milliseconds until a button that got no answer may be pressed again
const WRITTEN = "textarea, input[type=text], input:not([type])";

const main = document.querySelector("main");
const { member } = main.dataset;

// --- Told where it is seen ------------------------------------------------------------------------

/** What the last page did is said where this one is scrolled to, and read out to those who listen. */
function tellInView() {
  const list = main.querySelector(".messages");
  if (!list) return;
  const region = list.parentElement;
  const place = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const block = place && main.contains(place) && place.closest("section, div, form, h2, h3");
  if (block && block !== main) {
    block.before(region);
    place.style.scrollMarginTop = `${place.getBoundingClientRect().top - region.getBoundingClientRect().top}px`;
    place.scrollIntoView();
  }
  region.append(list); // what was there from the start is not always read out; what is added is
}

tellInView();

// --- Sent once ------------------------------------------------------------------------------------

const underway = new Map();

function letGo(form) {
  const { submitter, timer } = underway.get(form);
  clearTimeout(timer);
  submitter?.removeAttribute("aria-disabled");
  underway.delete(form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
  if (underway.has(form)) {
    event.preventDefault();
    return;
  }
  const { submitter } = event;
  submitter?.setAttribute("aria-disabled", "true"); // disabled, it would not be sent
  underway.set(form, { submitter, timer: setTimeout(() => letGo(form), PATIENCE) });
});

// --- Drafts ---------------------------------------------------------------------------------------

const session = {
  take() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(SENT));
      sessionStorage.removeItem(SENT);
      return kept;
    } catch {
      return null;
    }
  },
  put(sent) {
    try {
      sessionStorage.setItem(SENT, JSON.stringify(sent));
    } catch {
      // The copy is offered once too often instead of once too seldom.
    }
  },
};

const here = () => location.href.split("#")[0];

/** The form sent from the page before: its copy goes when this page says that it is saved. */
const sent = session.take();
const isAnswer = sent !== null && document.referrer === sent.from;
const isRefused = main.querySelector(".error-summary") !== null;
if (isAnswer && !isRefused && main.querySelector(".message.success")) {
  if (sent.key) store.remove(sent.key);
  if (sent.mark) rememberSaved(sent.mark);
}

const hasText = (form) => form.querySelector(WRITTEN) && !form.querySelector("[type=password], [type=file]");
const forms = [...main.querySelectorAll("form[method=post]:is(.form, .stage, .publish, .next-year):not([data-autosave])")].filter(hasText);
const left = main.querySelector("[data-left]");
// Those that save several things, or the same one bit by bit, are meant to be come back to.
const [savedWhole] = forms.filter((form) => form.matches(".form"));

if (member) {
  const refused = isAnswer && isRefused ? sent : null;
  const keyOf = keepDrafts(forms, member, refused?.key);
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    const key = keyOf(event.target);
    const mark = event.target === savedWhole ? markSent(member, refused?.mark) : null;
    if (key || mark) session.put({ key, mark, from: here() });
  });
  tellIfBack(savedWhole, member);
  if (left) showWhatIsLeft(left, member);
}

// The browser's back button brings the page as it was left.
window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  session.take();
  for (const form of [...underway.keys()]) letGo(form);
  tellIfSaved(savedWhole, member);
});
