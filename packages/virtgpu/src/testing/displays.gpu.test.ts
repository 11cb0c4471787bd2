/** Displays of the vhost-user process, without GL and without a VM. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { PNG } from "pngjs";
import { u64s } from "@virtgpu/core/testing";
import { VhostUserRequest } from "@virtgpu/core/vhost-user";
import * as g from "@virtgpu/core/virtio-gpu";
import { closeFd, createMemfd, Mapping } from "../native/memory.js";
import { FREE, GpuFrontEnd } from "./gpu-front-end.js";
import { type GpuWindow, mapBuffer, wordsOf } from "./gpu-window.js";

const program = fileURLToPath(new URL("../cli/vhost-user.js", import.meta.url));
const HEADER = g.VIRTIO_GPU_CTRL_HDR_BYTES;
const OK = g.VIRTIO_GPU_RESP_OK_NODATA;

function start(t: TestContext, flags: readonly string[]): GpuFrontEnd {
  const frontEnd = GpuFrontEnd.start({
    command: process.execPath,
    args: (fd) => [program, `--fd=${fd}`, ...flags],
  });
  t.after(() => frontEnd.close());
  return frontEnd;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "virtgpu-display-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

function openWindow(t: TestContext, frontEnd: GpuFrontEnd): GpuWindow {
  const window = frontEnd.openWindow();
  t.after(() => window.close());
  return window;
}

const type = (answer: DataView): number => answer.getUint32(0, true);
const [WIDTH, HEIGHT] = [64, 48];
/** x, y, width, height. */
type Box = readonly [number, number, number, number];

/** Shows resource 1 on a scanout. */
function show(frontEnd: GpuFrontEnd, scanoutId: number): void {
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 2, WIDTH, HEIGHT])), OK);
  const entry = [FREE, 0, WIDTH * HEIGHT * 4, 0];
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, ...entry])), OK);
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, WIDTH, HEIGHT, scanoutId, 1])), OK);
}

/** A frame: every pixel of `rect` gets its own colour, `salt` in blue. */
function draw(frontEnd: GpuFrontEnd, salt: number, rect: Box = [0, 0, WIDTH, HEIGHT]): void {
  const [left, top, width, height] = rect;
  const view = frontEnd.view(FREE, WIDTH * HEIGHT * 4);
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) {
      view.setUint32(4 * (y * WIDTH + x), (x << 16) | (y << 8) | salt, true);
    }
  }
  const offset = 4 * (top * WIDTH + left);
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [...rect, offset, 0, 1, 0])), OK);
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [...rect, 1, 0])), OK);
}

function checkPng(path: string, blueAt: (x: number, y: number) => number): void {
  const { width, height, data } = PNG.sync.read(readFileSync(path));
  assert.deepEqual([width, height], [WIDTH, HEIGHT]);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      assert.deepEqual([...data.subarray(at, at + 4)], [x, y, blueAt(x, y), 255], `${path}: ${x},${y}`);
    }
  }
}

test("without a window: our own monitors, and every second frame of each as a PNG file", (t) => {
  const path = folder(t);
  const frontEnd = start(t, [`--display=png:${path},every=2`, "--heads=2", "--mode=640x480"]);
  assert.equal(new DataView(frontEnd.protocol.config(16).slice().buffer).getUint32(8, true), 2, "num_scanouts");
  const info = frontEnd.request(g.VIRTIO_GPU_CMD_GET_DISPLAY_INFO);
  const one = (i: number): number[] => [8, 12, 16].map((at) => info.getUint32(HEADER + 24 * i + at, true));
  assert.deepEqual(
    [one(0), one(1), one(2)],
    [
      [640, 480, 1],
      [640, 480, 1],
      [0, 0, 0],
    ],
  );
  const edid = frontEnd.request(g.VIRTIO_GPU_CMD_GET_EDID, [1, 0]);
  assert.equal(edid.getUint8(HEADER + 8 + 56) | ((edid.getUint8(HEADER + 8 + 58) & 0xf0) << 4), 640);
  const beyond = frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, 4, 4, 2, 0]);
  assert.equal(type(beyond), g.VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
  show(frontEnd, 1);
  for (const salt of [10, 20]) draw(frontEnd, salt);
  draw(frontEnd, 30, [8, 8, 16, 4]);
  assert.deepEqual(readdirSync(path).toSorted(), ["scanout1-000000.png", "scanout1-000002.png"]);
  checkPng(join(path, "scanout1-000000.png"), () => 10);
  checkPng(join(path, "scanout1-000002.png"), (x, y) => (x >= 8 && x < 24 && y >= 8 && y < 12 ? 30 : 20));
});

