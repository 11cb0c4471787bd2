/** Random texels for round trips. For tests. */
import { GL as G } from "@virtgpu/core/gl";
import type { FormatRow } from "@virtgpu/core/renderer/gles";

/** A small generator with the same numbers every run (xorshift32). */
export function random(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
}

/** Fills a row with texels that a GL format keeps bit by bit: no NaNs, no second name for a value. */
export function fillRow(row: FormatRow, bytes: Uint8Array, next: () => number): void {
  for (let i = 0; i < bytes.length; i++) bytes[i] = next() >>> 11;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const each = (step: number, fix: (at: number) => void): void => {
    for (let at = 0; at + step <= bytes.length; at += step) fix(at);
  };
  if (row.isDepth && row.isFloat) {
    each(row.blockBytes, (at) => view.setFloat32(at, (next() >>> 8) / 2 ** 24, true));
  } else if (row.type === G.FLOAT) {
    each(4, (at) => view.setFloat32(at, ((next() >>> 8) / 2 ** 24 - 0.5) * 1000, true));
  } else if (row.type === G.HALF_FLOAT) {
    // Exponents 1 to 30: neither denormals nor NaNs.
    each(2, (at) => view.setUint16(at, (next() & 0x83ff) | ((1 + (next() % 30)) << 10), true));
  } else if (row.type === G.UNSIGNED_INT_10F_11F_11F_REV) {
    const small = (mantissa: number) => ((1 + (next() % 30)) << mantissa) | (next() & ((1 << mantissa) - 1));
    each(4, (at) => view.setUint32(at, (small(6) | (small(6) << 11) | (small(5) << 22)) >>> 0, true));
  } else if (row.type === G.UNSIGNED_INT_5_9_9_9_REV) {
    // The largest mantissa has its top bit set: the form that encoders choose.
    each(4, (at) => view.setUint32(at, ((next() & 0x7ffffff) | 0x100 | ((next() % 31) << 27)) >>> 0, true));
  } else if (row.isSnorm && row.type === G.BYTE) {
    each(1, (at) => bytes[at] === 0x80 && (bytes[at] = 0x81));
  } else if (row.isSnorm && row.type === G.SHORT) {
    each(2, (at) => view.getUint16(at, true) === 0x8000 && view.setUint16(at, 0x8001, true));
  }
}

/** Which bits of a texel's bytes are contents. */
export function contentMask(row: FormatRow): Uint8Array {
  const mask = new Uint8Array(row.blockBytes).fill(0xff);
  if (row.name === "Z32_FLOAT_S8X24_UINT") mask.fill(0, 5);
  return mask;
}
