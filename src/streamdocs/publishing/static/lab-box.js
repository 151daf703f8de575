/* <stream-lab>: the reader changes rows and query, and sees at once what Spark would do. */
"use strict";

(() => {
const { CHOICES, KINDS, valuesOf, named, beginning, common, problemOf, address, fromAddress } = LabScenario;
const { startOf, tasksOf } = LabAuthor;
const { el, button, PRIMARY, box, payload, upgrade } = StreamPage;

const MS_UNTIL_TYPED = 200;

/** @typedef {Record<string, boolean[]>} Done  Which conditions of each task have been met. */

/** @param {string} key @returns {Done} */
function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "{}");
  } catch {
    return {}; // a browser that keeps nothing says so by an error
  }
}

/** @param {string} key @param {Done} done */
function remember(key, done) {
  try {
    localStorage.setItem(key, JSON.stringify(done));
  } catch {
    return; // as above
  }
}

/** The rows with which a query begins that those so far do not fit.
 * @type {Record<string, Sent[]>} */
const SAMPLES = {
  words: [{ side: 0, rows: [["el mar y el sol"]] }, { side: 0, rows: [["el sol y la luna"]] }],
  rows: [{ side: 0, rows: [["12:01", "A", "1"]] }, { side: 0, rows: [["12:26", "A", "4"]] }],
  sides: [
    { side: 0, rows: [["13:00", "1", "24"], ["13:05", "2", "18"]] },
    { side: 1, rows: [["13:40", "1", "24"]] },
    { side: 0, rows: [["15:00", "3", "9"]] },
    { side: 1, rows: [["15:20", "3", "9"]] },
  ],
};

class Laboratory {
  /** @param {HTMLElement} host @param {Authored} lab */
  constructor(host, lab) {
    this.host = host;
    this.lab = lab;
    this.start = startOf(lab);
    this.tasks = tasksOf(lab);
    this.key = `stream-lab ${location.pathname}`;
    this.done = recall(this.key);
    /** Rows that do not fit the query of now, by their shape. @type {Record<string, Sent[]>} */
    this.kept = {};
    this.scenario = this.start;
    this.ran = LabRun.run(lab, this.start);
    /** Whether it shows an author's solution, which solves nothing for the reader. */
    this.given = false;
    this.timer = 0;
    this.list = el("ol", { class: "lab-tasks" });
    this.settings = el("div", { class: "lab-settings" });
    this.rows = new LabRows.Rows(lab, (files) => this.edited({ ...this.scenario, files }, MS_UNTIL_TYPED));
    this.summary = el("p", { class: "lab-summary", "aria-live": "polite" });
    this.said = el("p", { class: "lab-said", role: "status" });
    this.result = el("div", { class: "lab-result" });
    this.ui = this.build();
  }

  build() {
    const tasks = this.tasks.length
      ? [el("p", { class: "lab-name" }, "Retos"), this.list] : [];
    return box(`Laboratorio: ${this.lab.title}`, { class: "box stream-ui lab" }, tasks,
      el("div", { class: "lab-parts" },
        el("div", {}, el("p", { class: "lab-name" }, "Lo que llega"), this.rows.node),
        el("div", {}, el("p", { class: "lab-name" }, "La consulta"), this.settings)),
      this.summary, this.result,
      el("div", { class: "stream-controls lab-actions" },
        button("Llévatelo a Spark", () => this.takeAway(), PRIMARY),
        button("Copiar la dirección", () => this.copyAddress()),
        button("Empezar de nuevo", () => this.show(this.start)), this.said));
  }

  /** Show a scenario from elsewhere: the start, a solution, an address.
   * @param {Choice} scenario @param {boolean} [given] */
  show(scenario, given = false) {
    clearTimeout(this.timer);
    this.given = given;
    this.scenario = scenario;
    this.rows.show(scenario);
    this.drawSettings();
    this.run();
  }

