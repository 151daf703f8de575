/* The drawing of a backlog: what each batch reads, and what it leaves waiting. */
"use strict";

const StreamBacklog = (() => {
const { scale } = StreamScales;
const { svg, path } = StreamPage;
const { group, columns, legend, inputPanel, outputPanels } = StreamTables;
const { chart, write, phase, swatch } = StreamDrawings;

const GUTTER = 48;
const PLOT = { top: 22, bottom: 150, height: 178 };

/** A batch: what it reads stands on the axis, and upon it what waits.
 * @param {Batch} batch @param {number} index @param {number} step @param {Scale} x @param {Scale} y
 * @param {Go} go */
function drawColumn({ id, inputRows, waiting = 0 }, index, step, x, y, go) {
  const left = x(index) + 4;
  const width = x(1) - x(0) - 8;
  const middle = { "text-anchor": "middle" };
  const total = inputRows + waiting;
  const name = `Batch ${id}: lee ${inputRows} y deja ${waiting}`;
  const part = (/** @type {string} */ kind, /** @type {number} */ from, /** @type {number} */ to) =>
    svg("rect", { x: left, width, y: y(to), height: y(from) - y(to), class: kind });
  return svg("g", { class: `bar backlog ${phase(index, step)}`, click: () => go(index + 1) },
    svg("title", {}, name),
    part("read", 0, inputRows), part("waits", inputRows, total),
    index < step ? write(left + width / 2, y(total) - 6, String(waiting), middle) : [],
    write(left + width / 2, PLOT.bottom + 18, String(id), middle));
}

/** @param {Batch[]} batches @param {number} step @param {number} width @param {Go} go
 * @returns {Children} */
function drawBacklog(batches, step, width, go) {
  const most = Math.max(1, ...batches.map(({ inputRows, waiting = 0 }) => inputRows + waiting));
  const x = scale(0, batches.length, GUTTER, width - 8);
  const y = scale(0, most, PLOT.bottom, PLOT.top);
  return [
    path(`M${GUTTER} ${y(most)}H${width}`, { class: "grid" }),
    write(GUTTER - 6, y(most) + 4, String(most), { "text-anchor": "end" }),
    path(`M${GUTTER} ${PLOT.bottom}H${width}`, { class: "axis" }),
    write(GUTTER - 6, PLOT.bottom + 4, "0", { "text-anchor": "end" }),
    write(GUTTER - 6, PLOT.bottom + 18, "batch", { "text-anchor": "end" }),
    batches.map((batch, index) => drawColumn(batch, index, step, x, y, go)),
  ];
}

/** @param {Story} story @param {Go} go */
function backlogView(story, go) {
  const { batches } = story;
  const drawing = chart({
    label: "Lo que lee cada batch y, encima, lo que deja esperando",
    height: PLOT.height,
    minWidth: GUTTER + 29 * batches.length,
    last: story.frames.length,
    explanation: legend(swatch("read", "leído", "backlog now"),
      swatch("waits", "esperando: el número de encima", "backlog now")),
    draw: (step, width) => drawBacklog(batches, step, width, go),
  });
  return group("", drawing, columns(inputPanel(story), ...outputPanels(story)));
}

return { backlogView };
})();
