/* The drawings of a player: the time line of the triggers, and the windows with their watermark. */
"use strict";

/**
 * @typedef {(step: number) => void} Go  Shows a step.
 */

const StreamDrawings = (() => {
const { startOf, endOf, watermarkOf } = StreamStory;
const { clock, minuteSecond, minuteSecondTenth, seconds } = StreamWords;
const { bandsOf, scale, ticks, intervalOf, arrivalsOf, pile, pointsOf } = StreamScales;
const { el, svg, path } = StreamPage;
const { reach, group, columns, legend, inputPanel, outputPanels, tablesView } = StreamTables;

const GUTTER = 56;
/** The room for what a window came to. */
const MARGIN = 40;
/** The room that «03:05,2» takes, with a gap to the next. */
const NAME_OF_TICK = 64;

/**
 * An SVG as wide as its box, drawn anew for each step; one that is wider follows the steps.
 * @param {{label: string, height: number, minWidth: number, last: number, explanation: Node,
 *   draw: (step: number, width: number) => Children}} settings
 * @returns {View}
 */
function chart({ label, height, minWidth, last, explanation, draw }) {
  const body = el("div", { class: "stream-chart" });
  const show = (/** @type {number} */ step) => {
    const width = Math.max(body.clientWidth, minWidth);
    const size = { width, height, viewBox: `0 0 ${width} ${height}` };
    const props = { role: "img", "aria-label": label, ...size };
    body.replaceChildren(svg("svg", props, draw(step, width)));
    reach(body, label);
    body.scrollLeft = ((body.scrollWidth - body.clientWidth) * step) / last;
  };
  return { node: el("div", {}, body, explanation), show };
}

/** @param {number} x @param {number} y @param {string} words @param {Record<string, Prop>} [props] */
const write = (x, y, words, props) => svg("text", { x, y, ...props }, words);

/** @param {number} index @param {number} step */
const phase = (index, step) => (index === step - 1 ? "now" : index < step ? "done" : "todo");

/** @param {Batch} batch */
const nameOf = ({ id, duration }) => `${id}: ${seconds(duration)}`;

// Triggers

/** @param {Arrival & {x: number, y: number}} arrival @param {number} step
 * @param {number} start  Where the bar begins that reads it. */
function drawArrival({ x, y, index, text }, step, start) {
  const kind = phase(index, step);
  const link = kind === "now" ? [path(`M${x} ${y}L${start} 74`, { class: "link" })] : [];
  return [...link, svg("circle", { cx: x, cy: y, r: 4, class: kind }, svg("title", {}, text))];
}

/** @param {Batch} batch @param {number} index @param {number} step @param {Scale} x @param {Go} go */
function drawBar(batch, index, step, x, go) {
  const left = x(startOf(batch));
  const wide = Math.max(x(endOf(batch)) - left, 4);
  const bar = svg("rect", { x: left, y: 74, width: wide, height: 22, rx: 2 },
    svg("title", {}, `Batch ${nameOf(batch)}`));
  const middle = { "text-anchor": "middle" };
  const name = wide > 14 ? [write(left + wide / 2, 89, String(batch.id), middle)] : [];
  return svg("g", { class: `bar ${phase(index, step)}`, click: () => go(index + 1) }, bar, name);
}

/** The name of the current bar, above it and inside the drawing.
 * @param {Batch} batch @param {Scale} x @param {number} width */
function drawBarName(batch, x, width) {
  const left = x(startOf(batch));
  const right = left > width / 2;
  const props = { "text-anchor": right ? "end" : "start", class: "strong" };
  return write(right ? x(endOf(batch)) : left, 114, `batch ${nameOf(batch)}`, props);
}

/** @param {Trace} record @param {number} step @param {number} width @param {Go} go
 * @returns {Children} */
function drawTriggers({ batches, trigger }, step, width, go) {
  const arrivals = arrivalsOf(batches);
  const came = arrivals.map(({ at }) => at);
  const from = Math.min(...came, ...batches.map(startOf));
  const to = Math.max(...came, ...batches.map(endOf));
  const x = scale(from, to, GUTTER + 20, width - 24);
  const marks = ticks(from, to, width - GUTTER - 44, NAME_OF_TICK, intervalOf(trigger));
  const named = marks.some((ms) => ms % 1000) ? minuteSecondTenth : minuteSecond;
  return [
    write(8, 42, "llegan"), write(8, 89, "batches"),
    marks.map((ms) => path(`M${x(ms)} 8V124`, { class: "grid" })),
    path(`M${GUTTER} 124H${width}`, { class: "axis" }),
    marks.map((ms) => write(x(ms), 139, named(ms), { "text-anchor": "middle" })),
    batches.map((batch, index) => drawBar(batch, index, step, x, go)),
    pile(arrivals, x).map((one) => drawArrival(one, step, x(startOf(batches[one.index])))),
    step ? drawBarName(batches[step - 1], x, width) : [],
  ];
}

/** @param {Story} story @param {Go} go */
function triggersView(story, go) {
  const { record } = story.records[0];
  const drawing = chart({
    label: "Línea de tiempo: cuándo llega cada línea y, debajo, cuándo trabaja cada batch",
    height: 144,
    minWidth: 300,
    last: story.frames.length,
    explanation: legend("Cada punto, una línea que llega. Cada barra, un batch. "
      + "Abajo, los minutos y segundos del reloj."),
    draw: (step, width) => drawTriggers(record, step, width, go),
  });
  return group("", drawing, columns(inputPanel(story), ...outputPanels(story)));
}

// Windows

const PLOT = { top: 12, bottom: 212, height: 240 };
const SHAPES = {
  onTime: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
  late: "M0-5.5 5.5 0 0 5.5-5.5 0z",
  lost: "M-4.5-4.5 4.5 4.5M4.5-4.5-4.5 4.5",
  mark: "M-9 3H0V-3H9",
};

/** @param {keyof typeof SHAPES} kind @param {number} x @param {number} y */
const shape = (kind, x, y) =>
  path(SHAPES[kind], { class: `point ${kind}`, transform: `translate(${x} ${y})` });

/** The watermark so far, which rises by steps, and what lies behind it.
 * @param {Batch[]} batches @param {Scale} x @param {Scale} y */
function drawMark(batches, x, y) {
  const known = batches.map(watermarkOf).filter((mark) => mark !== null);
  const first = batches.length - known.length;
  if (!known.length) return [];
  const stairs = known.map((mark, index) => `V${y(mark)}H${x(first + index + 1)}`);
  const line = `M${x(first)} ${y(known[0])}${stairs.join("")}`;
  return [
    path(`${line}V${PLOT.bottom}H${x(first)}z`, { class: "behind" }),
    path(line, { class: "point mark" }),
  ];
}

/** A window as it is after `step` batches: from the batch that opens it to the one that closes it,
 * and beside it what it came to. @param {Band} band @param {number} step @param {Scale} x
 * @param {Scale} y */
function drawBand({ from, to, first, values, closed }, step, x, y) {
  if (first >= step) return [];
  const so = values.slice(0, step);
  const until = so.findLastIndex((value) => value !== undefined) + 1;
  const open = closed === undefined || closed >= step;
  const size = { width: x(until) - x(first), height: y(from) - y(to) };
  const middle = (y(from) + y(to)) / 2 + 4;
  return [
    svg("rect", { x: x(first), y: y(to), ...size, class: `band ${open ? "open" : "closed"}` }),
    write(x(until) + 6, middle, so[until - 1] ?? "", { class: open ? "strong" : null }),
  ];
}

/** @param {Batch[]} batches @param {Point[][]} points @param {number} step @param {number} width
 * @returns {Children} */
function drawWindows(batches, points, step, width) {
  const marks = batches.map(watermarkOf).filter((mark) => mark !== null);
  const bands = bandsOf(batches);
  const edges = bands.flatMap((band) => [band.from, band.to]);
  const times = [...points.flat().map(({ time }) => time), ...marks, ...edges];
  const [from, to] = [Math.min(...times), Math.max(...times)];
  const x = scale(0, batches.length, GUTTER, width - (bands.length ? MARGIN : 0));
  const y = scale(from, to, PLOT.bottom - 14, PLOT.top);
  const wide = x(1) - x(0);
  const band = { x: x(step - 1), y: 0, width: wide, height: PLOT.height };
  return [
    step ? svg("rect", { ...band, class: "current" }) : [],
    ticks(from, to, PLOT.bottom - PLOT.top, 24).map((ms) => [
      path(`M${GUTTER} ${y(ms)}H${width}`, { class: "grid" }),
      write(GUTTER - 6, y(ms) + 4, clock(ms), { "text-anchor": "end" }),
    ]),
    bands.map((one) => drawBand(one, step, x, y)),
    path(`M${GUTTER} ${PLOT.bottom}H${width}`, { class: "axis" }),
    write(GUTTER - 6, PLOT.bottom + 18, "batch", { "text-anchor": "end" }),
    batches.map(({ id }, index) => write(x(index) + wide / 2, PLOT.bottom + 18, String(id),
      { "text-anchor": "middle", class: index === step - 1 ? "strong" : null })),
    drawMark(batches.slice(0, step), x, y),
    points.slice(0, step).map((some, index) => some.map(({ time, kind }, one) =>
      shape(kind, x(index) + (wide * (one + 1)) / (some.length + 1), y(time)))),
  ];
}

/** @param {keyof typeof SHAPES} kind @param {string} text */
function symbol(kind, text) {
  const props = { viewBox: "-10 -8 20 16", "aria-hidden": "true" };
  return el("span", {}, svg("svg", props, shape(kind, 0, 0)), text);
}

/** A piece of a drawing, small, and what it means. @param {string} kind  Of the rectangle.
 * @param {string} text @param {string} [around]  Of what it stands in. */
function swatch(kind, text, around = "") {
  const place = { x: -9, y: -6, width: 18, height: 12, class: kind };
  const classes = `stream-swatch ${around}`.trim();
  const props = { viewBox: "-10 -8 20 16", "aria-hidden": "true", class: classes };
  return el("span", {}, svg("svg", props, svg("rect", place)), text);
}

/** What the signs of the drawing mean: those of windows, where a query keeps some.
 * @param {boolean} kept */
function windowsLegend(kept) {
  const [late, lost] = kept ? [", en una ventana abierta", ", en una ventana cerrada"] : ["", ""];
  return legend(
    symbol("onTime", "dato"), symbol("late", `con retraso${late}: cuenta`),
    symbol("lost", `tarde${lost}: se pierde`), symbol("mark", "watermark"),
    ...(kept ? [swatch("band open", "ventana abierta"), swatch("band closed", "ventana cerrada"),
      el("span", {}, el("b", {}, "12"), " lo que lleva la ventana")] : []));
}

/** @param {Story} story */
function windowsView(story) {
  const { batches } = story;
  const points = pointsOf(batches);
  const kept = bandsOf(batches).length > 0;
  const drawing = chart({
    label: "La hora de cada dato, batch a batch, y el watermark, que sube por escalones",
    height: PLOT.height,
    minWidth: GUTTER + 29 * batches.length + (kept ? MARGIN : 0),
    last: batches.length,
    explanation: windowsLegend(kept),
    draw: (step, width) => drawWindows(batches, points, step, width),
  });
  return group("", drawing, tablesView(story));
}

return { chart, write, phase, swatch, triggersView, windowsView };
})();
