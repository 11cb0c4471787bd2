/** Live glmark2-es2 scenes: one client, one server at a time, the two servers taking turns. */
import { setTimeout as delay } from "node:timers/promises";
import { Bench, usageOf, type ServerSpec } from "#e2e/harness.js";
import { parseScenes } from "#e2e/glmark2.js";
import type { Sample } from "./types.js";

const START_UP_SECONDS = 1;

/**
 * Runs `scene` for `seconds` after a second of start-up. CPU time is taken over that window alone, frames are the
 * window's share of glmark2's own rate.
 */
export async function measureLive(server: ServerSpec, scene: string, seconds: number): Promise<Sample> {
  await using bench = await Bench.create({ server, x11: true });
  if (bench.server === undefined) throw new Error("no server");
  const pid = bench.server.process.pid;
  const total = START_UP_SECONDS + seconds + 0.5;
  const args = ["--size", "800x600", "-b", `${scene}:duration=${total}`];
  const client = bench.client("glmark2-es2", args, { timeoutMs: (total + 30) * 1000 });
  await delay(START_UP_SECONDS * 1000);
  const from = usageOf(pid);
  const started = performance.now();
  await delay(seconds * 1000);
  const to = usageOf(pid);
  const windowSeconds = (performance.now() - started) / 1000;
  const result = await client;
  const fps = parseScenes(result)[0]?.fps;
  if (result.code !== 0 || fps === undefined) {
    throw new Error(
      `glmark2-es2 ${scene} on ${server.kind}: exit ${result.code}\n${result.stdout}${bench.server.log()}`,
    );
  }
  return {
    frames: fps * windowSeconds,
    seconds: windowSeconds,
    cpuMs: to.cpuMs - from.cpuMs,
    peakRssBytes: to.peakRssBytes,
  };
}
