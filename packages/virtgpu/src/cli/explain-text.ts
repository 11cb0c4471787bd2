/** An explanation as text for a terminal: per process what was moved, then its resources, then why each is as it is. */
import { COPY_REASON_NAMES, isPayload, type CopyReasonCode } from "@virtgpu/core/memory";
import type { Counts, ResourceDescription } from "@virtgpu/core/renderer";
import { COPY_CURES } from "../host/copy-cures.js";
import type { DeviceReport, DisplayReport } from "../host/device-report.js";
import type { ExplainedProcess, Explanation } from "../host/explanation.js";
import type { ProcessMemory } from "../host/process-memory.js";
import { byteSize, textTable, type Alignment } from "./text-table.js";

/** Resource payload in bytes by reason: all but the command stream and constants. */
export function payloadOf(counts: Counts): number {
  return COPY_REASON_NAMES.reduce(
    (sum, name, code) => sum + (isPayload(code as CopyReasonCode) ? (counts[name] ?? 0) : 0),
    0,
  );
}

export function explanationLines(explanation: Explanation): string[] {
  const { device, kind, socket, pid, uptimeMs, ended, processes } = explanation;
  const lines = [`device ${device}: ${kind} at ${socket}, process ${pid}, up ${duration(uptimeMs)}`];
  if (ended.clients > 0) {
    lines.push(
      `${ended.clients} client${plural(ended.clients)} served before: ${ended.frames} frames, ` +
        `${byteSize(payloadOf(ended.movedBytes))} of payload moved (${byReason(ended.movedBytes)})`,
    );
  }
  if (processes.length === 0) lines.push("nobody is connected");
  for (const process of processes) lines.push("", ...processLines(process));
  return lines;
}

function processLines({ role, pid, clientPid, memory, report, isOld }: ExplainedProcess): string[] {
  const title = `${role}${report === null || report.name === "" ? "" : ` (${report.name})`}`;
  const guest = clientPid === 0 ? "" : ` for process ${clientPid}`;
  if (report === null) return [`${title}, process ${pid}${guest}: busy, no answer yet`];
  const { frames, renderer, resources, guestMemoryBytes } = report;
  const notes = new Notes();
  const lines = [
    `${title}, process ${pid}${guest}: ${frames} frame${plural(frames)}, ${renderer === "" ? "drawn without GL" : renderer}` +
      (isOld ? " (busy: figures as they last were)" : ""),
    `  memory: ${memoryText(memory)}`,
    `  resources: ${resources.resources} in ${resources.contexts} context${plural(resources.contexts)}, ` +
      `${byteSize(resources.hostBytes)} on the host, ${byteSize(resources.backingBytes)} of ` +
      `${byteSize(guestMemoryBytes)} shared with the guest; by path: ${counts(resources.paths)}`,
    ...report.displays.filter(({ counters }) => counters["flushes"] !== 0).map(displayLine),
    "",
    ...movedLines(report, notes),
    "",
    ...resourceLines(report, notes),
  ];
  return notes.lines.length === 0 ? lines : [...lines, "", ...notes.lines.map((line) => `  ${line}`)];
}

/** A display that was asked to show something. */
function displayLine({ name, counters, heads }: DisplayReport): string {
  const shown = heads.length === 0 ? "" : ` ${heads.join(", ")};`;
  return `  display ${name}:${shown} ${counts(counters)}`;
}

/** Bytes of the last frame; a client that never shows one has none. */
function perFrame(bytes: number, frames: number): string {
  return frames === 0 ? "-" : byteSize(bytes);
}

/** What was moved, by reason. */
function movedLines({ movedBytes, lastFrameBytes, copies, frames }: DeviceReport, notes: Notes): string[] {
  const rows = COPY_REASON_NAMES.flatMap((name, code) => {
    const total = movedBytes[name] ?? 0;
    if (total === 0) return [];
    const { why, cure } = COPY_CURES[code]!;
    const note = notes.number(withCure(`${name}: ${why}`, cure));
    return [[name, perFrame(lastFrameBytes[name] ?? 0, frames), byteSize(total), String(copies[name] ?? 0), note]];
  });
  const payload = [perFrame(payloadOf(lastFrameBytes), frames), byteSize(payloadOf(movedBytes))];
  rows.push(["payload", ...payload, "", notes.number(PAYLOAD_MEANS)]);
  const table = textTable(
    ["moved for", "last frame", "in all", "times", "why"],
    ["left", "right", "right", "right", "left"],
    rows,
  );
  return table.map((line) => `  ${line}`);
}

