/*
 * The outbox's store: occasions noted in this browser that the portal has not taken yet.
 *
 * An entry is { id, member, title, address, fields, row, at, errors }: `id` is the occasion's
 * client_id, `member` whose it is, `address` where its form is sent, `fields` what the form holds,
 * `row` the same in words for a file, `at` when it was noted, and `errors` why it was refused.
 */

// static/js/worker.js, which can't import from here, opens it by the same names.
const NAME = "dorotea-samverkan";
const STORE = "outbox";

function opened() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Run one request on the store; done when it is on the disk, and not only asked for. */
async function run(mode, act) {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const request = act(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** Raises when the browser can't keep anything. */
export const put = (entry) => run("readwrite", (store) => store.put(entry));

export const remove = (id) => run("readwrite", (store) => store.delete(id));

/** Every entry, the one noted first first; none when the browser can't keep any. */
export async function all() {
  try {
    const entries = await run("readonly", (store) => store.getAll());
    return entries.sort((one, other) => one.at.localeCompare(other.at));
  } catch {
    return [];
  }
}
