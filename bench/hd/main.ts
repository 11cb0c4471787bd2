/**
 * `npm run bench:hd`: 2D at 1080p, ours beside QEMU's vhost-user-gpu: bytes moved and processor time per frame, both sides measured alike.
 *
 *     npm run bench:hd -- [--rounds=N] [--seconds=N] [--only=qemu,socket,wayland] [--peer=PATH] [--no-write]
 *
 * Under a minute a round. Writes bench/results/DATE-1080p.{md,json} when all sides ran. Ends with status 1 when a pixel is wrong, or
 * when our ledger tells other bytes than were seen from outside (by 5 % of what a frame brings).
 */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "#e2e/paths.js";
import { prepareQemu } from "#guest/qemu.js";
import { WORKLOADS } from "./guest.js";
import { countCopies, ledgerError, PACE, type Running, start, timeFrames } from "./measure.js";
import { CopyCounter } from "../moved-bytes.js";
import { formatHd, type HdReport, type HdResult } from "./report.js";
import { qemuSide, socketSide, type StartSide, waylandSide } from "./sides.js";

const COUNTED_FRAMES = 120;
const LEDGER_TOLERANCE = 0.05;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "3" },
    only: { type: "string", default: "qemu,socket,wayland" },
    peer: { type: "string" },
    write: { type: "boolean", default: true },
  },
  allowNegative: true,
});
if (existsSync("/dev/udmabuf")) {
  console.error(
    "with /dev/udmabuf QEMU's back-end sends dma-bufs, which the window of this comparison does not take (window.c)",
  );
  process.exit(3);
}
const rounds = Math.max(1, Number(values.rounds));
const seconds = Math.max(0.2, Number(values.seconds));
const qemu = values.peer === undefined ? prepareQemu() : null;
const peer = values.peer ?? qemu!.referenceBackEnd;
const sides: Readonly<Record<string, StartSide>> = {
  qemu: qemuSide(peer),
  socket: socketSide,
  wayland: waylandSide,
};
const chosen = Object.keys(sides).filter((name) => values.only.split(",").includes(name));

type Mutable = { -readonly [K in keyof HdResult]: HdResult[K] extends readonly (infer T)[] ? T[] : HdResult[K] };
const results: Mutable[] = [];
for (const name of chosen) await countSide(sides[name]!);
await timeSides();

const report: HdReport = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} x ${cpus()[0]?.model ?? "unknown CPU"}, load ${loadavg()[2]!.toFixed(1)}`,
  peer: qemu === null ? `peer ${peer}` : `QEMU ${/version (\S+)/.exec(qemu.version)?.[1] ?? qemu.version}`,
  node: process.versions.node,
  rounds,
  seconds,
  results,
};
const text = formatHd(report);
console.log(text);
for (const { workload, side, counted } of results) {
  const error = ledgerError(workload, counted);
  if (counted.ledger === null || error <= LEDGER_TOLERANCE) continue;
  console.error(`${workload}, ${side}: the ledger is off by ${(error * 100).toFixed(1)} % of a frame's bytes`);
  process.exitCode = 1;
}
if (values.write && chosen.length === Object.keys(sides).length) write();

/** With the counter loaded: its processes are not those that are timed. */
async function countSide(startSide: StartSide): Promise<void> {
  const counter = await CopyCounter.open();
  let running: Running | null = null;
  try {
    running = await start(startSide, counter.env);
    for (const workload of WORKLOADS) {
      const counted = await countCopies(running, workload, counter, COUNTED_FRAMES);
      const { name: side, displayName } = running.side;
      results.push({ workload, side, displayName, counted, paced: [], unthrottled: [] });
      process.stderr.write(`${workload}, ${side}: counted, ${counted.shownFrames} of ${counted.frames} frames shown\n`);
    }
  } finally {
    await running?.side.close();
    counter.close();
  }
}

/** All stand ready; whoever's turn it is draws, and the order changes from round to round. */
async function timeSides(): Promise<void> {
  const all: Running[] = [];
  try {
    for (const name of chosen) all.push(await start(sides[name]!));
    for (let round = 0; round < rounds; round++) {
      for (const workload of WORKLOADS) {
        for (const i of all.keys()) {
          const running = all[(i + round) % all.length]!;
          const result = results.find((one) => one.workload === workload && one.side === running.side.name)!;
          result.paced.push(await timeFrames(running, workload, seconds, PACE));
          result.unthrottled.push(await timeFrames(running, workload, seconds, 0));
        }
      }
      process.stderr.write(`round ${round + 1} of ${rounds}\n`);
    }
  } finally {
    for (const { side } of all) await side.close();
  }
}

function write(): void {
  const folder = join(repositoryRoot(), "bench/results");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${report.date}-1080p`);
  writeFileSync(`${path}.md`, text);
  writeFileSync(`${path}.json`, `${JSON.stringify(report, undefined, 2)}\n`);
  console.log(`written: ${path}.md, .json`);
}