const PAYLOAD_MEANS = "payload: everything but command stream and constants";

function withCure(text: string, cure: string): string {
  return cure === "" ? text : `${text}; cure: ${cure}`;
}

const RESOURCE_HEAD = ["id", "what", "size", "host", "guest", "path", "last frame", "in all", "moved for", "why"];
const RESOURCE_ALIGN: readonly Alignment[] = [
  "right",
  "left",
  "right",
  "right",
  "right",
  "left",
  "right",
  "right",
  "left",
  "left",
];
/** Resources that moved nothing and are smaller (fences, mostly) are told together. */
const SMALL_BYTES = 4096;

function resourceLines({ resources, frames }: DeviceReport, notes: Notes): string[] {
  const shown = resources.listed.filter(
    ({ hostBytes, backingBytes, movedBytes }) => payloadOf(movedBytes) > 0 || hostBytes + backingBytes >= SMALL_BYTES,
  );
  const rows = shown.map((resource) => resourceRow(resource, frames, notes));
  const lines = rows.length === 0 ? [] : textTable(RESOURCE_HEAD, RESOURCE_ALIGN, rows);
  const leftOut = resources.resources - shown.length;
  if (leftOut > 0) lines.push(`and ${leftOut} more, of which less was moved`);
  return lines.map((line) => `  ${line}`);
}

function resourceRow(resource: ResourceDescription, frames: number, notes: Notes): string[] {
  const { id, kind, use, format, backingBytes, backingEntries, path, movedBytes, lastFrameBytes } = resource;
  return [
    String(id),
    [kind, format === "bytes" ? "" : format, use].filter((word) => word !== "").join(" "),
    extent(resource),
    byteSize(resource.hostBytes),
    backingBytes === 0 ? "-" : `${byteSize(backingBytes)} in ${backingEntries}`,
    `${path.path}${path.zeroCopy ? " (0 copies)" : ""}${path.mayTear ? ", may tear" : ""}`,
    perFrame(payloadOf(lastFrameBytes), frames),
    byteSize(payloadOf(movedBytes)),
    byReason(movedBytes),
    path.refused.map((step) => notes.number(withCure(`${step.path}: ${step.detail}`, step.cure))).join(" "),
  ];
}

/** Footnotes: what is the same for many resources is said once. */
class Notes {
  readonly lines: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** `[3]`, the number of this text. */
  number(text: string): string {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#numbers.size + 1;
      this.#numbers.set(text, number);
      this.lines.push(`[${number}] ${text}`);
    }
    return `[${number}]`;
  }
}

function extent({ kind, width, height, layers, levels, samples, format }: ResourceDescription): string {
  if (kind === "buffer" || kind === "memory" || format === "bytes") return byteSize(width);
  const more = [
    layers > 1 ? `${layers} layers` : "",
    levels > 1 ? `${levels} levels` : "",
    samples > 1 ? `${samples} samples` : "",
  ];
  return [`${width}x${height}`, ...more.filter((text) => text !== "")].join(", ");
}

function memoryText(memory: ProcessMemory | null): string {
  if (memory === null) return "unknown (not our process)";
  const { pssBytes, pssAnonymousBytes, pssFileBytes, pssSharedBytes } = memory;
  return (
    `${byteSize(pssBytes)} (PSS): ${byteSize(pssAnonymousBytes)} of its own, ${byteSize(pssFileBytes)} of programs, ` +
    `${byteSize(pssSharedBytes)} shared with the guest, each page counted once`
  );
}

function byReason(moved: Counts): string {
  const words = COPY_REASON_NAMES.flatMap((name) => {
    const bytes = moved[name] ?? 0;
    return bytes === 0 ? [] : [`${name} ${byteSize(bytes)}`];
  });
  return words.length === 0 ? "nothing" : words.join(", ");
}

function counts(values: Counts): string {
  const words = Object.entries(values).map(([name, count]) => `${name} ${count}`);
  return words.length === 0 ? "none" : words.join(", ");
}

function plural(count: number): string {
  return count === 1 ? "" : "s";
}

function duration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
