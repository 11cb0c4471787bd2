/** `explain` and metrics of a VM's device: what the ledger says of frames whose bytes are known exactly. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import * as g from "@virtgpu/core/virtio-gpu";
import { askDevice } from "../host/control-client.js";
import type { Explanation } from "../host/explanation.js";
import { FREE, type GpuFrontEnd } from "./gpu-front-end.js";
import { fetchMetrics, parseMetrics, sampleOf } from "./metrics-text.js";
import { startBackEnd, typeOf, untilLogged } from "./start-back-end.js";

const PROGRAM = fileURLToPath(new URL("../cli/main.js", import.meta.url));
const WIDTH = 320;
const HEIGHT = 64;
const PICTURE_BYTES = WIDTH * HEIGHT * 4;
const RAM_BYTES = 64 << 20;
const { VIRTIO_GPU_RESP_OK_NODATA: OK } = g;

interface Device {
  readonly frontEnd: GpuFrontEnd;
  readonly control: string;
  readonly metrics: string;
}

async function startDevice(t: TestContext, flags: readonly string[]): Promise<Device> {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-explain-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const control = join(folder, "control.sock");
  const metrics = join(folder, "metrics.sock");
  const services = [`--control=${control}`, `--metrics=${metrics}`];
  const frontEnd = startBackEnd(t, [...services, ...flags], { ramBytes: RAM_BYTES });
  await untilLogged(frontEnd, /metrics are served/);
  return { frontEnd, control, metrics };
}

/** The guest draws `frames` frames of resource 7 on a scanout that nobody looks at but the window. */
function drawFrames(frontEnd: GpuFrontEnd, frames: number): void {
  const ok = (type: number, words: readonly number[]): void => assert.equal(typeOf(frontEnd.request(type, words)), OK);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [7, 1, WIDTH, HEIGHT]);
  // In two pieces, as a guest's pages lie: neighbours would be one.
  const half = PICTURE_BYTES / 2;
  ok(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [7, 2, FREE, 0, half, 0, FREE + 2 * half, 0, half, 0]);
  ok(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, WIDTH, HEIGHT, 0, 7]);
  for (let frame = 0; frame < frames; frame++) {
    ok(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, WIDTH, HEIGHT, 0, 0, 7, 0]);
    ok(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, WIDTH, HEIGHT, 7, 0]);
  }
}

async function explain({ control }: Device): Promise<Explanation> {
  return (await askDevice(control, "explain")) as Explanation;
}

test("copied: every frame moves its picture, and says so per resource, with the cure", async (t) => {
  const device = await startDevice(t, ["--zero-copy=never"]);
  drawFrames(device.frontEnd, 3);
  const explanation = await explain(device);
  assert.equal(explanation.kind, "vhost-user");
  const [process] = explanation.processes;
  const report = process?.report;
  assert.ok(report !== null && report !== undefined);
  assert.equal(process?.isOld, false);
  assert.equal(report.frames, 3);
  assert.equal(report.guestMemoryBytes, RAM_BYTES);
  assert.deepEqual(report.movedBytes, { upload: 3 * PICTURE_BYTES });
  assert.deepEqual(report.lastFrameBytes, { upload: PICTURE_BYTES });
  const [resource, ...others] = report.resources.listed;
  assert.equal(others.length, 0);
  assert.equal(resource?.id, 7);
  assert.equal(resource.format, "B8G8R8A8_UNORM");
  assert.deepEqual(
    [resource.hostBytes, resource.backingBytes, resource.backingEntries],
    [PICTURE_BYTES, PICTURE_BYTES, 2],
  );
  assert.deepEqual(resource.movedBytes, { upload: 3 * PICTURE_BYTES });
  assert.equal(resource.path.zeroCopy, false);
  assert.match(resource.path.refused[0]?.cure ?? "", /--zero-copy=auto/);
});

test("not copied: the same frames move 0 bytes, and the host keeps none", async (t) => {
  const device = await startDevice(t, ["--zero-copy=auto"]);
  drawFrames(device.frontEnd, 3);
  const report = (await explain(device)).processes[0]?.report;
  assert.equal(report?.frames, 3);
  assert.deepEqual(report.movedBytes, {});
  const [resource] = report.resources.listed;
  assert.equal(resource?.path.zeroCopy, true);
  assert.equal(resource.hostBytes, 0);
});

test("metrics of a VM's device tell the same, and guest memory is counted once", async (t) => {
  const device = await startDevice(t, ["--zero-copy=never"]);
  // Every page of the guest is touched, by us and by nobody else.
  device.frontEnd.ram.bytes.fill(1, 16 << 20);
  drawFrames(device.frontEnd, 2);
  const families = parseMetrics(await fetchMetrics(device.metrics));
  const value = (name: string, labels: Readonly<Record<string, string>> = {}): number =>
    sampleOf(families, name, labels) ?? assert.fail(`no ${name}`);
  assert.equal(value("virtgpu_moved_bytes_total", { reason: "upload" }), 2 * PICTURE_BYTES);
  assert.equal(value("virtgpu_moved_bytes_total", { reason: "readback" }), 0);
  assert.equal(value("virtgpu_frames_total"), 2);
  assert.equal(value("virtgpu_guest_memory_bytes"), RAM_BYTES);
  assert.equal(value("virtgpu_clients"), 1);
  const shared = value("virtgpu_memory_bytes", { kind: "pss_shared" });
  assert.ok(shared <= RAM_BYTES, `${shared} bytes of shared memory for a guest of ${RAM_BYTES}`);
});

test("the command line prints it as a table, as JSON, and helps where there is no device", async (t) => {
  const device = await startDevice(t, ["--zero-copy=never"]);
  drawFrames(device.frontEnd, 1);
  const run = (...args: string[]): Promise<{ code: number | null; out: string; err: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [PROGRAM, "explain", ...args], { stdio: ["ignore", "pipe", "pipe"] });
      let [out, err] = ["", ""];
      child.stdout.on("data", (text: Buffer) => (out += text.toString()));
      child.stderr.on("data", (text: Buffer) => (err += text.toString()));
      child.on("close", (code) => resolve({ code, out, err }));
    });
  const table = await run(`--control=${device.control}`);
  assert.equal(table.code, 0, table.err);
  assert.match(table.out, /vhost-user at descriptor 3/);
  assert.match(table.out, /^ +display none: flushes 1,/m);
  assert.match(table.out, /^ +7 +surface B8G8R8A8_UNORM +320x64 +80\.0 KiB +80\.0 KiB in 2 +copied /m);
  assert.match(table.out, /^ +\[\d+\] .*cure: use --zero-copy=auto$/m);
  const json = await run(`--control=${device.control}`, "--json");
  assert.equal((JSON.parse(json.out) as Explanation).processes[0]?.report?.frames, 1);
  const nobody = await run(`no-such-device-${process.pid}`);
  assert.equal(nobody.code, 1);
  assert.match(nobody.err, /no device listens at .*\n +cure: start one/);
  assert.equal((await run("../escape")).code, 2);
});
