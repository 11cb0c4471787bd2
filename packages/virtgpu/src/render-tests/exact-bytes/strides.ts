/** Strides as a hostile guest chooses them: those that are right, those that are nearly right, and those whose quotients become 0. */
import type { Random } from "@virtgpu/core/testing";

/** Around what 32-bit arithmetic holds, signed and unsigned. */
const HUGE = [0x10000, 0x3fffffff, 0x7ffffffc, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff];

/** Bytes from row to row; 0: tight. @param rowBytes what a row takes, at least `texelBytes` */
export function randomStride(random: Random, texelBytes: number, rowBytes: number): number {
  switch (random.below(10)) {
    case 0:
    case 1:
      return 0;
    case 2:
      return rowBytes;
    case 3:
      return rowBytes + texelBytes * random.below(5);
    case 4:
      return rowBytes + random.below(9);
    case 5:
      return rowBytes * 2;
    case 6:
      return 1 + random.below(rowBytes);
    case 7:
      return texelBytes * (1 + random.below(Math.ceil(rowBytes / texelBytes)));
    case 8:
      return 1 + random.below(texelBytes);
    default:
      return random.oneIn(8) ? random.pick(HUGE) : 1 + random.below(rowBytes * 3);
  }
}

/** Bytes from layer to layer; 0: tight. @param strideBytes that of the rows, with 0 replaced */
export function randomLayerStride(random: Random, strideBytes: number, rows: number, rowBytes: number): number {
  const used = strideBytes * (rows - 1) + rowBytes;
  switch (random.below(9)) {
    case 0:
    case 1:
      return 0;
    case 2:
      return used >>> 0;
    case 3:
      return (used + random.below(17)) >>> 0;
    case 4:
      return (strideBytes * rows) >>> 0;
    case 5:
      return (strideBytes * (rows + random.below(4))) >>> 0;
    case 6:
      return (rowBytes * (rows + random.below(3))) >>> 0;
    case 7:
      return random.below(used) >>> 0;
    default:
      return random.oneIn(8) ? random.pick(HUGE) : random.below(used * 2 + 1);
  }
}

/** How many bytes there are for something that needs `neededBytes`: mostly just enough, often one too few. */
export function randomLength(random: Random, neededBytes: number, limitBytes: number): number {
  const wanted = random.oneIn(2)
    ? neededBytes
    : random.oneIn(2)
      ? neededBytes + random.below(64)
      : neededBytes - 1 - random.below(random.oneIn(2) ? 4 : neededBytes + 1);
  return Math.min(Math.max(0, wanted), limitBytes);
}
