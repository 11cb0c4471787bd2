/** A device's figures in the text format of Prometheus. Counters are sums over all clients, also those that have gone. */
import { Counter, Gauge, Registry, type Metric } from "prom-client";
import { LATENCY_BOUNDS_MS } from "@virtgpu/core/base";
import { COPY_REASON_NAMES } from "@virtgpu/core/memory";
import { addTotals, NO_TOTALS, type Counts, type Totals } from "./child-messages.js";
import type { DeviceReport } from "./device-report.js";
import type { Explanation } from "./explanation.js";
import { processMemory, type ProcessMemory } from "./process-memory.js";

const MEMORY_KINDS = {
  rss: "rssBytes",
  pss: "pssBytes",
  pss_anonymous: "pssAnonymousBytes",
  pss_file: "pssFileBytes",
  pss_shared: "pssSharedBytes",
} as const satisfies Record<string, keyof ProcessMemory>;

/** @param version of virtgpu. */
export async function prometheusText(explanation: Explanation, version: string): Promise<string> {
  const registry = new Registry();
  const registers = [registry];
  const gauge = (name: string, help: string, label?: string): Gauge =>
    new Gauge({ name: `virtgpu_${name}`, help, registers, labelNames: label === undefined ? [] : [label] });
  const counter = (name: string, help: string, label: string, values: Counts): void => {
    const metric = new Counter({ name: `virtgpu_${name}`, help, registers, labelNames: [label] });
    for (const [key, value] of Object.entries(values)) metric.inc({ [label]: key }, value);
  };
  const { device, kind, ended, processes } = explanation;
  const reports = processes.flatMap(({ report }) => (report === null ? [] : [report]));
  const totals = reports.map(totalsOf).reduce(addTotals, { ...NO_TOTALS, ...ended, bytes: ended.movedBytes });
  const sum = (of: (report: DeviceReport) => number): number => reports.reduce((all, each) => all + of(each), 0);

  new Gauge({
    name: "virtgpu_info",
    help: "Always 1: what runs.",
    registers,
    labelNames: ["device", "kind", "version", "renderer"],
  }).set({ device, kind, version, renderer: explanation.renderer }, 1);
  gauge("uptime_seconds", "Since the server started.").set(explanation.uptimeMs / 1000);
  gauge("clients", "Clients or VMs that are served now.").set(processes.length);
  counter(
    "moved_bytes_total",
    "Bytes that were moved, by reason (docs/copies.md).",
    "reason",
    allReasons(totals.bytes),
  );
  counter("copies_total", "Times that bytes were moved, by reason.", "reason", allReasons(totals.copies));
  counter("errors_total", "Errors, by kind.", "kind", totals.errors);
  counter("activity_total", "Work that was done, by kind.", "kind", totals.activity);
  const displayEvents = new Counter({
    name: "virtgpu_display_events_total",
    help: "What became of flushes, by display and kind.",
    registers,
    labelNames: ["display", "kind"],
  });
  for (const { name, counters } of reports.flatMap((report) => report.displays)) {
    for (const [event, count] of Object.entries(counters)) displayEvents.inc({ display: name, kind: event }, count);
  }
  new Counter({ name: "virtgpu_frames_total", help: "Frames that were shown.", registers }).inc(
    ended.frames + sum((report) => report.frames),
  );
  setAll(
    gauge("last_frame_moved_bytes", "Bytes that were moved for the last frame, by reason.", "reason"),
    "reason",
    reports.map((report) => report.lastFrameBytes).reduce(addCounts, allReasons({})),
  );
  setAll(
    gauge("resources", "Living resources, by the path on which guest memory is reached.", "path"),
    "path",
    reports.map((report) => report.resources.paths).reduce(addCounts, {}),
  );
  gauge("resource_host_bytes", "Kept on the host for resources, beside guest memory.").set(
    sum((report) => report.resources.hostBytes),
  );
  gauge("resource_guest_bytes", "Guest memory attached to resources.").set(
    sum((report) => report.resources.backingBytes),
  );
  gauge("guest_memory_bytes", "Memory shared with guests.").set(sum((report) => report.guestMemoryBytes));
  gauge("contexts", "Rendering contexts.").set(sum((report) => report.resources.contexts));
  setAll(gauge("memory_bytes", "Memory of the device's processes, by kind.", "kind"), "kind", memoryOf(explanation));
  registry.registerMetric(fenceLatency(totals.fences));
  return registry.metrics();
}

/** Every reason has a value from the start, 0 too: that is what zero copy claims. */
function allReasons(values: Counts): Counts {
  return Object.fromEntries(COPY_REASON_NAMES.map((name) => [name, values[name] ?? 0]));
}

function totalsOf({ movedBytes, copies, errors, activity, fences }: DeviceReport): Totals {
  return { bytes: movedBytes, copies, errors, activity, fences };
}

function addCounts(a: Counts, b: Counts): Counts {
  const sum: Record<string, number> = { ...a };
  for (const [key, value] of Object.entries(b)) sum[key] = (sum[key] ?? 0) + value;
  return sum;
}

function setAll(gauge: Gauge, label: string, values: Counts): void {
  for (const [key, value] of Object.entries(values)) gauge.set({ [label]: key }, value);
}

/** The server's own process and those of its clients; where they are one and the same, once. */
function memoryOf({ pid, processes }: Explanation): Counts {
  const all = processes.map(({ memory }) => memory);
  if (!processes.some((process) => process.pid === pid)) all.push(processMemory(pid));
  const sums: Record<string, number> = {};
  for (const [kind, field] of Object.entries(MEMORY_KINDS)) {
    sums[kind] = all.reduce((sum, memory) => sum + (memory?.[field] ?? 0), 0);
  }
  return sums;
}

/** A histogram that was counted elsewhere: `prom-client` itself only counts what it observes. */
function fenceLatency(fences: Counts): Metric {
  const name = "virtgpu_fence_latency_seconds";
  const values: { metricName: string; labels: Record<string, string | number>; value: number }[] = [];
  let count = 0;
  for (let bucket = 0; bucket <= LATENCY_BOUNDS_MS.length; bucket++) {
    count += fences[bucket] ?? 0;
    const boundMs = LATENCY_BOUNDS_MS[bucket];
    values.push({
      metricName: `${name}_bucket`,
      labels: { le: boundMs === undefined ? "+Inf" : boundMs / 1000 },
      value: count,
    });
  }
  values.push({ metricName: `${name}_sum`, labels: {}, value: (fences["sumMs"] ?? 0) / 1000 });
  values.push({ metricName: `${name}_count`, labels: {}, value: count });
  const help = "From the signal of a fence, as the fence thread saw it, to the guest's answer in its ring.";
  const metric = { name, help, type: "histogram", aggregator: "sum", values };
  return { ...metric, get: async () => metric, reset() {} } as unknown as Metric;
}
