/** A guest's frames on a real compositor, through the whole device: vhost-user back-end process, test front-end as the guest's driver. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as g from "@virtgpu/core/virtio-gpu";
import { FREE, GpuFrontEnd } from "#virtgpu/testing/gpu-front-end.js";
import { mesa25Environment } from "../mesa25/mesa25.js";
import { assertPicture, findWindow, paint, patternPixel } from "./picture.js";
import { takeScreenshot } from "./screenshot.js";
import { Weston } from "./weston.js";

const program = fileURLToPath(new URL("../../../packages/virtgpu/dist/cli/vhost-user.js", import.meta.url));
const { VIRTIO_GPU_RESP_OK_NODATA: OK } = g;
const WIDTH = 300;
const HEIGHT = 200;
const WHOLE = { x: 0, y: 0, width: WIDTH, height: HEIGHT };
const STRIDE = WIDTH * 4;

const type = (answer: DataView): number => answer.getUint32(0, true);

/** CREATE_2D, ATTACH_BACKING in two pieces that lie behind each other, SET_SCANOUT. */
function createScanout(frontEnd: GpuFrontEnd, id: number): void {
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [id, 2, WIDTH, HEIGHT])), OK);
  const pieces = [FREE, 0, 4096, 0, FREE + 4096, 0, STRIDE * HEIGHT - 4096, 0];
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [id, 2, ...pieces])), OK);
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, WIDTH, HEIGHT, 0, id])), OK);
}

function frame(frontEnd: GpuFrontEnd, id: number, seed: number): void {
  paint(frontEnd.ram.bytes, FREE - RAM_START, STRIDE, WHOLE, seed);
  const rect = [0, 0, WIDTH, HEIGHT];
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [...rect, 0, 0, id, 0])), OK);
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [...rect, id, 0])), OK);
}
const RAM_START = 0x1000_0000;

/** The screen once it shows this frame. */
async function untilShown(weston: Weston, seed: number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const picture = takeScreenshot(weston.socket);
    const middle = picture.pixels[Math.floor(picture.pixels.length / 2)];
    try {
      if (middle === undefined) throw new Error("empty");
      assertPicture(picture, (x, y) => patternPixel(x, y, seed), findWindow(picture, WHOLE));
      return;
    } catch (error) {
      if (attempt >= 40) throw error;
      await delay(50);
    }
  }
}

/** Waits for a line of the back-end's log, which comes through a pipe. */
async function untilLogged(frontEnd: GpuFrontEnd, pattern: RegExp): Promise<void> {
  for (let i = 0; i < 100 && !pattern.test(frontEnd.log); i++) await delay(20);
  assert.match(frontEnd.log, pattern);
}

async function onScreen(
  renderer: "gl" | "pixman",
  flags: readonly string[],
  run: (frontEnd: GpuFrontEnd, weston: Weston) => Promise<void>,
): Promise<void> {
  const mesa = { LIBGL_ALWAYS_SOFTWARE: "1", ...(await mesa25Environment()) };
  const weston = await Weston.start({ renderer, env: renderer === "gl" ? mesa : {} });
  let frontEnd: GpuFrontEnd | null = null;
  try {
    frontEnd = GpuFrontEnd.start({
      command: process.execPath,
      args: (fd) => [program, `--fd=${fd}`, `--display=wayland:${weston.socket}`, "--log-level=debug", ...flags],
      env: mesa,
    });
    await run(frontEnd, weston);
  } finally {
    await frontEnd?.close();
    await weston.stop();
  }
}

test("2D: the guest's pages are on the screen; what it writes later shows with the next flush, and with no transfer at all", async () => {
  await onScreen("gl", [], async (frontEnd, weston) => {
    createScanout(frontEnd, 1);
    frame(frontEnd, 1, 1);
    await untilShown(weston, 1);
    await untilLogged(frontEnd, /the scanout is shown from its own memory/);
    for (let seed = 2; seed < 5; seed++) {
      frame(frontEnd, 1, seed);
      await untilShown(weston, seed);
    }
    // Sharing shown without any ledger: the guest paints and flushes; nothing is transferred.
    paint(frontEnd.ram.bytes, FREE - RAM_START, STRIDE, WHOLE, 7);
    frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, WIDTH, HEIGHT, 1, 0]);
    await untilShown(weston, 7);
    assert.doesNotMatch(frontEnd.log, /copied for the display/);
  });
});

test("2D with --zero-copy=never, and on a compositor without dma-bufs: right pixels, copies, told", async () => {
  for (const [renderer, flags] of [
    ["gl", ["--zero-copy=never"]],
    ["pixman", []],
  ] as const) {
    await onScreen(renderer, flags, async (frontEnd, weston) => {
      createScanout(frontEnd, 1);
      frame(frontEnd, 1, 1);
      await untilShown(weston, 1);
      frame(frontEnd, 1, 2);
      await untilShown(weston, 2);
      await untilLogged(frontEnd, /The scanout is copied for the display/);
      assert.doesNotMatch(frontEnd.log, /shown from its own memory/);
      // What the guest writes without a transfer is not seen.
      paint(frontEnd.ram.bytes, FREE - RAM_START, STRIDE, WHOLE, 7);
      if (renderer === "gl") {
        frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, WIDTH, HEIGHT, 1, 0]);
        await delay(100);
        await untilShown(weston, 2);
      }
    });
  }
});

test("a guest that detaches or unrefs while the compositor has its pages: nothing of what comes there later is shown", async () => {
  await onScreen("gl", [], async (frontEnd, weston) => {
    createScanout(frontEnd, 1);
    frame(frontEnd, 1, 3);
    await untilShown(weston, 3);
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [1, 0])), OK);
    // Answered: the pages are the guest's again, and the picture stays.
    paint(frontEnd.ram.bytes, FREE - RAM_START, STRIDE, WHOLE, 8);
    await delay(60);
    await untilShown(weston, 3);
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_UNREF, [1, 0])), OK);
    await delay(300);
    const black = takeScreenshot(weston.socket);
    assertPicture(black, () => 0);
    createScanout(frontEnd, 2);
    frame(frontEnd, 2, 4);
    await untilShown(weston, 4);
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_UNREF, [2, 0])), OK);
    paint(frontEnd.ram.bytes, FREE - RAM_START, STRIDE, WHOLE, 9);
    await delay(300);
    assertPicture(takeScreenshot(weston.socket), () => 0);
    assert.doesNotMatch(frontEnd.log, /error/i);
  });
});
