/** A reset of the GPU (injected: the driver is said to report one) in the running process. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import * as g from "@virtgpu/core/virtio-gpu";
import { ClearScene } from "./clear-scene.js";
import { FREE, type GpuFrontEnd } from "./gpu-front-end.js";
import { type GpuWindow, wordsOf } from "./gpu-window.js";
import { startBackEnd, typeOf, until, untilLogged } from "./start-back-end.js";

const { VIRTIO_GPU_RESP_OK_NODATA: OK, VIRTIO_GPU_RESP_ERR_UNSPEC: UNSPECIFIED } = g;
const [WIDTH, HEIGHT] = [64, 32];
const SCENES = FREE + (1 << 20);

interface Device {
  readonly frontEnd: GpuFrontEnd;
  readonly window: GpuWindow;
  /** Lets the driver report a reset; returns when the device has seen it. */
  readonly reset: () => Promise<void>;
}

function startDevice(t: TestContext, flags: readonly string[] = []): Device {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-reset-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "reset");
  const env = { VIRTGPU_TEST_RESET_FILE: file };
  const frontEnd = startBackEnd(t, ["--virgl", ...flags], { env });
  const window = frontEnd.openWindow();
  t.after(() => window.close());
  window.negotiate(0);
  const reset = async (): Promise<void> => {
    writeFileSync(file, "");
    frontEnd.kick(0);
    await until(() => !existsSync(file), "the device asks for the state of the GPU");
  };
  return { frontEnd, window, reset };
}

/** Resource 1, drawn by the guest's processor, on scanout 0. */
function showPicture({ frontEnd, window }: Device): void {
  const ok = (type: number, words: readonly number[]): void => assert.equal(typeOf(frontEnd.request(type, words)), OK);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 2, WIDTH, HEIGHT]);
  ok(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, FREE, 0, WIDTH * HEIGHT * 4, 0]);
  ok(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, WIDTH, HEIGHT, 0, 1]);
  assert.equal(window.wait().request, 7);
}

/** Every pixel another colour. */
function paint(frontEnd: GpuFrontEnd, salt: number): void {
  const view = frontEnd.view(FREE, WIDTH * HEIGHT * 4);
  for (let i = 0; i < WIDTH * HEIGHT; i++) view.setUint32(4 * i, (i * 7919 + salt) & 0xffffff, true);
}

/** Flushes, without a transfer, and compares every pixel of what the window gets. */
function checkShown({ frontEnd, window }: Device, salt: number): void {
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, WIDTH, HEIGHT, 1, 0])), OK);
  const { request, payload } = window.wait();
  assert.equal(request, 8);
  const words = wordsOf(payload);
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    assert.equal(words[5 + i]! & 0xffffff, (i * 7919 + salt) & 0xffffff, `pixel ${i}`);
  }
}

function transfer(frontEnd: GpuFrontEnd): void {
  const words = [0, 0, WIDTH, HEIGHT, 0, 0, 1, 0];
  assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, words)), OK);
}

test("every context gets errors, 2D goes on with its picture, and new contexts draw", async (t) => {
  const device = startDevice(t);
  const { frontEnd, reset } = device;
  showPicture(device);
  paint(frontEnd, 1);
  transfer(frontEnd);
  checkShown(device, 1);
  const scenes = [1, 2].map((id) => new ClearScene(frontEnd, id, 10 + id, 16, SCENES + id * 4096));
  for (const scene of scenes) assert.equal(scene.clear([1, 0, 0, 1]), OK);
  assert.deepEqual(scenes[0]!.read(), [255, 0, 0, 255]);

  await reset();
  for (const scene of scenes) {
    assert.equal(scene.clear([0, 1, 0, 1]), UNSPECIFIED, "lost");
    assert.equal(scene.clear([0, 1, 0, 1]), UNSPECIFIED, "for good");
  }
  checkShown(device, 1);
  paint(frontEnd, 2);
  transfer(frontEnd);
  checkShown(device, 2);

  for (const id of [1, 2]) {
    assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_DESTROY, [], { contextId: id })), OK);
    assert.equal(typeOf(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_UNREF, [10 + id, 0])), OK);
  }
  const again = new ClearScene(frontEnd, 1, 20, 16, SCENES);
  assert.equal(again.clear([0, 0, 1, 1]), OK);
  assert.deepEqual(again.read(), [0, 0, 255, 255]);
  await untilLogged(frontEnd, /The GPU was reset/);
  assert.doesNotMatch(frontEnd.log, /could not be made anew|reported errors/);
});

test("many resets leave no descriptor behind, and the device draws after each", async (t) => {
  const device = startDevice(t);
  const { frontEnd, reset } = device;
  showPicture(device);
  const { readdirSync } = await import("node:fs");
  const counts: number[] = [];
  for (let round = 0; round < 6; round++) {
    paint(frontEnd, round);
    transfer(frontEnd);
    checkShown(device, round);
    const scene = new ClearScene(frontEnd, round + 1, 10 + round, 16, SCENES);
    assert.equal(scene.clear([0, 1, 1, 1]), OK);
    assert.deepEqual(scene.read(), [0, 255, 255, 255]);
    counts.push(readdirSync(`/proc/${frontEnd.pid}/fd`).length);
    await reset();
  }
  assert.equal(counts.at(-1), counts[1], counts.join(" "));
});
