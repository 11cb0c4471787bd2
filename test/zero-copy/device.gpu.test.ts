/** The whole device on a host that imports, driven by a virtio-gpu driver without a VM: what it shows of a screen that the guest's processor draws. */
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import * as g from "@virtgpu/core/virtio-gpu";
import { FREE, GpuFrontEnd } from "virtgpu/testing";
import { mesa25Environment, mesa25Refusal } from "../mesa25/mesa25.js";

const BACK_END = fileURLToPath(new URL("../../../packages/virtgpu/dist/cli/vhost-user.js", import.meta.url));
const [WIDTH, HEIGHT] = [64, 8];
const SIZE = WIDTH * HEIGHT * 4;
const GPU_UPDATE = 8;

const skip = mesa25Refusal() ?? false;
const mesa = skip === false ? await mesa25Environment() : {};

class Screen {
  readonly frontEnd: GpuFrontEnd;

  constructor(t: TestContext, flags: readonly string[]) {
    const args = (fd: number): string[] => [BACK_END, `--fd=${fd}`, ...flags];
    const env = { ...mesa, LIBGL_ALWAYS_SOFTWARE: "1" };
    this.frontEnd = GpuFrontEnd.start({ command: process.execPath, args, env });
    t.after(() => this.frontEnd.close());
    this.frontEnd.openPlainGpuSocket();
    this.ok(g.VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, [1, 2, WIDTH, HEIGHT]);
    this.ok(g.VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, [1, 1, FREE, 0, SIZE, 0]);
    this.ok(g.VIRTIO_GPU_CMD_SET_SCANOUT, [0, 0, WIDTH, HEIGHT, 0, 1]);
    this.frontEnd.readGpuMessage();
  }

  ok(type: number, words: readonly number[]): void {
    const answer = this.frontEnd.request(type, words).getUint32(0, true);
    assert.equal(answer, g.VIRTIO_GPU_RESP_OK_NODATA, this.frontEnd.log);
  }

  paint(value: number): void {
    const view = this.frontEnd.view(FREE, SIZE);
    for (let at = 0; at < SIZE; at++) view.setUint8(at, value);
  }

  transfer(): void {
    this.ok(g.VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, [0, 0, WIDTH, HEIGHT, 0, 0, 1, 0]);
  }

  /** Flushes. @returns the one value of all bytes that the front-end's window is sent */
  shown(): number {
    this.ok(g.VIRTIO_GPU_CMD_RESOURCE_FLUSH, [0, 0, WIDTH, HEIGHT, 1, 0]);
    const { request, payload } = this.frontEnd.readGpuMessage();
    assert.equal(request, GPU_UPDATE);
    // Five words before the pixels; the fourth byte of a pixel means nothing.
    const values = new Set(payload.subarray(20).filter((_, i) => i % 4 !== 3));
    assert.equal(values.size, 1);
    return [...values][0]!;
  }
}

for (const kind of [[], ["--virgl"]]) {
  const name = kind.length === 0 ? "without GL" : "on GL";
  for (const [flags, isShared] of [
    [["--zero-copy=always"], true],
    [["--zero-copy=auto"], true],
    [["--zero-copy=never"], false],
    [["--present=snapshot"], false],
  ] as const) {
    test(`${name}, ${flags[0]}: a frame that was not transferred is ${isShared ? "" : "not "}shown`, { skip }, (t) => {
      const screen = new Screen(t, [...kind, ...flags]);
      screen.paint(10);
      screen.transfer();
      assert.equal(screen.shown(), 10);
      screen.paint(20);
      assert.equal(screen.shown(), isShared ? 20 : 10);
      screen.transfer();
      assert.equal(screen.shown(), 20);
    });
  }

  test(`${name}: the picture outlives its memory, and memory that is announced anew`, { skip }, (t) => {
    const screen = new Screen(t, [...kind, "--zero-copy=always"]);
    screen.paint(30);
    screen.transfer();
    screen.frontEnd.announceMemory();
    assert.equal(screen.shown(), 30);
    screen.paint(40);
    assert.equal(screen.shown(), 40, "still the guest's own pages");
    // One slot at a time, as QEMU does.
    screen.frontEnd.protocol.removeMemory(screen.frontEnd.ramRegion);
    screen.frontEnd.protocol.addMemory(screen.frontEnd.ramRegion);
    assert.equal(screen.shown(), 40);
    screen.paint(45);
    assert.equal(screen.shown(), 45, "again");
    screen.transfer();
    screen.paint(40);
    screen.ok(g.VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, [1, 0]);
    screen.paint(50);
    assert.equal(screen.shown(), 40);
  });
}
