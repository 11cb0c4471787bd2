/** A guest's frames on a real compositor, through the whole device: vhost-user back-end process, test front-end as the guest's driver. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as g from "@virtgpu/core/virtio-gpu";
import { FREE, GpuFrontEnd } from "#virtgpu/testing/gpu-front-end.js";
import { mesa25Environment } from "../mesa25/mesa25.js";
import { movedPayload, reportOf } from "./moved-bytes.js";
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

/** Waits until the window shows exactly the frame of this seed. */
async function untilShown(weston: Weston, seed: number): Promise<void> {
  await untilScreen(weston, (x, y) => patternPixel(x, y, seed));
}

/** Waits until the window shows exactly this. */
async function untilScreen(weston: Weston, expected: (x: number, y: number) => number): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const picture = takeScreenshot(weston.socket);
    try {
      assertPicture(picture, expected, findWindow(picture, WHOLE));
      return;
    } catch (error) {
      if (attempt >= 200) throw error;
      await delay(50);
    }
  }
}

/** Waits for a line of the back-end's log, which comes through a pipe. */
async function untilLogged(frontEnd: GpuFrontEnd, pattern: RegExp): Promise<void> {
  for (let i = 0; i < 6000 && !pattern.test(frontEnd.log); i++) await delay(20);
  assert.match(frontEnd.log, pattern);
}

/** Runs a guest's device on a compositor. `moved` gives the payload bytes that it has moved so far, by reason. */
async function onScreen(
  renderer: "gl" | "pixman",
  flags: readonly string[],
  run: (frontEnd: GpuFrontEnd, weston: Weston, moved: () => Promise<Record<string, number>>) => Promise<void>,
): Promise<void> {
  const mesa = { LIBGL_ALWAYS_SOFTWARE: "1", ...(await mesa25Environment()) };
  const weston = await Weston.start({ renderer, env: renderer === "gl" ? mesa : {} });
  const control = join(weston.folder, "control.sock");
  let frontEnd: GpuFrontEnd | null = null;
  try {
    frontEnd = GpuFrontEnd.start({
      command: process.execPath,
      args: (fd) => [
        ...[program, `--fd=${fd}`, `--display=wayland:${weston.socket}`, `--control=${control}`, "--log-level=debug"],
        ...flags,
      ],
      env: mesa,
    });
    await run(frontEnd, weston, async () => movedPayload(await reportOf(control)));
  } finally {
    await frontEnd?.close();
    await weston.stop();
  }
}

for (const flags of [[], ["--virgl"]]) {
  test(`2D${flags.join("")}: the guest's pages are on the screen; what it writes later shows, with no transfer at all`, async () => {
    await onScreen("gl", flags, async (frontEnd, weston, moved) => {
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
      assert.deepEqual(await moved(), {}, "no byte of a resource was moved for these frames");
    });
  });
}

for (const flags of [[], ["--virgl"]]) {
  test(`guest blob${flags.join("")}: shown from its pages in its own layout; a fenced flush is answered when it is on the screen`, async () => {
    await onScreen("gl", flags, async (frontEnd, weston, moved) => {
      const [stride, offset] = [STRIDE + 64, 8192];
      const sizeBytes = offset + stride * HEIGHT;
      const entries = [FREE, 0, 4096, 0, FREE + 4096, 0, sizeBytes - 4096, 0];
      const blob = [7, 1, 2, 2, 0, 0, sizeBytes, 0, ...entries];
      assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, blob)), OK);
      const layout = [WIDTH, HEIGHT, 2, 0, stride, 0, 0, 0];
      const show = (at: number): number[] => [0, 0, WIDTH, HEIGHT, 0, 7, ...layout, at, 0, 0, 0];
      const show0 = g.VIRTIO_GPU_CMD_SET_SCANOUT_BLOB;
      assert.equal(type(frontEnd.request(show0, show(offset))), OK);
      const flush = (seed: number): void => {
        const fenced = { flags: g.VIRTIO_GPU_FLAG_FENCE, fenceId: BigInt(seed) };
        const answer = frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, WIDTH, HEIGHT, 7, 0], fenced);
        assert.deepEqual([type(answer), answer.getBigUint64(8, true)], [OK, BigInt(seed)]);
      };
      for (let seed = 1; seed < 5; seed++) {
        paint(frontEnd.ram.bytes, FREE - RAM_START + offset, stride, WHOLE, seed);
        flush(seed);
        await untilShown(weston, seed);
      }
      // Another part of it is another picture.
      paint(frontEnd.ram.bytes, FREE - RAM_START, stride, WHOLE, 6);
      assert.equal(type(frontEnd.request(show0, show(0))), OK);
      flush(6);
      await untilShown(weston, 6);
      await untilLogged(frontEnd, /the scanout is shown from its own memory/);
      assert.doesNotMatch(frontEnd.log, /copied for the display/);
      assert.deepEqual(await moved(), {}, "no byte of the blob was moved for these frames");
      // Memory that is announced anew is the same picture; nothing is copied for it either.
      frontEnd.announceMemory();
      paint(frontEnd.ram.bytes, FREE - RAM_START, stride, WHOLE, 8);
      flush(8);
      await untilShown(weston, 8);
      assert.deepEqual(await moved(), {});
    });
  });
}

