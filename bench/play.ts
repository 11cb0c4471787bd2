/** Plays a stream to a server and measures what comes after warm-up, start-up apart. */
import { playCapture } from "@virtgpu/core/capture";
import { usageOf, type ProcessUsage } from "#e2e/harness.js";
import { nativeFdMapper, VtestConnection } from "#virtgpu/transport/vtest-connection.js";
import type { Sample } from "./types.js";

/** The share of a stream's frames that only warms up: shaders compile, Node's compiler settles. */
const WARM_UP_SHARE = 0.4;
/** At the end of warm-up the servers get this long to finish what does not belong to the stream, such as the next spare. */
const SETTLE_MS = 700;

export interface Target {
  readonly socketPath: string;
  readonly serverPid: number;
}

/** `capture` is unpacked; `totalFrames` is known from an earlier play. */
export function measurePlay(target: Target, capture: Uint8Array, totalFrames: number): Sample {
  const warmFrames = Math.floor(totalFrames * WARM_UP_SHARE);
  let from: ProcessUsage | undefined;
  let to: ProcessUsage | undefined;
  let startedMs = 0;
  let endedMs = 0;
  const connection = new VtestConnection(target.socketPath);
  try {
    const played = playCapture({
      capture,
      server: connection,
      mapper: nativeFdMapper,
      onFrame({ index }) {
        if (index === warmFrames) {
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, SETTLE_MS);
          from = usageOf(target.serverPid);
          startedMs = performance.now();
        } else if (index === totalFrames - 1) {
          endedMs = performance.now();
          to = usageOf(target.serverPid);
        }
      },
    });
    if (played.failure !== null) throw new Error(played.failure);
  } finally {
    connection.close();
  }
  if (from === undefined || to === undefined) throw new Error(`the stream has fewer than ${totalFrames} frames`);
  return {
    frames: totalFrames - 1 - warmFrames,
    seconds: (endedMs - startedMs) / 1000,
    cpuMs: to.cpuMs - from.cpuMs,
    peakRssBytes: to.peakRssBytes,
  };
}

/** Plays once without measuring. */
export function countFrames(target: Target, capture: Uint8Array): number {
  const connection = new VtestConnection(target.socketPath);
  try {
    const played = playCapture({ capture, server: connection, mapper: nativeFdMapper });
    if (played.failure !== null) throw new Error(played.failure);
    return played.frames;
  } finally {
    connection.close();
  }
}