test("with a window, the PNG files are a tap", (t) => {
  const path = folder(t);
  const frontEnd = start(t, [`--display=png:${path}`]);
  const window = openWindow(t, frontEnd);
  assert.equal(window.negotiate(0), 0);
  show(frontEnd, 0);
  draw(frontEnd, 99);
  assert.deepEqual([...wordsOf(window.wait().payload)], [0, WIDTH, HEIGHT]);
  const update = wordsOf(window.wait().payload);
  assert.deepEqual([...update.subarray(0, 5)], [0, 0, 0, WIDTH, HEIGHT]);
  assert.equal(update[5 + WIDTH + 1]! & 0xffffff, 0x010100 | 99);
  checkPng(join(path, "scanout0-000000.png"), () => 99);
});

test("a window that does not read: the guest's requests are answered as before, and the last frame arrives", (t) => {
  const frontEnd = start(t, []);
  const window = openWindow(t, frontEnd);
  window.negotiate(0);
  const side = 512;
  frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 2, side, side]);
  frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, FREE, 0, side * side * 4, 0]);
  frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, side, side, 0, 1]);
  const frames = 64;
  for (let i = 1; i <= frames; i++) {
    frontEnd.view(FREE, 4).setUint32(0, i, true);
    frontEnd.request(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, side, side, 0, 0, 1, 0]);
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, side, side, 1, 0])), OK);
  }
  assert.equal(window.wait().request, 7);
  let updates = 0;
  let first = 0;
  while (first !== frames) {
    const { request, payload } = window.wait();
    assert.equal(request, 8);
    updates++;
    if (wordsOf(payload)[2] === 0) first = wordsOf(payload)[5]!;
  }
  assert.ok(updates < frames / 4, `${updates} of ${frames} frames were sent`);
});

const PICTURE = 0x4000_0000;
const PICTURE_BYTES = 1 << 20;

/** Memory of its own for a picture, at `PICTURE`: the message knows no offset into a file. */
function addPictureMemory(t: TestContext, frontEnd: GpuFrontEnd): Uint32Array {
  const fd = createMemfd("picture", PICTURE_BYTES);
  const picture = Mapping.map(fd, 0, PICTURE_BYTES);
  t.after(() => picture.release());
  const region = u64s(0n, BigInt(PICTURE), BigInt(PICTURE_BYTES), 0x7e00_0000_0000n, 0n);
  assert.ok(frontEnd.protocol.acknowledged(VhostUserRequest.ADD_MEM_REG, region, [fd]));
  closeFd(fd);
  return new Uint32Array(picture.bytes.buffer);
}

test("the window is handed the guest's own memory: its pixels are there before any byte was moved", (t) => {
  const frontEnd = start(t, ["--gpu-socket=shared-memory"]);
  const window = openWindow(t, frontEnd);
  assert.equal(window.negotiate(3), 3, "EDID and DMABUF2");
  const pixels = addPictureMemory(t, frontEnd).subarray(0, WIDTH * HEIGHT);
  frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 2, WIDTH, HEIGHT]);
  const entry = [PICTURE, 0, WIDTH * HEIGHT * 4, 0];
  assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, ...entry])), OK);
  frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, WIDTH, HEIGHT, 0, 1]);
  pixels.fill(0x123456);
  const flush = (): void => {
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, WIDTH, HEIGHT, 1, 0])), OK);
  };
  flush();
  const scanout = window.wait();
  assert.deepEqual([scanout.request, scanout.fds.length], [12, 1], "DMABUF_SCANOUT2 with the memory");
  const seen = mapBuffer(scanout.fds[0]!, WIDTH * HEIGHT * 4);
  t.after(() => seen.release());
  assert.ok(new Uint32Array(seen.bytes.buffer).every((pixel) => pixel === 0x123456));
  assert.deepEqual([window.wait().request, window.take()], [10, null], "DMABUF_UPDATE");
  pixels.fill(0x654321);
  assert.ok(
    new Uint32Array(seen.bytes.buffer).every((pixel) => pixel === 0x654321),
    "without a command",
  );
  flush();
  assert.equal(window.take(), null, "the first frame is not answered yet");
  window.reply(10);
  assert.equal(window.wait().request, 10);
  // The front-end has not let go: the guest gets its pages back all the same, after a moment, and the window gets pixels.
  frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [1, 0]);
  assert.equal(type(frontEnd.waitAnswer()), OK);
  const off = window.wait();
  assert.deepEqual([off.request, off.fds.length], [9, 0]);
  assert.equal(window.wait().request, 7);
  const last = window.wait();
  assert.equal(last.request, 8);
  assert.ok(
    wordsOf(last.payload)
      .subarray(5)
      .every((pixel) => (pixel & 0xffffff) === 0x654321),
  );
});