test("3D: two scanouts that the guest's context draws, flipped: each frame is shown exactly, from where it was drawn", async () => {
  await onScreen("gl", ["--virgl"], async (frontEnd, weston, moved) => {
    const inContext = { contextId: 1 };
    const name = new Array<number>(16).fill(0);
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_CREATE, [4, 0, ...name], inContext)), OK);
    for (const id of [5, 6]) {
      // PIPE_TEXTURE_2D, B8G8R8X8_UNORM, RENDER_TARGET | SAMPLER_VIEW | SCANOUT.
      const shape = [id, 2, 2, 2 | 8 | (1 << 18), WIDTH, HEIGHT, 1, 1, 0, 0, 0, 0];
      assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_3D, shape)), OK);
      const address = FREE + (id - 5) * (1 << 20);
      const entry = [address, 0, STRIDE * HEIGHT, 0];
      assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [id, 1, ...entry])), OK);
      assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, [id, 0], inContext)), OK);
    }
    const setUp = [
      ...[(1 << 16) | 29, 1, (1 << 16) | 28, 1], // CREATE_SUB_CTX 1, SET_SUB_CTX 1
      ...[(5 << 16) | (8 << 8) | 1, 50, 5, 2, 0, 0], // CREATE_OBJECT SURFACE 50 of resource 5
      ...[(5 << 16) | (8 << 8) | 1, 60, 6, 2, 0, 0],
    ];
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_SUBMIT_3D, [setUp.length * 4, 0, ...setUp], inContext)), OK);
    const draw = (id: number, seed: number): void => {
      const colour = new Uint32Array(Float32Array.of(1, seed / 255, 0, 1).buffer);
      const stream = [
        ...[(3 << 16) | 5, 1, 0, id * 10], // SET_FRAMEBUFFER_STATE
        ...[(8 << 16) | 7, 4, ...colour, 0, 0, 0], // CLEAR colour 0
      ];
      const fenced = { ...inContext, flags: g.VIRTIO_GPU_FLAG_FENCE, fenceId: BigInt(seed) };
      assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_SUBMIT_3D, [stream.length * 4, 0, ...stream], fenced)), OK);
      const rect = [0, 0, WIDTH, HEIGHT];
      assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT, [...rect, 0, id])), OK);
      assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [...rect, id, 0])), OK);
    };
    for (let seed = 1; seed <= 9; seed++) {
      draw(5 + (seed % 2), seed);
      if (seed % 3 === 0) await untilScreen(weston, () => 0xff_0000 | (seed << 8));
    }
    await untilLogged(frontEnd, /the scanout is shown from its own memory/);
    assert.doesNotMatch(frontEnd.log, /copied for the display/);
    assert.deepEqual(await moved(), {}, "no byte of a resource was moved for these frames");
    // What the host drew is in the guest's pages, with no transfer.
    assert.equal(frontEnd.view(FREE + (1 << 20), 4).getUint32(0, true) & 0xff_ffff, 0xff_0900);
  });
});

test("2D with --zero-copy=never, and on a compositor without dma-bufs: right pixels, copies, told", async () => {
  for (const [renderer, flags] of [
    ["gl", ["--zero-copy=never"]],
    ["pixman", []],
  ] as const) {
    await onScreen(renderer, flags, async (frontEnd, weston, moved) => {
      createScanout(frontEnd, 1);
      frame(frontEnd, 1, 1);
      await untilShown(weston, 1);
      frame(frontEnd, 1, 2);
      await untilShown(weston, 2);
      assert.equal((await moved())["display"], 2 * STRIDE * HEIGHT, "two frames, each copied once for the display");
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
    await untilScreen(weston, () => 0);
    createScanout(frontEnd, 2);
    frame(frontEnd, 2, 4);
    await untilShown(weston, 4);
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_UNREF, [2, 0])), OK);
    paint(frontEnd.ram.bytes, FREE - RAM_START, STRIDE, WHOLE, 9);
    await delay(300);
    await untilScreen(weston, () => 0);
    assert.doesNotMatch(frontEnd.log, /error/i);
  });
});
