/** Argument: a policy. What the guest writes with no command sent: is it seen? With `never` it must not be. */
import assert from "node:assert/strict";
import type { ZeroCopyMode } from "@virtgpu/core/memory";
import * as v from "@virtgpu/core/virgl";
import { check } from "./checks.js";
import { ImportFixture } from "./import-fixture.js";
import { clearStream, SamplingScene } from "./scene.js";

const zeroCopy = process.argv[2] as ZeroCopyMode;
const isShared = zeroCopy !== "never";
const { B8G8R8A8_UNORM: BGRA, B8G8R8X8_UNORM: BGRX } = v.VirglFormat;
const WIDTH = 100;
const HEIGHT = 20;
const SCANOUT = v.VIRGL_BIND_RENDER_TARGET | v.VIRGL_BIND_SAMPLER_VIEW | v.VIRGL_BIND_SCANOUT;

const fixture = new ImportFixture({ zeroCopy });
const scene = new SamplingScene(fixture);
let next = 1;
let at = 1 << 20;
const place = (): number => (at += 1 << 16);

/** Blue, green, red, alpha of pixel (x, y) in guest memory. */
function paint(bytes: Uint8Array, x: number, y: number, pixel: readonly number[]): void {
  bytes.set(pixel, (y * WIDTH + x) * 4);
}
const pixelOf = (bytes: Uint8Array, x: number, y: number): number[] => [
  ...bytes.subarray((y * WIDTH + x) * 4, (y * WIDTH + x) * 4 + 4),
];

check("a texel is sampled", () => {
  const id = next++;
  const bytes = fixture.createBacked(id, { width: WIDTH, height: HEIGHT, bind: v.VIRGL_BIND_SAMPLER_VIEW }, place());
  bytes.fill(10);
  fixture.upload(id, WIDTH, HEIGHT);
  const draw = scene.sampler(id, BGRA, WIDTH, HEIGHT);
  assert.deepEqual(pixelOf(draw(), 7, 3), [10, 10, 10, 10]);
  paint(bytes, 7, 3, [1, 2, 3, 4]);
  const before = fixture.counted();
  const seen = pixelOf(draw(), 7, 3);
  assert.deepEqual(seen, isShared ? [3, 2, 1, 4] : [10, 10, 10, 10]);
  assert.equal(fixture.payloadSince(before)["upload"], undefined);
});

check("a pixel of a render target is drawn over, and what was drawn is in guest memory", () => {
  const id = next++;
  const bytes = fixture.createBacked(id, { width: WIDTH, height: HEIGHT, format: BGRX }, place());
  bytes.fill(10);
  fixture.submit(clearStream(50, id, BGRX, [1, 0, 0, 1]));
  fixture.settle();
  assert.deepEqual(pixelOf(bytes, 5, 5), isShared ? [0, 0, 255, 255] : [10, 10, 10, 10]);
  paint(bytes, 5, 5, [9, 8, 7, 6]);
  assert.deepEqual(pixelOf(fixture.glContents(id, WIDTH, HEIGHT), 5, 5), isShared ? [9, 8, 7, 6] : [0, 0, 255, 255]);
});

check("a pixel is on the screen", () => {
  const id = next++;
  const bytes = fixture.createBacked(
    id,
    { width: WIDTH, height: HEIGHT, bind: SCANOUT, format: BGRX, flags: 1 },
    place(),
  );
  bytes.fill(10);
  fixture.upload(id, WIDTH, HEIGHT);
  assert.deepEqual(pixelOf(fixture.screen(id, WIDTH, HEIGHT), 99, 19), [10, 10, 10, 10]);
  paint(bytes, 99, 19, [1, 2, 3, 4]);
  const seen = pixelOf(fixture.screen(id, WIDTH, HEIGHT), 99, 19).slice(0, 3);
  assert.deepEqual(seen, isShared ? [1, 2, 3] : [10, 10, 10]);
  const buffer = fixture.renderer.scanoutBuffer(id, null);
  assert.equal(buffer !== null, isShared);
  assert.equal(fixture.imports.verdicts.of(id)?.mayTear ?? false, isShared);
});

check("no GL error was made", () => {
  fixture.settle();
  assert.equal(fixture.renderer.counters.glErrors, 0, fixture.log.join("\n"));
  assert.deepEqual(fixture.log, []);
});
fixture.close();
