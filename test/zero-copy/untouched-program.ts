/**
 * Argument: a policy. Frames during which our own mapping of the guest's data pages is PROT_NONE: one touch of ours ends this process with
 * SIGSEGV. The driver has a mapping of its own, and so has the guest.
 */
import assert from "node:assert/strict";
import type { ZeroCopyMode } from "@virtgpu/core/memory";
import { StreamBuilder } from "@virtgpu/core/testing";
import * as v from "@virtgpu/core/virgl";
import { addon, Mapping } from "virtgpu/native";
import { check } from "./checks.js";
import { ImportFixture } from "./import-fixture.js";
import { clearStream, SamplingScene } from "./scene.js";

const zeroCopy = process.argv[2] as ZeroCopyMode;
const { B8G8R8A8_UNORM: BGRA, B8G8R8X8_UNORM: BGRX } = v.VirglFormat;
const [WIDTH, HEIGHT] = [256, 64];
const FRAMES = 4;
const DATA = 1 << 20;
const PROT_NONE = 0;
const READ_WRITE = 3;

const fixture = new ImportFixture({ zeroCopy });
const scene = new SamplingScene(fixture);
const guest = Mapping.map(fixture.ramFd, 0, fixture.ram.bytes.length);
const sizeBytes = WIDTH * HEIGHT * 4;
const [texture, target, scanout] = [1, 2, 3];
fixture.createBacked(texture, { width: WIDTH, height: HEIGHT, bind: v.VIRGL_BIND_SAMPLER_VIEW }, DATA);
fixture.createBacked(target, { width: WIDTH, height: HEIGHT, format: BGRX }, DATA + sizeBytes);
const bind = v.VIRGL_BIND_RENDER_TARGET | v.VIRGL_BIND_SAMPLER_VIEW | v.VIRGL_BIND_SCANOUT;
fixture.createBacked(scanout, { width: WIDTH, height: HEIGHT, format: BGRX, bind, flags: 1 }, DATA + 2 * sizeBytes);
const view = (index: number): Uint8Array =>
  guest.bytes.subarray(DATA + index * sizeBytes, DATA + (index + 1) * sizeBytes);
const draw = scene.sampler(texture, BGRA, WIDTH, HEIGHT);
fixture.submit(clearStream(60, target, BGRX, [0, 0, 0, 1]));
const ours = fixture.ram.bytes.subarray(DATA, DATA + 3 * sizeBytes);

check("frames without a touch of guest data", () => {
  assert.equal(addon().protectPages(ours, PROT_NONE), 0);
  const before = fixture.counted();
  for (let frame = 0; frame < FRAMES; frame++) {
    // The guest: a new texture, and a new picture for its screen.
    view(0).fill(20 + frame);
    view(2).fill(40 + frame);
    fixture.upload(texture, WIDTH, HEIGHT);
    fixture.upload(scanout, WIDTH, HEIGHT);
    const box = [0, 0, 0, WIDTH, HEIGHT, 1] as const;
    const stride = WIDTH * 4;
    const color = [0, (frame + 1) / 255, 0, 1] as const;
    const stream = new StreamBuilder()
      .setSubContext(60)
      .transfer({ resource: texture, box, stride }, 0, v.VIRGL_TRANSFER_TO_HOST)
      .clear(v.PIPE_CLEAR_COLOR0, color);
    fixture.submit(stream);
    fixture.download(target, WIDTH, HEIGHT);
    assert.ok(fixture.renderer.scanoutBuffer(scanout, null) !== null);
    assert.equal(view(1)[1], frame + 1, "what was rendered is in guest memory");
    assert.deepEqual([...draw().subarray(0, 4)], new Array(4).fill(20 + frame), "what the guest wrote is sampled");
  }
  const { readback, ...moved } = fixture.payloadSince(before);
  assert.deepEqual(moved, {}, "nothing was moved");
  assert.equal(readback, FRAMES * sizeBytes, "but what this test itself reads of the target of its draws");
  assert.equal(addon().protectPages(ours, READ_WRITE), 0);
});
fixture.close();
