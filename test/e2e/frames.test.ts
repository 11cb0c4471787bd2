/** The frame comparison itself: it must refuse what conventions refuse. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareFrames, isOneColour, spread, type Frame } from "./frames.js";

function frame(width: number, height: number, colourAt: (pixel: number) => number): Frame {
  const pixels = new Uint8Array(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) pixels.fill(colourAt(pixel), pixel * 4, pixel * 4 + 4);
  return { width, height, pixels };
}

const ramp = frame(100, 100, (pixel) => pixel % 256);

test("a frame equals itself", () => {
  const difference = compareFrames(ramp, ramp);
  assert.equal(difference.equal, true);
  assert.equal(difference.identical, true);
});

test("one step off in every fourth pixel still counts as equal, two steps everywhere do not", () => {
  assert.equal(
    compareFrames(
      ramp,
      frame(100, 100, (p) => (p % 256) ^ (p % 4 === 0 ? 1 : 0)),
    ).equal,
    true,
  );
  assert.equal(
    compareFrames(
      ramp,
      frame(100, 100, (p) => (p % 256) ^ 2),
    ).equal,
    false,
  );
});

test("eleven far pixels in ten thousand are too many, whatever the PSNR", () => {
  const off = (count: number): Frame => frame(100, 100, (p) => (p < count ? (p % 256) + 9 : p % 256));
  assert.equal(compareFrames(ramp, off(10)).equal, true);
  const difference = compareFrames(ramp, off(11));
  assert.equal(difference.equal, false);
  assert.ok(difference.psnrDb > 50);
});

test("sizes must agree", () => {
  assert.match(
    compareFrames(
      ramp,
      frame(50, 200, () => 0),
    ).reason ?? "",
    /sizes/,
  );
});

test("one colour is noticed, one pixel of another colour too", () => {
  assert.equal(isOneColour(frame(8, 8, () => 77)), true);
  assert.equal(isOneColour(frame(8, 8, (p) => (p === 63 ? 78 : 77))), false);
});

test("spread takes the first and the last", () => {
  assert.deepEqual(spread(5, 30), [0, 1, 2, 3, 4]);
  const picked = spread(1000, 30);
  assert.equal(picked.length, 30);
  assert.equal(picked[0], 0);
  assert.equal(picked.at(-1), 999);
  assert.equal(new Set(picked).size, 30);
});
