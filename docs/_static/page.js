/* What every page does beside its components: focus, the menu's place, folded parts on paper. */
"use strict";

(() => {

// The copy button loses the focus to a field of its own, and the reader with it his place.
document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("button.copybtn");
  if (button instanceof HTMLElement) setTimeout(() => button.focus({ preventScroll: true }));
});

// A menu opens where the reader is.
document.querySelector(".primary-toggle")?.addEventListener("click", () => setTimeout(() => {
  document.querySelector("dialog[open] .current.active, .bd-sidebar-primary .current.active")
    ?.scrollIntoView({ block: "center" });
}));

// The page's contents tell where the reader is. The theme's own tell the heading that last came into
// sight, and after a jump none has.
/** @type {NodeListOf<HTMLAnchorElement>} */
const entries = document.querySelectorAll(".page-toc a");
const sections = [...entries].map(({ hash }) =>
  document.getElementById(decodeURIComponent(hash.slice(1))));

const BELOW_HEADER = 100;

function place() {
  const end = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
  const reached = end ? sections.length - 1
    : sections.findLastIndex((one) => one && one.getBoundingClientRect().top <= BELOW_HEADER);
  entries.forEach((entry, number) => {
    entry.classList.toggle("active", number === reached);
    if (number === reached) entry.setAttribute("aria-current", "true");
    else entry.removeAttribute("aria-current");
  });
}

if (entries.length) {
  addEventListener("scroll", () => requestAnimationFrame(place), { passive: true });
  place();
}

// What is folded is open on paper, and folded again on the screen.
/** @type {HTMLDetailsElement[]} */
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details")].filter((part) => !part.open);
  opened.forEach((part) => { part.open = true; });
});
addEventListener("afterprint", () => opened.forEach((part) => { part.open = false; }));

/** How many letters one text is from another. @param {string} a @param {string} b */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  [...a].forEach((letter, line) => {
    const next = [line + 1];
    [...b].forEach((other, column) => {
      next.push(Math.min(row[column + 1] + 1, next[column] + 1,
        row[column] + Number(letter !== other)));
    });
    row = next;
  });
  return row[b.length];
}

/** The last two parts of an address, which are a page's chapter and name. @param {string} path */
const ending = (path) => path.split("/").slice(-2).join("/");

/** Show the pages with the addresses nearest to one that does not exist. @param {Element} list */
function nearest(list) {
  const asked = ending(location.pathname);
  /** @type {NodeListOf<HTMLAnchorElement>} */
  const links = document.querySelectorAll(".bd-sidebar-primary a.reference.internal");
  const pages = [...links].map((link) => ({ link, far: distance(asked, ending(link.pathname)) }));
  pages.sort((a, b) => a.far - b.far);
  for (const { link } of pages.slice(0, 3)) {
    const item = document.createElement("li");
    const copy = Object.assign(document.createElement("a"), { href: link.href });
    copy.textContent = link.textContent;
    item.append(copy);
    list.append(item);
  }
}

const near = document.getElementById("nearest");
if (near) nearest(near);
})();
