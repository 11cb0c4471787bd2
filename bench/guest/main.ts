/**
 * `npm run bench:guest`: virtgpu as a guest's GPU beside QEMU's own devices, in two machines that take turns.
 *
 *     npm run bench:guest -- [--rounds=N] [--seconds=N] [--scenes=essential|all|WORD,WORD] [--minutes=N] [--only=offscreen,scanout,2d]
 *                            [--no-write]
 *
 * `--minutes` bounds the off-screen rounds (9); the other parts take about three.
 * Writes bench/results/DATE-guest.md when all parts ran.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "#e2e/harness.js";
import { guestRefusal, prepareMachine } from "#guest/guests.js";
import { chooseScenes, measureOffscreen, type OffscreenResult } from "./offscreen.js";
import {
  type Fences,
  measurePaint,
  measureScanout,
  MODE,
  type PaintRow,
  readFences,
  type ScanoutResult,
} from "./scanout.js";
import { pair2d, pair3d } from "./sides.js";

const PAINT_SECONDS = 3;
const CUBE_FRAMES = 400;
const PARTS = ["offscreen", "scanout", "2d"] as const;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "2" },
    minutes: { type: "string", default: "9" },
    scenes: { type: "string", default: "essential" },
    only: { type: "string", default: PARTS.join(",") },
    write: { type: "boolean", default: true },
  },
  allowNegative: true,
});
const rounds = Math.max(1, Number(values.rounds));
const only = values.only.split(",");
const refusal = guestRefusal();
if (refusal !== null) {
  console.error(`no guest can be booted here: ${refusal}`);
  process.exit(3);
}

const started = performance.now();
const parts: string[] = [];
if (only.includes("offscreen") || only.includes("scanout")) {
  const pair = await pair3d();
  if (only.includes("offscreen")) {
    const scenes = chooseScenes(values.scenes.split(","));
    const options = { rounds, secondsPerScene: Number(values.seconds), maxSeconds: Number(values.minutes) * 60 };
    tell(offscreenText(await measureOffscreen(pair, scenes, options)));
  }
  if (only.includes("scanout")) tell(scanoutText(await measureScanout(pair, rounds, CUBE_FRAMES)));
  tell(fencesText(await readFences(pair.control)));
  await pair.close();
}
if (only.includes("2d")) {
  const pair = await pair2d();
  tell(paintText(await measurePaint(pair, rounds, PAINT_SECONDS)));
  await pair.close();
}
const minutes = ((performance.now() - started) / 60_000).toFixed(1);
console.log(`${minutes} min`);
if (values.write && PARTS.every((part) => only.includes(part))) write();

function tell(text: string): void {
  parts.push(text);
  console.log(`${text}\n`);
}

function offscreenText({ rows, geomean, rounds: made, seconds, renderers }: OffscreenResult): string {
  return [
    `## glmark2-es2-drm --off-screen at 800x600, ${values.seconds} s a scene, ${made} rounds in turns (medians, ${seconds.toFixed(0)} s)`,
    "",
    `Ours: ${renderers[0]}; virtio-gpu-gl-pci, -display gtk,gl=on under Xvfb: ${renderers[1]}.`,
    "",
    "| scene | ours fps | in-process fps | ratio |",
    "|---|--:|--:|--:|",
    ...rows.map((row) => `| ${row.scene} | ${cell(row.ours)} | ${cell(row.peer)} | ${row.ratio.toFixed(2)} |`),
    `| **geometric mean** | | | **${geomean.toFixed(3)}** |`,
  ].join("\n");
}

/** A side that did not draw the scene in time has no rate. */
function cell(fps: number): string {
  return Number.isFinite(fps) ? fps.toFixed(1) : "none";
}

function scanoutText({ ours, peer, frames, bytesPerFrame }: ScanoutResult): string {
  const bytes = Object.entries(bytesPerFrame).map(([reason, each]) => `${reason} ${Math.round(each)}`);
  return [
    `## kmscube on the scanout, ${MODE.width}x${MODE.height}`,
    "",
    `Ours ${ours.toFixed(1)} fps, in-process ${peer.toFixed(1)} fps (ratio ${(ours / peer).toFixed(2)}). Our device moved for each of ${frames} frames, in bytes: ${bytes.join(", ") || "nothing"} (the picture has ${MODE.width * MODE.height * 4}).`,
  ].join("\n");
}

function fencesText({ count, p50Us, p90Us, p99Us }: Partial<Fences>): string {
  const words =
    count === undefined ? "none was measured" : `${count} fences: p50 ${p50Us} µs, p90 ${p90Us} µs, p99 ${p99Us} µs`;
  return `## Fences under QEMU, from the return of the GL wait to the used index\n\n${words}.`;
}

function paintText(rows: readonly PaintRow[]): string {
  return [
    `## 2D: painting by the guest's CPU at ${MODE.width}x${MODE.height}, ${PAINT_SECONDS} s, ${rounds} rounds in turns (medians)`,
    "",
    "| way | ours fps | QEMU vhost-user-gpu fps | ratio | ours CPU ms/frame | QEMU's CPU ms/frame |",
    "|---|--:|--:|--:|--:|--:|",
    ...rows.map(
      ({ way, fps, cpuMsPerFrame: cpu, ratio }) =>
        `| ${way} | ${fps.ours.toFixed(1)} | ${fps.peer.toFixed(1)} | ${ratio.toFixed(2)} | ${cpu.ours.toFixed(2)} | ${cpu.peer.toFixed(2)} |`,
    ),
  ].join("\n");
}

function write(): void {
  const date = new Date().toISOString().slice(0, 10);
  const { qemu, kernel } = prepareMachine();
  const machine = `${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}, load ${loadavg()[2]!.toFixed(1)}`;
  const head = `# Guests on virtgpu and on QEMU's own devices, ${date}\n\n${qemu.version} under TCG, Linux ${kernel.version}, Mesa 22.3 in the guest and on the host (llvmpipe), Node ${process.versions.node}; ${machine}; ${minutes} min.`;
  const folder = join(repositoryRoot(), "bench/results");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${date}-guest.md`);
  writeFileSync(path, `${[head, ...parts].join("\n\n")}\n`);
  console.log(`written: ${path}`);
}
