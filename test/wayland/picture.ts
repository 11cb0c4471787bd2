import assert from "node:assert/strict";
import type { Rect } from "@virtgpu/core/virtio-gpu";
import type { Picture } from "./screenshot.js";
import { BACKGROUND } from "./weston.js";

/** A pattern in which neighbours differ and no pixel is black or the desktop's: 0xRRGGBB. */
export function patternPixel(x: number, y: number, seed: number): number {
  return (((x * 7 + seed * 31) & 0xff) << 16) | (((y * 5 + seed * 17) & 0xff) << 8) | ((x + y + seed * 101) & 0xff) | 1;
}

/** Paints the pattern into B8G8R8X8 memory. */
export function paint(bytes: Uint8Array, offsetBytes: number, strideBytes: number, part: Rect, seed: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let y = part.y; y < part.y + part.height; y++) {
    for (let x = part.x; x < part.x + part.width; x++)
      view.setUint32(offsetBytes + y * strideBytes + 4 * x, (0xff00_0000 | patternPixel(x, y, seed)) >>> 0, true);
  }
}

/** Where the one window on the desktop is. 0 × 0 when there is none. @throws {Error} when it is not of `size` */
export function findWindow(picture: Picture, size?: { readonly width: number; readonly height: number }): Rect {
  let [left, top, right, bottom] = [picture.width, picture.height, -1, -1];
  picture.pixels.forEach((pixel, i) => {
    if (pixel === BACKGROUND) return;
    const x = i % picture.width;
    const y = (i - x) / picture.width;
    [left, top, right, bottom] = [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)];
  });
  const found = { x: left, y: top, width: Math.max(0, right - left + 1), height: Math.max(0, bottom - top + 1) };
  if (size !== undefined)
    assert.deepEqual({ width: found.width, height: found.height }, { width: size.width, height: size.height });
  return found;
}

/** The picture shows exactly `expected(x, y)`, counted from the corner of `part` (default: everything). */
export function assertPicture(
  picture: Picture,
  expected: (x: number, y: number) => number,
  part: Rect = { x: 0, y: 0, width: picture.width, height: picture.height },
): void {
  let wrong = 0;
  let first = "";
  for (let y = part.y; y < part.y + part.height; y++) {
    for (let x = part.x; x < part.x + part.width; x++) {
      const is = picture.pixels[y * picture.width + x]!;
      const should = expected(x - part.x, y - part.y);
      if (is === should) continue;
      if (wrong++ === 0) first = `(${x}, ${y}) is ${is.toString(16)}, not ${should.toString(16)}`;
    }
  }
  assert.equal(wrong, 0, `${wrong} wrong pixels; the first at ${first}`);
}
