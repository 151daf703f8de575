// What the reader's own query did, in the component with which the site plays what it recorded.
import { played } from "./compare.js";
import { part } from "./parts.js";

/** The kind of output that carries it: see recordings.py. */
export const PLAYED = "application/vnd.streamdocs.aula-trace+json";

/** @typedef {import("./compare.js").Trace} Trace */
/** @typedef {{run: string, record: Trace | null, lacks: string}} Known */
/** @typedef {{element: Element, view: string, trace: Trace}} Shown */

/**
 * The page's own player of the query that it calls `name`; of several, the one that shows most.
 * @param {string} name
 * @returns {Shown | undefined}
 */
function ofPage(name) {
  const all = [...document.querySelectorAll(".bd-article stream-player:not(.aula-player *)")];
  const found = all.flatMap((element) => {
    const { records } = JSON.parse(element.querySelector("script")?.textContent ?? "");
    const view = element.getAttribute("view") ?? "tables";
    return records.filter((/** @type {any} */ { record }) => record.name === name)
      .map((/** @type {any} */ { record }) => ({ element, view, trace: record }));
  });
  return found.sort((a, b) => b.trace.batches.length - a.trace.batches.length)[0];
}

/** What is loaded by a page that plays something; only once, wherever it is asked for. */
async function component() {
  if (customElements.get("stream-player")) return;
  const root = new URL(document.documentElement.dataset.content_root ?? "./", location.href);
  const style = /** @type {HTMLLinkElement} */ (part("link", ""));
  style.rel = "stylesheet";
  style.href = String(new URL("_static/stream.css", root));
  document.head.append(style);
  // A page with other components has the first of them.
  const names = document.querySelector('script[src*="/page-elements.js"]') ? [] : ["page-elements"];
  for (const name of [...names, "stream"]) await script(String(new URL(`_static/${name}.js`, root)));
}

/** @param {string} address */
const script = (address) => new Promise((/** @type {(done?: unknown) => void} */ done, fail) => {
  const element = document.createElement("script");
  element.src = address;
  element.onload = done;
  element.onerror = () => fail(new Error("El aula no contesta: ¿sigue abierta en tu terminal?"));
  document.head.append(element);
});

/** @type {Promise<void> | undefined} */
let loading;

export class OwnPlayer {
  /** @param {() => void} changed told when there is something to show, and it stands nowhere yet */
  constructor(changed) {
    this.changed = changed;
    this.compared = part("p", "aula-compared");
    this.compared.setAttribute("role", "status");
    this.lacks = part("p", "aula-untold");
    this.stage = part("div", "");
    this.element = part("div", "aula-player", this.stage, this.compared, this.lacks);
    /** The run that is shown; undefined: whichever there is, as after a reload. */
    this.run = /** @type {string | undefined} */ (undefined);
    /** What the page calls the query. */
    this.name = "";
  }

  /**
   * Nothing is known of the run that begins now.
   * @param {string} name what the page calls its query
   */
  begin(name) {
    this.name = name;
    this.run = crypto.randomUUID();
    this.element.remove();
    this.stage.replaceChildren();
    return { run: this.run, name };
  }

  /** @param {Known} known */
  async show({ run, record, lacks }) {
    if (this.run !== undefined && run !== this.run) return; // of a run before
    this.run = run;
    if (record && !record.batches.some((one) => one.inputRows || one.output.rows.length)) return;
    loading ??= component();
    await loading;
    if (run !== this.run) return;
    const theirs = record ? ofPage(record.name) : undefined;
    this.lacks.textContent = record ? lacks : `De esta ejecución no hay reproductor. ${lacks}`;
    const verdict = record && theirs && played(theirs.trace, record);
    this.compared.textContent = verdict?.text ?? "";
    this.compared.dataset.same = String(verdict?.same ?? "");
    if (!this.element.isConnected) this.changed();
    if (record) this.play(record, theirs?.view ?? "tables");
    else this.stage.replaceChildren();
  }

  /**
   * @param {Trace} record
   * @param {string} view
   */
  play(record, view) {
    const data = document.createElement("script");
    data.type = "application/json"; // its text is parsed by nobody but the component
    const title = "Lo que ha hecho tu consulta, batch a batch";
    data.textContent = JSON.stringify({ title, records: [{ label: record.mode, record }] });
    const fresh = part("stream-player", "", data);
    fresh.setAttribute("view", view);
    const old = /** @type {any} */ (this.stage.firstElementChild);
    const at = focusable(old).indexOf(/** @type {HTMLElement} */ (document.activeElement));
    this.stage.replaceChildren(fresh);
    // Who steps through it stays at their step, and at their button.
    if (old?.player?.touched) /** @type {any} */ (fresh).player.jump(old.player.step);
    if (at >= 0) focusable(fresh)[at]?.focus({ preventScroll: true });
  }
}

/**
 * @param {Element | null} player
 * @returns {HTMLElement[]}
 */
const focusable = (player) => [...(player?.querySelectorAll("button, input") ?? [])].map((one) =>
  /** @type {HTMLElement} */ (one));
