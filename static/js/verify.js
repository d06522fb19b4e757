// Reads the chosen file's SHA-256 in the browser and asks about it. The file is never sent.

const form = document.querySelector("[data-verify]");
const chooser = form.querySelector("input[type=file]");
const field = form.querySelector("input[name=kontrollsumma]");
const told = form.querySelector("[role=status]");

async function sha256(file) {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Browsers compute hashes only on secure connections; without one the file cannot be chosen.
if (window.isSecureContext) {
  form.querySelector("[data-file]").hidden = false;
  chooser.addEventListener("change", async () => {
    const [file] = chooser.files;
    if (!file) return;
    told.textContent = "Räknar ut kontrollsumman …";
    try {
      field.value = await sha256(file);
    } catch {
      told.textContent = "Filen gick inte att läsa. Välj den igen.";
      return;
    }
    form.requestSubmit();
  });
}
