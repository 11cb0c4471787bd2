/** The demo's end: what was copied, what was not, and why, as the ledgers of running devices tell it. */
import { join } from "node:path";
import { COPY_REASON_NAMES } from "@virtgpu/core/memory";
import * as g from "@virtgpu/core/virtio-gpu";
import { explanationLines, payloadOf } from "#virtgpu/cli/explain-text.js";
import { byteSize, textTable } from "#virtgpu/cli/text-table.js";
import { askDevice } from "#virtgpu/host/control-client.js";
import { COPY_CURES } from "#virtgpu/host/copy-cures.js";
import type { Explanation } from "#virtgpu/host/explanation.js";
import { FREE, GpuFrontEnd } from "#virtgpu/testing/gpu-front-end.js";
import { driverEnvironment, hasMesa25, type Driver } from "./driver-environment.js";
import { repositoryRoot, Sandbox, waitUntil, type FinishedClient } from "./harness.js";
import { buildStreamingClient } from "./streaming-clients.js";

type Say = (text: string) => void;

/** What clients moved, by reason, in a table with the reason's cure. */
export function sayMoved(clients: readonly FinishedClient[], say: Say): void {
  const frames = clients.reduce((sum, client) => sum + client.frames, 0);
  const moved = (name: string): number => clients.reduce((sum, { copiedBytes }) => sum + (copiedBytes[name] ?? 0), 0);
  const rows = COPY_REASON_NAMES.flatMap((name, code) => {
    const bytes = moved(name);
    const { why, cure } = COPY_CURES[code]!;
    return bytes === 0
      ? []
      : [[name, byteSize(bytes), byteSize(bytes / frames), cure === "" ? why : `${why} (cure: ${cure})`]];
  });
  say(`   ${clients.length} clients, ${frames} frames shown; moved:`);
  for (const line of textTable(["for", "bytes", "per frame", "why"], ["left", "right", "right", "left"], rows)) {
    say(`   ${line}`);
  }
  const none = COPY_REASON_NAMES.filter((name) => moved(name) === 0);
  say(`   nothing for ${none.join(", ")}`);
}

/** A client that streams a texture, explained while it is there; once more on a driver that takes guest memory, if one is at hand. */
export async function explainStreaming(say: Say): Promise<void> {
  for (const line of explanationLines(await streamingExplanation("system"))) say(`   ${line}`);
  if (!hasMesa25()) {
    say("   (Mesa 25, whose software driver takes guest memory as textures, is not in the cache: npm test unpacks it)");
    return;
  }
  const report = (await streamingExplanation("mesa25")).processes[0]?.report;
  const streamed = report?.resources.listed.find(({ width }) => width === WIDTH);
  if (report === null || report === undefined || streamed === undefined) throw new Error("no report of the client");
  say("");
  say(`   the same client where the driver takes guest memory (${report.glVersion}):`);
  say(
    `   the texture's path is ${streamed.path.path}, ${byteSize(streamed.hostBytes)} on the host, ` +
      `${byteSize(payloadOf(streamed.movedBytes))} moved for it`,
  );
}

async function streamingExplanation(driver: Driver): Promise<Explanation> {
  const sandbox = await Sandbox.create();
  try {
    const env = { LIBGL_ALWAYS_SOFTWARE: "1" };
    const driverEnv = await driverEnvironment(driver);
    const args = ["serve", "--vtest", "--control=/tmp/control.sock", "--egl-platform=surfaceless"];
    const server = sandbox.spawn(join(repositoryRoot(), "bin/virtgpu"), args, {
      env: { ...env, ...driverEnv },
      name: "server",
    });
    const isReady = (): boolean => server.stderr().includes("vtest server is ready");
    await waitUntil(() => isReady() || !server.isRunning(), "the server to be ready", 30_000);
    const output = join(sandbox.workDir, "stream.records");
    const program = await buildStreamingClient("stream-texture");
    const client = sandbox.spawn(program, [output, "1", "hold"], { env: { ...env, GALLIUM_DRIVER: "virpipe" } });
    await waitUntil(() => /^frames/m.test(client.stdout()) || !client.isRunning(), "the client to have drawn", 300_000);
    if (!client.isRunning()) throw new Error(`stream-texture ended: ${client.stderr()}`);
    return (await askDevice(sandbox.outsidePath("/tmp/control.sock"), "explain")) as Explanation;
  } finally {
    await sandbox.dispose();
  }
}

const WIDTH = 1280;
const HEIGHT = 720;
const FRAMES = 60;

/** 2D frames of a virtio-gpu driver without a VM around it. @returns payload bytes per frame, and the resource's path */
export async function drawInPlace(zeroCopy: "auto" | "never"): Promise<{ perFrame: number; path: string }> {
  const sandbox = await Sandbox.create();
  const control = join(sandbox.workDir, "control.sock");
  const frontEnd = GpuFrontEnd.start({
    command: join(repositoryRoot(), "bin/vhost-user-virtgpu"),
    args: (fd) => [`--fd=${fd}`, `--zero-copy=${zeroCopy}`, `--control=${control}`],
  });
  try {
    frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 1, WIDTH, HEIGHT]);
    frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, FREE, 0, WIDTH * HEIGHT * 4, 0]);
    frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, WIDTH, HEIGHT, 0, 1]);
    for (let frame = 0; frame < FRAMES; frame++) {
      frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, WIDTH, HEIGHT, 0, 0, 1, 0]);
      frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, WIDTH, HEIGHT, 1, 0]);
    }
    const { processes } = (await askDevice(control, "explain")) as Explanation;
    const report = processes[0]?.report;
    if (report?.frames !== FRAMES) throw new Error(`${report?.frames ?? 0} frames instead of ${FRAMES}`);
    return { perFrame: payloadOf(report.movedBytes) / FRAMES, path: report.resources.listed[0]?.path.path ?? "none" };
  } finally {
    await frontEnd.close();
    await sandbox.dispose();
  }
}

/** The same frames copied and not copied. @returns what is wrong, or null */
export async function showInPlace(say: Say): Promise<string | null> {
  const copied = await drawInPlace("never");
  const shared = await drawInPlace("auto");
  say(`   frames that a VM's 2D driver flushes, ${WIDTH}x${HEIGHT}, no window open:`);
  say(`   --zero-copy=never: ${byteSize(copied.perFrame)} per frame (path ${copied.path})`);
  say(`   --zero-copy=auto:  ${byteSize(shared.perFrame)} per frame (path ${shared.path})`);
  if (copied.perFrame !== WIDTH * HEIGHT * 4) return `${copied.perFrame} bytes per frame counted where all is copied`;
  return shared.perFrame === 0 ? null : `${shared.perFrame} bytes per frame where none need be moved`;
}