for (const flags of [[], ["--virgl"]]) {
  test(`the window is handed a guest blob${flags.join("")}, in the layout that its scanout says`, (t) => {
    const frontEnd = start(t, ["--gpu-socket=shared-memory", ...flags]);
    const window = openWindow(t, frontEnd);
    assert.equal(window.negotiate(3), 3, "EDID and DMABUF2");
    const pixels = addPictureMemory(t, frontEnd);
    const stride = WIDTH * 4 + 64;
    const blob = [3, 1, 2, 1, 0, 0, PICTURE_BYTES, 0, PICTURE, 0, PICTURE_BYTES, 0];
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, blob)), OK);
    const layout = [WIDTH, HEIGHT, 2, 0, stride, 0, 0, 0, 0, 0, 0, 0];
    const show = [0, 0, WIDTH, HEIGHT, 0, 3, ...layout];
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT_BLOB, show)), OK);
    pixels.fill(0x123456);
    const flush = (fenceId: bigint): void => {
      const header = { flags: g.VIRTIO_GPU_FLAG_FENCE, fenceId };
      frontEnd.submit(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, WIDTH, HEIGHT, 3, 0], header);
    };
    flush(1n);
    const scanout = window.wait();
    assert.deepEqual([scanout.request, scanout.fds.length], [12, 1], "DMABUF_SCANOUT2 with the memory");
    assert.deepEqual([...wordsOf(scanout.payload).subarray(3, 8)], [WIDTH, HEIGHT, WIDTH, HEIGHT, stride]);
    const seen = mapBuffer(scanout.fds[0]!, stride * HEIGHT);
    t.after(() => seen.release());
    assert.equal(window.wait().request, 10, "DMABUF_UPDATE");
    window.reply(10);
    const answer = frontEnd.waitAnswer();
    assert.deepEqual([type(answer), answer.getBigUint64(8, true)], [OK, 1n]);
    pixels.fill(0x654321);
    assert.ok(new Uint32Array(seen.bytes.buffer).every((pixel) => pixel === 0x654321));
    // A front-end that answers late does not keep the guest for ever.
    flush(2n);
    assert.deepEqual([window.wait().request, type(frontEnd.waitAnswer())], [10, OK]);
    assert.equal(window.take(), null);
    // Another layout is another buffer.
    window.reply(10);
    assert.equal(type(frontEnd.request(g.VIRTIO_GPU_CMD_SET_SCANOUT_BLOB, show.with(10, WIDTH * 4))), OK);
    flush(3n);
    const other = window.wait();
    assert.deepEqual([other.request, wordsOf(other.payload)[7]], [12, WIDTH * 4]);
    closeFd(other.fds[0]!);
    assert.equal(type(frontEnd.waitAnswer()), OK);
  });
}

/** What the guest sees as the EDID of scanout 0 when the window says `edid`. */
function guestEdid(t: TestContext, flags: readonly string[], edid: Uint8Array): Uint8Array {
  const frontEnd = start(t, flags);
  const window = openWindow(t, frontEnd);
  assert.equal(window.negotiate(3), 1, "EDID is taken, buffers are not");
  frontEnd.submit(g.VIRTIO_GPU_CMD_GET_EDID, [0, 0]);
  assert.equal(window.wait().request, 3);
  window.replyDisplayInfo([1366, 768]);
  assert.equal(window.wait().request, 11);
  window.replyEdid(edid);
  const answer = frontEnd.waitAnswer();
  assert.equal(type(answer), g.VIRTIO_GPU_RESP_OK_EDID);
  const at = answer.byteOffset + HEADER + 8;
  return new Uint8Array(answer.buffer.slice(at, at + answer.getUint32(HEADER, true)));
}

test("the window's EDID reaches the guest, with the modes that the host can take", (t) => {
  const edid = g.makeEdid({ preferred: { width: 1366, height: 768, refresh: 60 }, name: "window", serial: 3 });
  assert.deepEqual(guestEdid(t, ["--modes=all"], edid), edid);
  assert.deepEqual(guestEdid(t, [], edid), g.filterEdid(edid, 64));
  assert.deepEqual(guestEdid(t, ["--stride-multiple=1000"], edid), g.filterEdid(edid, 1000));
});

test("wrong options are told, with the flag's name", async (t) => {
  for (const [flag, pattern] of [
    ["--display=jpeg", /--display is none, png/],
    ["--mode=0x5", /--mode is a size/],
    ["--mode=5000x100", /--mode=5000x100 is more than a monitor/],
    ["--heads=17", /--heads is a whole number from 1 to 16/],
    ["--display=png:/dev/null/x", /--display=png: no files can be written to the folder \/dev\/null\/x/],
    ["--display=png:/proc/nowhere/x", /folder \/proc\/nowhere\/x: ENOENT[^]*cure: give a folder/],
  ] as const) {
    const frontEnd = startLoosely(t, flag);
    assert.notEqual(await frontEnd.exited, "status 0");
    assert.match(frontEnd.log, pattern);
  }
});

/** The back-end ends before the front-end has negotiated: that is no error of the kit here. */
function startLoosely(t: TestContext, flag: string): { exited: Promise<string>; readonly log: string } {
  const child = spawn(process.execPath, [program, `--socket-path=${join(folder(t), "gpu.sock")}`, flag], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  t.after(() => child.kill("SIGKILL"));
  let log = "";
  child.stderr.on("data", (text: Buffer) => (log += text.toString("utf8")));
  return {
    exited: new Promise((resolve) => child.once("close", (code) => resolve(`status ${code}`))),
    get log() {
      return log;
    },
  };
}
