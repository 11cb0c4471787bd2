/**
 * `npm run bench:fences`: how long a guest's answer waits once the GPU is done: from the return of the GL wait (stamped in C, in the
 * fence thread) to the used index in the ring. The front-end is the test kit: no VM runs. Beside it the whole round trip as the guest
 * sees it, drawing included.
 *
 *     npm run bench:fences -- [--submissions=N] [--side=PIXELS] [--json]
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { askDevice } from "#virtgpu/host/control-client.js";
import type { Explanation } from "#virtgpu/host/explanation.js";
import { ClearScene } from "#virtgpu/testing/clear-scene.js";
import { GpuFrontEnd } from "#virtgpu/testing/gpu-front-end.js";

const PROGRAM = fileURLToPath(new URL("../../packages/virtgpu/dist/cli/vhost-user.js", import.meta.url));
const WARM_UP = 500;

const { values } = parseArgs({
  options: {
    submissions: { type: "string", default: "5000" },
    side: { type: "string", default: "64" },
    json: { type: "boolean", default: false },
  },
});
const submissions = Number(values.submissions);
const side = Number(values.side);

type Quantiles = Record<"p50Us" | "p90Us" | "p99Us", number>;

/** From sorted microseconds. */
function quantiles(sorted: Float64Array): Quantiles {
  const at = (share: number): number =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return { p50Us: at(0.5), p90Us: at(0.9), p99Us: at(0.99) };
}

async function measure(control: string): Promise<{ answer: Record<string, number>; roundTrip: Quantiles }> {
  const frontEnd = GpuFrontEnd.start({
    command: process.execPath,
    args: (fd) => [PROGRAM, `--fd=${fd}`, "--virgl", `--control=${control}`],
  });
  try {
    const scene = new ClearScene(frontEnd, 1, 5, side);
    for (let i = 0; i < WARM_UP; i++) scene.clear([0, 0, 0, 1]);
    const times = new Float64Array(submissions);
    for (let i = 0; i < submissions; i++) {
      const start = performance.now();
      scene.clear([i % 2, 1, 0, 1]);
      times[i] = (performance.now() - start) * 1000;
    }
    const explanation = (await askDevice(control, "explain")) as Explanation;
    const answer = explanation.processes[0]?.report?.fenceLatency;
    if (answer?.["count"] === undefined) throw new Error(`the device measured no fence\n${frontEnd.log}`);
    return { answer: { ...answer }, roundTrip: quantiles(times.toSorted()) };
  } finally {
    await frontEnd.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), "virtgpu-fences-"));
try {
  const { answer, roundTrip } = await measure(join(folder, "control.sock"));
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ submissions, side, answer, roundTrip }, null, 2)}\n`);
  } else {
    const line = (of: Record<string, number>): string =>
      ["p50Us", "p90Us", "p99Us"].map((name) => `${name.slice(0, 3)} ${of[name]} µs`).join("   ");
    process.stdout.write(`${answer["count"]} fences, ${side} × ${side} pixels cleared before each\n`);
    process.stdout.write(`GL wait returned -> used index written:  ${line(answer)}\n`);
    process.stdout.write(`round trip as the guest sees it:         ${line(roundTrip)}\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
