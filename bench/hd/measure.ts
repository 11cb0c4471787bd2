/** One side's frames, counted and timed. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { payloadOf } from "#virtgpu/cli/explain-text.js";
import { FRESH_BYTES, HdGuest, type Workload } from "./guest.js";
import { allBytes, bytesPerFrame, type CopyCounter, type MovedBytes } from "../moved-bytes.js";
import type { Side, StartSide } from "./sides.js";

/** Flushes a second where every display keeps up: headless Weston repaints 40 times a second. */
export const PACE = 30;
/** When bytes are counted, no frame may be merged with the next, on a loaded machine neither. */
const COUNTING_PACE = 20;
/** Before anything is counted or timed: a runtime that compiles as it goes has then seen its frames. */
const WARM_UP_SECONDS = 1;
const SHOWN_MS = 5_000;
/** For the last frame to be on the screen before processor time and bytes are read. */
const SETTLE_MS = 100;

/** A side with its guest. */
export interface Running {
  readonly side: Side;
  readonly guest: HdGuest;
}

export async function start(startSide: StartSide, env: Readonly<Record<string, string>> = {}): Promise<Running> {
  const side = await startSide(env);
  try {
    const running = { side, guest: new HdGuest(side.frontEnd) };
    await untilShown(running);
    return running;
  } catch (error) {
    await side.close();
    throw new Error(`${side.name}: ${String(error)}\n${side.frontEnd.log}`, { cause: error });
  }
}

/** What a frame moved: seen from outside, and as our own ledger tells it. */
export interface Counted {
  readonly frames: number;
  readonly shownFrames: number;
  readonly backEnd: MovedBytes;
  readonly display: MovedBytes;
  /** Payload of the ledger by reason; null: it has none. */
  readonly ledger: Readonly<Record<string, number>> | null;
}

export async function countCopies(
  running: Running,
  workload: Workload,
  counter: CopyCounter,
  frames: number,
): Promise<Counted> {
  const { side } = running;
  draw(running, workload, Infinity, 0, WARM_UP_SECONDS);
  await untilShown(running);
  const pids = [side.frontEnd.pid, side.displayPid] as const;
  const shown = await side.shownFrames();
  const ledger = (await side.report())?.movedBytes;
  const before = pids.map((pid) => counter.read(pid));
  draw(running, workload, frames, COUNTING_PACE);
  await delay(SETTLE_MS);
  const after = pids.map((pid) => counter.read(pid));
  const ledgerAfter = (await side.report())?.movedBytes ?? {};
  await untilShown(running);
  const moved = Object.keys(ledgerAfter).map((reason): [string, number] => [
    reason,
    ((ledgerAfter[reason] ?? 0) - (ledger?.[reason] ?? 0)) / frames,
  ]);
  return {
    frames,
    shownFrames: (await side.shownFrames()) - shown,
    backEnd: bytesPerFrame(before[0]!, after[0]!, frames),
    display: bytesPerFrame(before[1]!, after[1]!, frames),
    ledger: ledger === undefined ? null : Object.fromEntries(moved.filter(([, bytes]) => bytes > 0)),
  };
}

/** How far the ledger is from what was seen from outside, as a share of what a frame brings anew. A runtime moves some bytes of its own. */
export function ledgerError(workload: Workload, { backEnd, ledger }: Counted): number {
  return Math.abs(payloadOf(ledger ?? {}) - allBytes(backEnd)) / FRESH_BYTES[workload];
}

/** What frames cost. */
export interface Timed {
  readonly frames: number;
  readonly shownFrames: number;
  readonly seconds: number;
  readonly backEndCpuMs: number;
  /** Of the display, less the next. */
  readonly displayCpuMs: number;
  /** Of llvmpipe's threads in it: what a GPU does on other hosts. */
  readonly drawingCpuMs: number;
}

/** @param pace flushes a second; 0: as fast as they are answered */
export async function timeFrames(running: Running, workload: Workload, seconds: number, pace: number): Promise<Timed> {
  const { side } = running;
  draw(running, workload, Infinity, 0, WARM_UP_SECONDS);
  await untilShown(running);
  const shown = await side.shownFrames();
  const backEnd = threadsCpuMs(side.frontEnd.pid).own;
  const display = threadsCpuMs(side.displayPid);
  const drawn = draw(running, workload, pace === 0 ? Infinity : seconds * pace, pace, seconds);
  await delay(SETTLE_MS);
  const backEndCpuMs = threadsCpuMs(side.frontEnd.pid).own - backEnd;
  const shownFrames = (await side.shownFrames()) - shown;
  // Headless Weston puts drawing off until somebody takes a picture.
  await untilShown(running);
  const { own, drawing } = threadsCpuMs(side.displayPid);
  const displayCpuMs = own - display.own;
  return { ...drawn, shownFrames, backEndCpuMs, displayCpuMs, drawingCpuMs: drawing - display.drawing };
}

/** User and system time of a process's living threads. Source: Linux Documentation/scheduler/sched-stats.rst, /proc/PID/schedstat. */
function threadsCpuMs(pid: number): { own: number; drawing: number } {
  const sums = { own: 0, drawing: 0 };
  for (const task of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${task}`;
    const nanoseconds = Number(readFileSync(`${folder}/schedstat`, "utf8").split(" ")[0]);
    sums[readFileSync(`${folder}/comm`, "utf8").startsWith("llvmpipe") ? "drawing" : "own"] += nanoseconds / 1e6;
  }
  return sums;
}

const clock = new Int32Array(new SharedArrayBuffer(4));

/** Draws `frames`, or for `seconds` if that is shorter. @returns what became of it */
function draw(
  { guest }: Running,
  workload: Workload,
  frames: number,
  pace: number,
  seconds = Infinity,
): { frames: number; seconds: number } {
  const started = performance.now();
  let done = 0;
  while (done < frames && (pace !== 0 || performance.now() - started < seconds * 1000)) {
    guest.draw(workload);
    done++;
    const waitMs = pace === 0 ? 0 : started + (done * 1000) / pace - performance.now();
    if (waitMs > 0) Atomics.wait(clock, 0, 0, waitMs);
  }
  return { frames: done, seconds: (performance.now() - started) / 1000 };
}

/** Waits until the display shows what the guest has drawn, pixel by pixel. @throws {Error} when it does not */
async function untilShown({ side, guest }: Running): Promise<void> {
  const until = performance.now() + SHOWN_MS;
  const expected = guest.expected();
  for (;;) {
    const picture = side.picture();
    const wrong = picture.length === expected.length ? countWrong(picture, expected) : expected.length;
    if (wrong === 0) return;
    if (performance.now() > until)
      throw new Error(`${side.name}: ${wrong} of ${expected.length} pixels are wrong\n${side.frontEnd.log}`);
    await delay(30);
  }
}

function countWrong(picture: Uint32Array, expected: Uint32Array): number {
  let wrong = 0;
  for (let i = 0; i < expected.length; i++) if (picture[i] !== expected[i]) wrong++;
  return wrong;
}
