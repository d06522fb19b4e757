/*
 * The service worker: pages come from the portal; without it, the page for logging offline.
 *
 * Nothing but that page and what it is made of is kept. `self.KEPT` says what, and under which
 * version (followup/views/outbox.py). What is sent is never kept here: the outbox keeps it, before
 * the form is sent, so a form that does not arrive can be answered with the page for the next.
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
  // Without an outbox behind the form, the portal or the browser has to say what became of it.
  const canStandIn = !isSent || (isLog && !address.searchParams.has("utan-utkorg"));
  try {
    const response = await fetch(request, isLog ? { signal: AbortSignal.timeout(PATIENCE) } : {});
    if (isSent && self.KEPT.doors.includes(address.pathname)) {
      // Who comes or goes takes the last member's page for logging with them.
      event.waitUntil(caches.delete(SHELL));
    }
    if (!isLog || !canStandIn || response.status < 500) return response;
  } catch (error) {
    if (!canStandIn) throw error;
  }
  if (isSent) return Response.redirect(self.KEPT.log, 303);
  return (await caches.match(self.KEPT.shell)) ?? Response.error();
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
