/** Copies and their cost as a table: one block per workload, one line per configuration, medians over the rounds. */
import { byteSize, textTable, type Alignment } from "#virtgpu/cli/text-table.js";
import type { CopySample, SeenCopies } from "./copy-runs.js";
import { allBytes } from "./moved-bytes.js";
import { median } from "./statistics.js";

export interface CopyReport {
  readonly date: string;
  readonly node: string;
  readonly cpu: string;
  /** GL_RENDERER of the servers' driver. */
  readonly driver: string;
  readonly rounds: number;
  readonly samples: readonly CopySample[];
  readonly seen: readonly SeenCopies[];
  readonly failures: readonly string[];
}

const HEAD = ["server", "frames/s", "CPU ms/frame", "seen/frame", "payload/frame", "moved for"];
const ALIGN: readonly Alignment[] = ["left", "right", "right", "right", "right", "left"];

export function formatCopies({ date, node, cpu, driver, rounds, samples, seen, failures }: CopyReport): string {
  const lines = [
    "bytes moved per frame and the server's processor time, real Mesa clients over the vtest socket",
    `${date}, Node ${node}, ${cpu}, servers on ${driver}, ${rounds} rounds (medians)`,
    "seen: what the server's processes copy and send, their driver's copies included, counted from outside (bench/count-copies.c)",
    "payload: what our ledger tells of resources",
  ];
  for (const workload of unique(samples.map((sample) => sample.workload))) {
    const ofWorkload = samples.filter((sample) => sample.workload === workload);
    const rows = unique(ofWorkload.map((sample) => sample.configuration)).map((configuration) =>
      rowOf(
        ofWorkload.filter((sample) => sample.configuration === configuration),
        seen.find((one) => one.workload === workload && one.configuration === configuration),
      ),
    );
    lines.push("", workload, ...textTable(HEAD, ALIGN, rows));
  }
  if (failures.length > 0) lines.push("", "failed:", ...failures);
  return `${lines.join("\n")}\n`;
}

function rowOf(samples: readonly CopySample[], seen: SeenCopies | undefined): string[] {
  const [first] = samples;
  const of = (pick: (sample: CopySample) => number): number => median(samples.map(pick));
  const isCounted = first?.bytesPerFrame !== null;
  const reasons = unique(samples.flatMap(({ bytesPerFrame }) => Object.keys(bytesPerFrame ?? {})));
  const moved = reasons
    .map((reason) => ({ reason, bytes: of(({ bytesPerFrame }) => bytesPerFrame?.[reason] ?? 0) }))
    .filter(({ bytes }) => bytes >= 1)
    .map(({ reason, bytes }) => `${reason} ${byteSize(bytes)}`);
  return [
    first?.configuration ?? "",
    of(({ fps }) => fps).toFixed(1),
    of(({ serverCpuMsPerFrame }) => serverCpuMsPerFrame).toFixed(3),
    seen === undefined ? "" : byteSize(allBytes(seen.bytes)),
    isCounted ? byteSize(of(({ payloadBytesPerFrame }) => payloadBytesPerFrame ?? 0)) : "",
    moved.join(", "),
  ];
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
