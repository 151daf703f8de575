/* The program that does on real Spark what a laboratory shows. Needs no page. */
"use strict";

const LabProgram = (() => {
const { KINDS, lineOf } = LabScenario;

/** A text as Python writes it; JSON's escapes are Python's too. @param {string} value */
const quoted = (value) => JSON.stringify(value);

/** Assignments, one a line, of what is chosen. @param {[string, string|undefined][]} pairs */
const constants = (pairs) => pairs
  .filter(([, value]) => value !== undefined && value !== "none")
  .map(([name, value]) => `${name} = ${quoted(/** @type {string} */ (value))}`);

/** @param {string} name @param {string[][]} files */
function listOf(name, files) {
  const each = files.flatMap((lines) =>
    ["    [", ...lines.map((line) => `        ${quoted(line)},`), "    ],"]);
  return [`${name} = [`, ...each, "]"];
}

/** The rows as they come: of two streams, which folder each file goes to. All at once is one file,
 * for Spark reads several in no certain order. @param {Named} lab @param {Choice} scenario */
function data(lab, { kind, settings, files }) {
  const each = files.map(({ side, rows }) =>
    ({ side, lines: rows.map((cells) => lineOf(lab, kind, cells)) }));
  const once = settings.feed === "once";
  if (KINDS[kind].shape !== "sides") {
    return listOf("FICHEROS", once ? [each.flatMap(({ lines }) => lines)] : each.map(({ lines }) => lines));
  }
  const joined = [0, 1].map((side) =>
    ({ side, lines: each.filter((one) => one.side === side).flatMap(({ lines }) => lines) }));
  const pairs = (once ? joined.filter(({ lines }) => lines.length) : each).flatMap(({ side, lines }) => [
    `    (${quoted(lab.sides[side])}, [`, ...lines.map((line) => `        ${quoted(line)},`), "    ]),",
  ]);
  return ["FICHEROS = [", ...pairs, "]"];
}

/** The functions of pyspark.sql.functions that a query uses. @type {Record<string, string[]>} */
const USED = {
  words: ["explode", "split"],
  filter: [],
  count: ["count"],
  tumbling: ["count", "window"],
  sliding: ["count", "window"],
  session: ["count", "session_window"],
  distinct: [],
  within: [],
  join: ["expr"],
};

/** @param {string} kind */
function imports(kind) {
  const names = USED[kind];
  const sums = names.includes("count") ? ["from pyspark.sql.functions import sum as suma"] : [];
  return [
    "import os", "import tempfile", "", "from pyspark.sql import SparkSession",
    ...(names.length ? [`from pyspark.sql.functions import ${names.join(", ")}`] : []), ...sums,
  ];
}

/** @param {string} title */
const session = (title) => [
  "spark = (",
  `    SparkSession.builder.appName(${quoted(title)})`,
  '    .config("spark.sql.shuffle.partitions", 1)',
  '    .config("spark.sql.session.timeZone", "UTC")',
  "    .getOrCreate()",
  ")",
];

/** Two lines of a reader of text. @param {string} name @param {string} folder @param {boolean} one */
const reader = (name, folder, one) => [
  `${name} = (`,
  '    spark.readStream.format("text")',
  ...(one ? ["    # Un fichero por micro-batch, aunque haya varios esperando.",
    '    .option("maxFilesPerTrigger", 1)'] : []),
  `    .load(${folder})`,
  ")",
];

/** The columns of a line, and NULL for what is none.
 * @param {string} name @param {string} lines @param {string[]} names */
const columns = (name, lines, [time, key, value]) => [
  `${name} = ${lines}.selectExpr(`,
  `    "try_cast(split(value, ',')[0] AS timestamp) AS ${time}",`,
  `    "split(value, ',')[1] AS ${key}",`,
  `    "try_cast(split(value, ',')[2] AS int) AS ${value}",`,
  ")",
];

/** @param {Named} lab @param {Choice} scenario */
function source({ names, sides }, { kind, settings }) {
  const one = settings.feed !== "once";
  const { shape } = KINDS[kind];
  if (shape === "words") return reader("lineas", "ENTRADA", one);
  if (shape === "rows") return [...reader("lineas", "ENTRADA", one), ...columns("filas", "lineas", names)];
  return sides.flatMap((side) => [
    ...reader(`lineas_${side}`, `os.path.join(ENTRADA, ${quoted(side)})`, one),
    ...columns(side, `lineas_${side}`, names.map((name) => `${name}_${side}`)),
  ]);
}

/** What a group comes to. @param {Named} lab @param {string} keys */
const grouped = ({ names }, keys) => [
  `    .groupBy(${keys})`,
  `    .agg(count("*").alias("filas"), suma("${names[2]}").alias("${names[2]}"))`,
];

/** @param {string[]} lines  From the stream on; the last ones are calls. @param {string} [name] */
const assigned = (lines, name = "tabla") => [`${name} = (`, ...lines, ")"];

/** Each query as Spark writes it. @type {Record<string, (lab: Named, settings: Record<string, string>,
 *   rows: string) => string[]>}  `rows` is the stream, with its watermark if it has one. */
const QUERIES = {
  words: () => assigned([
    "    lineas.select(explode(split(\"value\", \" \")).alias(\"palabra\"))",
    "    .groupBy(\"palabra\")", "    .count()",
  ]),
  filter: ({ names: [, key, value] }) =>
    [`tabla = filas.where("${value} > 2").select("${key}", "${value}")`],
  count: (lab, _, rows) => assigned([rows, ...grouped(lab, `"${lab.names[1]}"`)]),
  tumbling: (lab, { keyed }, rows) => assigned([rows, ...grouped(lab, [
    `window("${lab.names[0]}", VENTANA).alias("ventana")`, ...(keyed === "yes" ? [`"${lab.names[1]}"`] : []),
  ].join(", "))]),
  sliding: (lab, { keyed }, rows) => assigned([rows, ...grouped(lab, [
    `window("${lab.names[0]}", VENTANA, PASO).alias("ventana")`,
    ...(keyed === "yes" ? [`"${lab.names[1]}"`] : []),
  ].join(", "))]),
  session: (lab, _, rows) => assigned([rows, ...grouped(lab,
    `session_window("${lab.names[0]}", SILENCIO).alias("sesion"), "${lab.names[1]}"`)]),
  distinct: (lab, { keys }, rows) => assigned([rows, `    .dropDuplicates([${compared(lab, keys)}])`]),
  within: (lab, { keys }, rows) =>
    assigned([rows, `    .dropDuplicatesWithinWatermark([${compared(lab, keys)}])`]),
  join: joined,
};

/** @param {Named} lab @param {string} keys */
const compared = ({ names: [ts, key, val] }, keys) => keys.split(",")
  .map((name) => `"${/** @type {Record<string, string>} */ ({ ts, key, val })[name]}"`).join(", ");

/** @param {Named} lab @param {Record<string, string>} settings */
function joined({ names: [time, key], sides: [left, right] }, { how, bound, watermark, watermark2 }) {
  const delayed = [[left, watermark, "ESPERA"], [right, watermark2, "ESPERA_2"]].flatMap(
    ([side, delay, name]) => (delay === "none" ? []
      : [`${side} = ${side}.withWatermark("${time}_${side}", ${name})`]));
  const same = `"${key}_${left} = ${key}_${right}"`;
  const limit = bound === "none" ? [] : [
    `    f" AND ${time}_${right} BETWEEN ${time}_${left} AND ${time}_${left} + INTERVAL {PLAZO}"`];
  return [
    ...delayed, "condicion = (", `    ${same}`, ...limit, ")",
    `tabla = ${left}.join(${right}, expr(condicion), "${how}")`,
  ];
}

/** @param {string} kind */
function writer(kind) {
  const two = KINDS[kind].shape === "sides";
  const folder = two ? "destino" : "ENTRADA";
  return [
    `def escribe(numero, ${two ? "carpeta, " : ""}datos):`,
    '    """Deja un fichero entero de golpe: Spark no debe leerlo a medias."""',
    ...(two ? ["    destino = os.path.join(ENTRADA, carpeta)"] : []),
    `    provisional = os.path.join(${folder}, f".{numero}")`,
    '    with open(provisional, "w", encoding="utf-8") as fichero:',
    '        fichero.writelines(f"{linea}\\n" for linea in datos)',
    "    # Spark los lee por su fecha: que no haya dos iguales.",
    "    os.utime(provisional, (numero, numero))",
    `    os.rename(provisional, os.path.join(${folder}, f"{numero}.txt"))`,
  ];
}

/** Starting the query, and what comes meanwhile or before.
 * @param {string} kind @param {string} feed */
function running(kind, feed) {
  const two = KINDS[kind].shape === "sides";
  const loop = [
    `for numero, ${two ? "(carpeta, datos)" : "datos"} in enumerate(FICHEROS, start=1):`,
    `    escribe(numero, ${two ? "carpeta, " : ""}datos)`,
  ];
  const begin = (/** @type {string[]} */ ...more) => assigned([
    '    tabla.writeStream.format("console")',
    '    .options(truncate=False, numRows=1000)',
    "    .outputMode(MODO)", ...more, "    .start()"], "consulta");
  return feed === "one"
    ? [...begin(), ...loop,
      "    # Hasta que ha hecho todo lo que puede hacer, también el micro-batch vacío.",
      "    consulta.processAllAvailable()", "consulta.stop()"]
    : [...loop, ...begin("    .trigger(availableNow=True)"), "consulta.awaitTermination()"];
}

/** The whole program. @param {Named} lab @param {Choice} scenario */
function program(lab, scenario) {
  const { kind, settings } = scenario;
  const folders = KINDS[kind].shape === "sides"
    ? [`for carpeta in (${lab.sides.map(quoted).join(", ")}):`,
      "    os.mkdir(os.path.join(ENTRADA, carpeta))"] : [];
  const rows = settings.watermark && settings.watermark !== "none"
    ? `    filas.withWatermark("${lab.names[0]}", ESPERA)` : "    filas";
  return [
    `"""Hace en Spark lo mismo que el laboratorio «${lab.title}».`, "",
    "Escribe sus ficheros en una carpeta temporal, y cada micro-batch en la consola.", "",
    "    $ python laboratorio.py 2> registro.txt", '"""', "",
    "# %% Datos", ...data(lab, scenario), "",
    "# %% Sesión", ...imports(kind), "",
    ...constants([
      ["MODO", settings.mode], ["VENTANA", settings.window], ["PASO", settings.slide],
      ["SILENCIO", settings.gap], ["ESPERA", settings.watermark], ["ESPERA_2", settings.watermark2],
      ["PLAZO", settings.bound],
    ]),
    'ENTRADA = tempfile.mkdtemp(prefix="laboratorio-")', ...folders, "",
    ...session("laboratorio"), "",
    "# %% Fuente", ...source(lab, scenario), "",
    "# %% Consulta", ...QUERIES[kind](lab, settings, rows), "", "",
    "# %% Ficheros", ...writer(kind), "", "",
    "# %% Marcha", ...running(kind, settings.feed), "spark.stop()", "",
  ].join("\n");
}

return { program };
})();
