/** What is on the screen, at one mode: kmscube with what each frame moves, and painting by the CPU. */
import { askDevice } from "#virtgpu/host/control-client.js";
import { median } from "../statistics.js";
import type { Pair } from "./sides.js";
import type { CommandResult } from "./vm.js";

export const MODE = { width: 1280, height: 800 } as const;

export interface ScanoutResult {
  /** Frames a second, medians. */
  readonly ours: number;
  readonly peer: number;
  readonly frames: number;
  /** Bytes of our device for each frame shown, by reason. */
  readonly bytesPerFrame: Readonly<Record<string, number>>;
}

export interface Fences {
  readonly count: number;
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p99Us: number;
}

/** What our device says of itself. Source: packages/virtgpu/src/host/device-report.ts. */
interface Report {
  readonly frames: number;
  readonly movedBytes: Readonly<Record<string, number>>;
  readonly fenceLatency: Partial<Fences>;
}

async function reportOf(control: string): Promise<Report> {
  const answer = (await askDevice(control, "explain")) as { processes: { report: Report }[] };
  return answer.processes[0]!.report;
}

/** The fences of everything that our device did so far. */
export async function readFences(control: string): Promise<Partial<Fences>> {
  return (await reportOf(control)).fenceLatency;
}

export async function measureScanout(pair: Pair, rounds: number, frames: number): Promise<ScanoutResult> {
  const cube = `kmscube -D /dev/dri/card0 -v ${MODE.width}x${MODE.height} -c ${frames} 2>&1`;
  const rates = { ours: [] as number[], peer: [] as number[] };
  const before = await reportOf(pair.control);
  for (let round = 0; round < rounds; round++) {
    for (const side of ["ours", "peer"] as const) {
      const { text } = await pair[side].run(cube);
      const rate = [...text.matchAll(/Rendered \d+ frames in .* \(([\d.]+) fps\)/g)].at(-1)?.[1];
      if (rate === undefined) throw new Error(`${side}: kmscube did not draw\n${text}`);
      rates[side].push(Number(rate));
    }
  }
  const after = await reportOf(pair.control);
  const shown = after.frames - before.frames;
  const bytesPerFrame: Record<string, number> = {};
  for (const [reason, bytes] of Object.entries(after.movedBytes)) {
    const each = (bytes - (before.movedBytes[reason] ?? 0)) / shown;
    if (each > 0) bytesPerFrame[reason] = each;
  }
  return { ours: median(rates.ours), peer: median(rates.peer), frames: shown, bytesPerFrame };
}

export interface PaintRow {
  readonly way: "flip" | "damage";
  readonly fps: { readonly ours: number; readonly peer: number };
  /** CPU of the back-end process. */
  readonly cpuMsPerFrame: { readonly ours: number; readonly peer: number };
  readonly ratio: number;
}

/** Painting by the guest's CPU, shown by page flips and by damage. */
export async function measurePaint(pair: Pair, rounds: number, seconds: number): Promise<readonly PaintRow[]> {
  const rows: PaintRow[] = [];
  for (const way of ["flip", "damage"] as const) {
    const fps = { ours: [] as number[], peer: [] as number[] };
    const cpu = { ours: [] as number[], peer: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      const turns = ["ours", "peer"] as const;
      for (const side of round % 2 === 0 ? turns : turns.toReversed()) {
        const result = await pair[side].run(`kms-paint ${way} ${MODE.width} ${MODE.height} ${seconds} 2>&1`);
        const { frames, time } = readPaint(result);
        fps[side].push(frames / time);
        cpu[side].push(result.backEndCpuMs / frames);
      }
    }
    rows.push({
      way,
      fps: { ours: median(fps.ours), peer: median(fps.peer) },
      cpuMsPerFrame: { ours: median(cpu.ours), peer: median(cpu.peer) },
      ratio: median(fps.ours.map((rate, i) => rate / fps.peer[i]!)),
    });
  }
  return rows;
}

function readPaint({ text }: CommandResult): { frames: number; time: number } {
  const match = /^PAINT:\w+:(\d+) frames:([\d.]+) seconds/m.exec(text);
  if (match === null) throw new Error(`kms-paint did not paint:\n${text}`);
  return { frames: Number(match[1]), time: Number(match[2]) };
}