  /** The reader has changed something. @param {Choice} scenario @param {number} [wait] */
  edited(scenario, wait = 0) {
    this.given = false;
    this.scenario = scenario;
    this.said.textContent = "";
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.run(), wait);
  }

  /** @param {string} name @param {string} label @param {[string, string][]} values
   * @param {string} chosen @param {(value: string) => void} choose */
  select(name, label, values, chosen, choose) {
    const options = values.map(([value, text]) =>
      el("option", { value, selected: value === chosen ? "" : null }, named(this.lab, text)));
    const select = el("select", { name, change: () => choose(select.value) }, options);
    return el("label", {}, el("span", {}, named(this.lab, label)), select);
  }

  drawSettings() {
    const { kind, settings } = this.scenario;
    const kinds = this.lab.queries.map((name) =>
      /** @type {[string, string]} */ ([name, KINDS[name].label]));
    const query = kinds.length > 1
      ? [this.select("query", "Consulta", kinds, kind, (value) => this.turn(value))] : [];
    const each = KINDS[kind].asks.map((name) => this.select(
      name, kind === "join" && name === "watermark" ? "Espera de {3}" : CHOICES[name].label,
      valuesOf(kind, name), settings[name], (value) => this.choose(name, value)));
    this.settings.replaceChildren(...query, ...each);
  }

  /** @param {string} name @param {string} value */
  choose(name, value) {
    this.edited({ ...this.scenario, settings: { ...this.scenario.settings, [name]: value } });
  }

  /** Another query, with the rows and the settings that fit it too. @param {string} kind */
  turn(kind) {
    const { kind: before, settings, files } = this.scenario;
    const [from, to] = [before, kind].map((one) => KINDS[one].shape);
    this.kept[from] = files;
    const rows = to === from ? files : this.kept[to] ?? SAMPLES[to];
    const scenario = {
      kind, settings: { ...beginning(kind), ...common(kind, settings) }, files: rows };
    this.rows.show(scenario);
    this.edited(scenario);
    this.drawSettings();
    this.settings.querySelector("select")?.focus();
  }

  // What comes out

  run() {
    const { lab, scenario } = this;
    const rows = scenario.files.flatMap((file) => file.rows);
    if (rows.some((cells) => problemOf(lab, scenario.kind, cells))) {
      this.summary.textContent = "Corrige la fila marcada: lo de abajo es lo de antes.";
      this.ui.setAttribute("data-stale", "");
      return;
    }
    this.ui.removeAttribute("data-stale");
    this.ran = LabRun.run(lab, scenario);
    this.summary.textContent = LabRun.tell(this.ran);
    this.play();
    this.judge();
    this.writeAddress();
  }

  /** The player of what came out, at the step at which the reader left it. */
  play() {
    const { refused, record } = this.ran;
    if (!record) {
      this.result.replaceChildren(el("p", { class: "lab-refused" }, el("code", {}, refused ?? "")));
      return;
    }
    const before = /** @type {any} */ (this.result.firstElementChild)?.player;
    const data = { title: "Batch a batch", records: [{ label: record.mode, record }] };
    const view = KINDS[this.scenario.kind].asks.includes("watermark") ? "windows" : "tables";
    const player = el(/** @type {any} */ ("stream-player"), { view },
      el("script", { type: "application/json" }, JSON.stringify(data)));
    this.result.replaceChildren(player);
    if (before?.touched) /** @type {any} */ (player).player.jump(before.step);
  }

  // Tasks

  judge() {
    const attempt = { scenario: this.scenario, ran: this.ran };
    for (const task of this.given ? [] : this.tasks) {
      const before = this.done[task.text] ?? [];
      const now = LabTasks.met(task, attempt, this.start).map((met, one) => met || before[one] || false);
      if (now.every(Boolean) && !this.isDone(task)) this.said.textContent = `Conseguido: ${task.text}`;
      this.done[task.text] = now;
    }
    remember(this.key, this.done);
    this.drawTasks();
  }

  /** @param {Task} task */
  isDone({ text, when }) {
    const met = this.done[text] ?? [];
    return when.every((_, one) => met[one]);
  }

  drawTasks() {
    this.list.replaceChildren(...this.tasks.map((task) => {
      const done = this.isDone(task);
      const part = (this.done[task.text] ?? []).filter(Boolean).length;
      const state = done ? "conseguido" : part ? `${part} de ${task.when.length}` : "";
      const help = task.solutions.map((solution, one) => button(
        task.solutions.length > 1 ? `Solución ${one + 1}` : "Solución", () => this.show(solution, true),
        { class: "lab-solution", "aria-label": `Solución ${one + 1} de «${task.text}»` }));
      return el("li", { "data-done": done ? "" : null }, el("span", { class: "lab-task" }, task.text),
        el("span", { class: "lab-state" }, state), help);
    }));
  }

  // Taking it elsewhere

  /** The page's address tells the scenario; that of the start needs no telling. */
  writeAddress() {
    const plain = address(this.scenario) === address(this.start);
    if (plain && !location.hash.startsWith("#lab=")) return;
    history.replaceState(null, "", plain ? location.pathname + location.search : `#${address(this.scenario)}`);
  }

  async copyAddress() {
    const url = `${location.href.split("#")[0]}#${address(this.scenario)}`;
    try {
      await navigator.clipboard.writeText(url);
      this.said.textContent = "Copiada: quien la abra verá este mismo escenario.";
    } catch {
      this.said.textContent = "Cópiala de la barra del navegador: ya dice este escenario.";
    }
  }

  takeAway() {
    const program = new Blob([LabProgram.program(this.lab, this.scenario)], { type: "text/x-python" });
    const href = URL.createObjectURL(program);
    el("a", { href, download: "laboratorio.py" }).click();
    URL.revokeObjectURL(href);
    this.said.textContent = "laboratorio.py es un programa entero: ejecútalo con PySpark y compara.";
  }

  /** Show the scenario of the page's address, if it tells one. */
  open() {
    try {
      const scenario = fromAddress(this.lab, location.hash.slice(1));
      if (!scenario) return false;
      this.show(scenario);
    } catch (error) {
      const why = /** @type {Error} */ (error).message;
      this.show(this.start);
      this.said.textContent = `Esta dirección no dice un escenario de aquí (${why}): ves el de la página.`;
    }
    this.host.scrollIntoView();
    return true;
  }
}

class StreamLab extends HTMLElement {
  connectedCallback() {
    if (this.hasAttribute("data-ready")) return;
    const laboratory = new Laboratory(this, payload(this));
    upgrade(this, laboratory.ui);
    if (!laboratory.open()) laboratory.show(laboratory.start);
    addEventListener("hashchange", () => laboratory.open());
  }
}

customElements.define("stream-lab", StreamLab);
})();
