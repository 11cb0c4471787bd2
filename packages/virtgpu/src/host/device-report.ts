/** What one device knows of itself, as plain data: for `explain` and metrics. Built between submissions, by whoever runs the device. */
import type { LatencyHistogram } from "@virtgpu/core/base";
import type { CopyLedger } from "@virtgpu/core/memory";
import { byReasonName, type Counts, type Introspection, type RendererDescription } from "@virtgpu/core/renderer";
import type { HostDisplay } from "../display/display.js";

export interface DeviceReport {
  /** What the guest or client calls itself; empty: it does not. */
  readonly name: string;
  /** GL_RENDERER and GL_VERSION of the host; empty: drawn without GL. */
  readonly renderer: string;
  readonly glVersion: string;
  /** Frames that were shown. */
  readonly frames: number;
  /** Bytes and copies by reason since start, and bytes of the last frame. */
  readonly movedBytes: Counts;
  readonly copies: Counts;
  readonly lastFrameBytes: Counts;
  /** Memory shared with the guest: all of a VM's, or the buffers of a vtest client. */
  readonly guestMemoryBytes: number;
  readonly resources: RendererDescription;
  readonly errors: Counts;
  readonly activity: Counts;
  readonly displays: readonly DisplayReport[];
  /** From a fence's signal to its answer in the ring: how many were measured, and quantiles in microseconds. */
  readonly fenceLatency: Counts;
  /** Fences by the number of their latency's bucket (`LATENCY_BOUNDS_MS`), and `sumMs`. */
  readonly fences: Counts;
}

export interface DisplayReport {
  readonly name: string;
  /** Flushes, frames handed on, merged, dropped: see `DisplayCounters`. */
  readonly counters: Counts;
  /** How each head is shown, in words; empty where there is one way only. */
  readonly heads: readonly string[];
}

/** Where the parts of a report come from. */
export interface ReportSources {
  readonly name: string;
  readonly renderer: string;
  readonly glVersion: string;
  readonly guestMemoryBytes: number;
  readonly ledger: CopyLedger;
  readonly introspection: Introspection;
  readonly errors: Counts;
  readonly activity: Counts;
  readonly fences: LatencyHistogram;
  readonly displays: readonly HostDisplay[];
}

/** @param maxListed resources told one by one; the others are in the sums only. */
export function makeReport(sources: ReportSources, maxListed: number): DeviceReport {
  const { ledger, introspection, fences, name, renderer, glVersion, guestMemoryBytes, errors, activity } = sources;
  const figures = ledger.device();
  return {
    name,
    renderer,
    glVersion,
    frames: ledger.frames,
    movedBytes: byReasonName(figures.total),
    copies: byReasonName(ledger.totalCopies),
    lastFrameBytes: byReasonName(figures.lastFrame),
    guestMemoryBytes,
    resources: introspection.describe(maxListed),
    errors,
    activity,
    displays: sources.displays.map(reportDisplay),
    fenceLatency: fenceQuantiles(fences),
    fences: fenceCounts(fences),
  };
}

/** Empty without observations. */
function fenceQuantiles(fences: LatencyHistogram): Counts {
  if (fences.count === 0) return {};
  const microseconds = (share: number): number => Math.round(fences.quantileMs(share) * 1e5) / 100;
  return { count: fences.count, p50Us: microseconds(0.5), p90Us: microseconds(0.9), p99Us: microseconds(0.99) };
}

/** A histogram as plain data; empty buckets are left out. */
export function fenceCounts({ counts, sumMs }: LatencyHistogram): Counts {
  const record: Record<string, number> = sumMs === 0 ? {} : { sumMs };
  counts.forEach((count, bucket) => {
    if (count !== 0) record[bucket] = count;
  });
  return record;
}

function reportDisplay({ name, counters, paths }: HostDisplay): DisplayReport {
  const heads = (paths ?? []).map(({ kind, detail }) => (detail === "" ? kind : `${kind} (${detail})`));
  return { name, counters: { ...counters }, heads };
}
