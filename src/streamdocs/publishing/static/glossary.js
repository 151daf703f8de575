/* The glossary's field: as somebody types, it leaves the entries that say so. */
"use strict";

(() => {
const field = document.getElementById("glossary-filter");
const found = document.getElementById("glossary-found");
if (!(field instanceof HTMLInputElement) || !found) return;

/** @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Each entry: its terms, and what explains them.
 * @type {HTMLElement[][]} */
const entries = [[]];
for (const part of document.querySelectorAll("dl.glossary > *")) {
  if (!(part instanceof HTMLElement)) continue;
  entries[entries.length - 1].push(part);
  if (part.tagName === "DD") entries.push([]);
}
entries.pop();

const filter = () => {
  const asked = plain(field.value.trim());
  const shown = entries.filter((entry) => {
    const says = entry.some((part) => plain(part.firstChild?.textContent ?? "").includes(asked));
    for (const part of entry) part.hidden = !says;
    return says;
  });
  found.textContent = `${shown.length} de ${entries.length} términos`;
};
field.addEventListener("input", filter);

// A letter leads to an entry, which must be there.
document.querySelector(".glossary-finder nav")?.addEventListener("click", () => {
  field.value = "";
  filter();
});
})();
