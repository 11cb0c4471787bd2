/** Plays a stream to a server and measures what comes after warm-up, start-up apart. */
import { readdirSync, readFileSync } from "node:fs";
import { playCapture } from "@virtgpu/core/capture";
import { usageOf, type ProcessUsage } from "#e2e/harness.js";
import { nativeFdMapper, VtestConnection } from "#virtgpu/transport/vtest-connection.js";
import type { Sample } from "./types.js";

/** The share of a play's frames that only warms up: shaders compile, Node's compiler settles. */
const WARM_UP_SHARE = 0.4;
/** At the end of warm-up the servers finish what does not belong to the stream, such as the next spare: until they rest this long. */
const REST_MS = 150;
const REST_CPU_MS = 1;
const LONGEST_SETTLE_MS = 4000;
/** Asking for processor time costs some itself. */
const FRAMES_BETWEEN_LOOKS = 32;

export interface Target {
  readonly socketPath: string;
  readonly serverPid: number;
}

/** Plays the first `totalFrames` frames of `capture`, which is unpacked. */
export function measurePlay(target: Target, capture: Uint8Array, totalFrames: number): Sample {
  const warmFrames = Math.floor(totalFrames * WARM_UP_SHARE);
  let from: ProcessUsage | undefined;
  let to: ProcessUsage | undefined;
  let startedMs = 0;
  let endedMs = 0;
  playFrames(target, capture, (index) => {
    if (index === warmFrames) {
      from = settle(target.serverPid);
      startedMs = performance.now();
    }
    if (index < totalFrames - 1) return true;
    endedMs = performance.now();
    to = usageOf(target.serverPid);
    return false;
  });
  if (from === undefined || to === undefined) throw new Error(`the stream has fewer than ${totalFrames} frames`);
  return {
    frames: totalFrames - 1 - warmFrames,
    seconds: (endedMs - startedMs) / 1000,
    cpuMs: to.cpuMs - from.cpuMs,
    peakRssBytes: to.peakRssBytes,
  };
}

/** Plays without measuring. @returns frames that the server showed in this much processor time: as many as a play shall have */
export function countFrames(target: Target, capture: Uint8Array, limitCpuMs: number): number {
  let startMs = 0;
  return playFrames(target, capture, (index) => {
    if (index % FRAMES_BETWEEN_LOOKS !== 0) return true;
    const { cpuMs } = usageOf(target.serverPid);
    if (index === 0) startMs = cpuMs;
    return cpuMs - startMs < limitCpuMs;
  });
}

/** @returns the number of frames played, of which the last is the one for which `onFrame` said no */
function playFrames(target: Target, capture: Uint8Array, onFrame: (index: number) => boolean): number {
  const connection = new VtestConnection(target.socketPath);
  try {
    const played = playCapture({
      capture,
      server: connection,
      mapper: nativeFdMapper,
      onFrame: ({ index }) => onFrame(index),
    });
    if (played.failure !== null) throw new Error(played.failure);
    return played.frames;
  } finally {
    connection.close();
  }
}

/** Waits until the server and its processes rest. */
function settle(pid: number): ProcessUsage {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  const endMs = performance.now() + LONGEST_SETTLE_MS;
  let usage = usageOf(pid);
  for (;;) {
    Atomics.wait(sleeper, 0, 0, REST_MS);
    const later = usageOf(pid);
    const isResting = later.cpuMs - usage.cpuMs <= REST_CPU_MS && !later.pids.some(isRunnable);
    usage = later;
    if (isResting || performance.now() > endMs) return usage;
  }
}

/** Whether a thread of the process runs or waits for a processor, which on a busy machine looks like rest otherwise. */
function isRunnable(pid: number): boolean {
  try {
    return readdirSync(`/proc/${pid}/task`).some((task) =>
      / [RD] /.test(readFileSync(`/proc/${pid}/task/${task}/stat`, "utf8").replace(/^.*\)/s, "")),
    );
  } catch {
    return false; // it ended between listing and reading
  }
}
