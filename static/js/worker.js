/*
 * The service worker: pages come from the portal; without it, the page for logging offline.
 *
 * Nothing but that page and what it is made of is kept. `self.KEPT` says what, and under which
 * version (followup/views/outbox.py). What is sent is never kept here: the outbox keeps it, before
 * the form is sent. A form that does not arrive is answered with the page for the next, if it lies
 * there: one sent before the page's scripts were ready does not.
 */
"use strict";

const ASSETS = `dorotea-assets-${self.KEPT.version}`;
const SHELL = "dorotea-offline";
const PATIENCE = 8000; // milliseconds; on a poor network an answer may never come

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(ASSETS)
      .then((cache) => cache.addAll(self.KEPT.assets))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("dorotea-assets-") && name !== ASSETS;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, address));
  else if (self.KEPT.assets.includes(address.pathname)) event.respondWith(asset(request));
});

/** A page from the portal, or what can be done without it. */
async function page(event, address) {
  const { request } = event;
  const isLog = address.pathname.startsWith(self.KEPT.log);
  const isSent = request.method !== "GET";
  const form = isSent && isLog ? request.clone() : null;
  const canStandIn = async () => !isSent || (form && (await isKept(form).catch(() => false)));
  try {
    const response = await fetch(request, isLog ? { signal: AbortSignal.timeout(PATIENCE) } : {});
    if (isSent && self.KEPT.doors.includes(address.pathname)) {
      // Who comes or goes takes the last member's page for logging with them.
      event.waitUntil(caches.delete(SHELL));
    }
    // When the outbox does not have it, the portal or the browser has to say what became of it.
    if (!isLog || response.status < 500 || !(await canStandIn())) return response;
  } catch (error) {
    if (!(await canStandIn())) throw error;
  }
  if (isSent) return Response.redirect(self.KEPT.log, 303);
  return (await caches.match(self.KEPT.shell)) ?? Response.error();
}

/** Whether the outbox, as static/js/store.js names it, has what is sent. Raises when it can't tell. */
async function isKept(form) {
  const id = (await form.formData()).get("client_id");
  return new Promise((resolve) => {
    const opening = indexedDB.open("dorotea-samverkan", 1);
    opening.onupgradeneeded = () => opening.transaction.abort(); // there is no outbox yet
    opening.onerror = () => resolve(false);
    opening.onsuccess = () => {
      const database = opening.result;
      const counting = database.transaction("outbox").objectStore("outbox").count(id ?? "");
      counting.onerror = () => resolve(false);
      counting.onsuccess = () => resolve(counting.result > 0);
      database.close();
    };
  });
}

/** What pages are made of: fresh when it can be had, so that no page wears yesterday's clothes. */
async function asset(request) {
  const kept = await caches.match(request, { ignoreSearch: true });
  // A name with a checksum in it never changes.
  if (kept && /\.[0-9a-f]{12}\.\w+$/.test(new URL(request.url).pathname)) return kept;
  try {
    return await fetch(request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
}
