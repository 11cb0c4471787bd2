/** A strict reader of Prometheus' text format, for tests. Source: Prometheus docs, "Exposition formats", text-based format 0.0.4. */
import { request } from "node:http";

export interface MetricFamily {
  readonly type: string;
  readonly help: string;
  readonly samples: readonly MetricSample[];
}

export interface MetricSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const TYPES = ["counter", "gauge", "histogram", "summary", "untyped"];
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]Inf|NaN)$/;

/** What a device answers to GET /metrics on its socket. @throws the system's error when nobody listens */
export function fetchMetrics(socketPath: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const ask = request("http://device/metrics", { socketPath }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve(text));
    });
    ask.on("error", reject).end();
  });
}

/** Families by name. @throws {SyntaxError} for whatever a scraper would refuse, or silently misread. */
export function parseMetrics(text: string): ReadonlyMap<string, MetricFamily> {
  if (!text.endsWith("\n")) throw new SyntaxError("the last line has no end");
  const families = new Map<string, { type: string; help: string; samples: MetricSample[] }>();
  let help = "";
  let current = "";
  for (const line of text.slice(0, -1).split("\n")) {
    if (line === "") continue;
    const [, keyword, name, rest] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === "HELP" && name !== undefined) {
      if (families.has(name)) throw new SyntaxError(`${name} comes twice`);
      help = rest ?? "";
      current = name;
    } else if (keyword === "TYPE" && name !== undefined) {
      if (name !== current || !TYPES.includes(rest ?? "")) throw new SyntaxError(`wrong TYPE line: ${line}`);
      families.set(name, { type: rest ?? "", help, samples: [] });
    } else if (line.startsWith("#")) throw new SyntaxError(`wrong comment: ${line}`);
    else {
      const family = families.get(current);
      if (family === undefined) throw new SyntaxError(`a sample before its family: ${line}`);
      const sample = parseSample(line);
      if (!belongs(sample.name, current, family.type)) throw new SyntaxError(`${sample.name} is not of ${current}`);
      const isTwice = family.samples.some((other) => other.name === sample.name && sameLabels(other, sample));
      if (isTwice) throw new SyntaxError(`the same sample twice: ${line}`);
      family.samples.push(sample);
    }
  }
  for (const [name, family] of families) if (family.type === "histogram") checkHistogram(name, family.samples);
  return families;
}

/** The value of one sample, labels given in full. */
export function sampleOf(
  families: ReadonlyMap<string, MetricFamily>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  for (const { samples } of families.values()) {
    for (const sample of samples) {
      if (sample.name === name && sameLabels(sample, { name, labels, value: 0 })) return sample.value;
    }
  }
  return undefined;
}

function parseSample(line: string): MetricSample {
  const match = SAMPLE.exec(line);
  const value = match?.[3] ?? "";
  if (match === null || !VALUE.test(value)) throw new SyntaxError(`not a sample: ${line}`);
  const labels: Record<string, string> = {};
  let rest = match[2] ?? "";
  while (rest !== "") {
    const label = LABEL.exec(rest);
    const name = label?.[1];
    if (label === null || name === undefined || name in labels) throw new SyntaxError(`wrong labels: ${line}`);
    labels[name] = (label[2] ?? "").replace(/\\(.)/g, (_, c: string) => (c === "n" ? "\n" : c));
    rest = rest.slice(label[0].length);
  }
  return { name: match[1] ?? "", labels, value: Number(value.replace("Inf", "Infinity")) };
}

function belongs(sample: string, family: string, type: string): boolean {
  if (type !== "histogram") return sample === family;
  return [`${family}_bucket`, `${family}_sum`, `${family}_count`].includes(sample);
}

function sameLabels(a: MetricSample, b: MetricSample): boolean {
  const keys = Object.keys(a.labels);
  return keys.length === Object.keys(b.labels).length && keys.every((key) => a.labels[key] === b.labels[key]);
}

/** Buckets rise, the last is +Inf and equals the count. */
function checkHistogram(name: string, samples: readonly MetricSample[]): void {
  const buckets = samples.filter((sample) => sample.name === `${name}_bucket`);
  const bounds = buckets.map(({ labels }) => Number((labels["le"] ?? "").replace("Inf", "Infinity")));
  const count = samples.find((sample) => sample.name === `${name}_count`)?.value;
  const rises = buckets.every(
    ({ value }, i) => i === 0 || (value >= buckets[i - 1]!.value && bounds[i]! > bounds[i - 1]!),
  );
  if (!rises || bounds.at(-1) !== Infinity || buckets.at(-1)?.value !== count)
    throw new SyntaxError(`${name} is no histogram`);
}
