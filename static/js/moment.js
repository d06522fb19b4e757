/** When something was, as it is said: "i dag kl. 14.05", "3 mars kl. 8.30". */
export function moment(iso) {
  const at = new Date(iso);
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? "i dag" : at.toLocaleDateString("sv-SE", { day: "numeric", month: "long" });
  return `${day} kl. ${at.toLocaleTimeString("sv-SE", { hour: "2-digit", minute: "2-digit" }).replace(":", ".")}`;
}
