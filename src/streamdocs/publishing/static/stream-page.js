/* Building the page: elements, buttons, and the box in which each component stands. */
"use strict";

/**
 * @typedef {string|number|boolean|null|((event: any) => void)} Prop  A function listens.
 * @typedef {Node|string|ReadonlyArray<Child>} Child
 * @typedef {ReadonlyArray<Child>} Children
 */

const StreamPage = (() => {

/**
 * Give a node its attributes, its listeners (functions) and its children.
 * @template {Element} E
 * @param {E} node
 * @param {Record<string, Prop>} props
 * @param {Children} children
 * @returns {E}
 */
function fill(node, props, children) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value !== null) node.setAttribute(name, String(value));
  }
  node.append(.../** @type {any[]} */ (children).flat(Infinity));
  return node;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, Prop>} props @param {Children} children
 */
const el = (tag, props, ...children) => fill(document.createElement(tag), props, children);

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag @param {Record<string, Prop>} props @param {Children} children
 */
const svg = (tag, props, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), props, children);

/** @param {string} d @param {Record<string, Prop>} [props] */
const path = (d, props) => svg("path", { d, ...props });

const ICONS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 3h3v10H4zM9 3h3v10H9z",
  back: "M12 3v10L5 8zM3 3h2v10H3z",
  next: "M4 3v10l7-5zM11 3h2v10h-2z",
  up: "M8 3l5 6h-3.5v4h-3V9H3z",
  down: "M8 13l5-6H9.5V3h-3v4H3z",
  add: "M7 3h2v4h4v2H9v4H7V9H3V7h4z",
  grip: "M5 3h2v2H5zM9 3h2v2H9zM5 7h2v2H5zM9 7h2v2H9zM5 11h2v2H5zM9 11h2v2H9z",
  remove: "m4 3 4 4 4-4 1 1-4 4 4 4-1 1-4-4-4 4-1-1 4-4-4-4z",
};

/** @param {keyof typeof ICONS} name */
const icon = (name) => svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, path(ICONS[name]));

/** @param {Child} content @param {() => void} click @param {Record<string, Prop>} [props] */
const button = (content, click, props) =>
  el("button", { type: "button", class: "stream-button", click, ...props }, content);

const PRIMARY = { class: "stream-button stream-primary" };

/** The box of a component.
 * @param {string} title @param {Record<string, Prop>} props @param {Children} children */
const box = (title, props, ...children) =>
  el("div", { class: "box stream-ui", role: "group", "aria-label": title, ...props },
    el("p", { class: "box-title" }, title), ...children);

/** What Python left for the component. @param {Element} host */
const payload = (host) => JSON.parse(host.querySelector("script")?.textContent ?? "");

/** Show the component; style sheets then hide what stood in for it.
 * @param {Element} host @param {Element} ui */
function upgrade(host, ui) {
  host.append(ui);
  host.setAttribute("data-ready", "");
}

return { el, svg, path, icon, button, PRIMARY, box, payload, upgrade };
})();
