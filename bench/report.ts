/** Turns rows into a table for people and the files in bench/results/. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { geometricMean, median } from "./statistics.js";
import type { HostMode, Report, Row, Sample, ServerKind } from "./types.js";

export function rowOf(workload: string, mode: HostMode, samples: Readonly<Record<ServerKind, readonly Sample[]>>): Row {
  const of = (pick: (sample: Sample) => number): Record<ServerKind, number> => ({
    ours: median(samples.ours.map(pick)),
    c: median(samples.c.map(pick)),
  });
  return {
    workload,
    mode,
    // A live client is cut off within a frame.
    frames: Math.round(samples.ours[0]?.frames ?? 0),
    fps: of((sample) => sample.frames / sample.seconds),
    cpuMsPerFrame: of((sample) => sample.cpuMs / sample.frames),
    peakRssMb: of((sample) => sample.peakRssBytes / 1048576),
  };
}

export interface Ratios {
  readonly fpsGeomean: number;
  readonly fpsWorst: number;
  readonly cpuGeomean: number;
  readonly cpuWorst: number;
  readonly rssWorstExtraMb: number;
}

/** Ours over the C server's. fps: higher is better; CPU per frame: lower is better. */
export function ratiosOf(rows: readonly Row[]): Ratios {
  const fps = rows.map((row) => row.fps.ours / row.fps.c).filter(Number.isFinite);
  const cpu = rows
    .map((row) => row.cpuMsPerFrame.ours / row.cpuMsPerFrame.c)
    .filter((x) => Number.isFinite(x) && x > 0);
  return {
    fpsGeomean: geometricMean(fps),
    fpsWorst: Math.min(...fps),
    cpuGeomean: geometricMean(cpu),
    cpuWorst: Math.max(...cpu),
    rssWorstExtraMb: Math.max(...rows.map((row) => row.peakRssMb.ours - row.peakRssMb.c).filter(Number.isFinite)),
  };
}

export function formatReport(report: Report): string {
  const lines = [
    `virtgpu against virgl_test_server --use-egl-surfaceless --use-gles, interleaved, ${report.rounds} rounds (medians)`,
    `${report.date}, Node ${report.node}, ${report.cpu}`,
  ];
  for (const [title, rows] of [
    ["recorded streams", report.streams],
    ["live glmark2-es2", report.live],
  ] as const) {
    for (const mode of ["llvmpipe", "noop"] as const) {
      const selected = rows.filter((row) => row.mode === mode);
      if (selected.length > 0) lines.push("", ...formatTable(`${title}, ${mode}`, selected));
    }
  }
  return `${lines.join("\n")}\n`;
}

function formatTable(title: string, rows: readonly Row[]): string[] {
  // A server that failed on a stream has no numbers: the C server crashes under GALLIUM_NOOP where a framebuffer object is used.
  const cell = (value: number, digits: number, width: number): string =>
    (Number.isFinite(value) ? value.toFixed(digits) : "failed").padStart(width);
  const lines = [
    title,
    `${"workload".padEnd(18)} frames |  fps ours      C  ratio | CPU ms/frame ours      C  ratio | peak MB ours      C`,
  ];
  for (const row of rows) {
    lines.push(
      `${row.workload.padEnd(18)} ${String(row.frames).padStart(6)} | ${cell(row.fps.ours, 1, 9)} ${cell(row.fps.c, 1, 6)} ` +
        `${cell(row.fps.ours / row.fps.c, 2, 6)} | ${cell(row.cpuMsPerFrame.ours, 3, 17)} ` +
        `${cell(row.cpuMsPerFrame.c, 3, 6)} ${cell(row.cpuMsPerFrame.ours / row.cpuMsPerFrame.c, 2, 6)} | ` +
        `${cell(row.peakRssMb.ours, 0, 12)} ${cell(row.peakRssMb.c, 0, 6)}`,
    );
  }
  const ratios = ratiosOf(rows);
  lines.push(
    `fps: geomean ${ratios.fpsGeomean.toFixed(3)} x the C server, worst ${ratios.fpsWorst.toFixed(2)}; ` +
      `CPU per frame: geomean ${ratios.cpuGeomean.toFixed(3)} x, worst ${ratios.cpuWorst.toFixed(2)}; ` +
      `peak memory: at most ${ratios.rssWorstExtraMb.toFixed(0)} MB more`,
  );
  return lines;
}

/** Writes latest.json and latest.txt; returns their paths. */
export function writeReport(directory: string, report: Report): string[] {
  mkdirSync(directory, { recursive: true });
  const json = join(directory, "latest.json");
  const text = join(directory, "latest.txt");
  const summary = {
    ...report,
    ratios: {
      streamsLlvmpipe: ratiosOf(report.streams.filter((row) => row.mode === "llvmpipe")),
      streamsNoop: ratiosOf(report.streams.filter((row) => row.mode === "noop")),
    },
  };
  writeFileSync(json, `${JSON.stringify(summary, undefined, 2)}\n`);
  writeFileSync(text, formatReport(report));
  return [json, text];
}
