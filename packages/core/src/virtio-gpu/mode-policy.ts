/**
 * Modes whose rows a picky host can use: a classic guest allocates its screens as width × 4 bytes a row, so the mode decides whether
 * a scanout can be imported. Widths in pixels, 4 bytes each.
 */
import { type DisplayMode, EDID_BLOCK_BYTES, fixChecksum, writeTiming } from "./edid.js";

const BYTES_PER_PIXEL = 4;

/** Whether rows of this width are multiples of `strideMultipleBytes` (0 or 1: everything fits; any number, not only powers of two). */
export function rowFits(width: number, strideMultipleBytes: number): boolean {
  return strideMultipleBytes <= 1 || (width * BYTES_PER_PIXEL) % strideMultipleBytes === 0;
}

/** The mode, or the next narrower one whose rows fit; the mode itself when there is none. */
export function fitMode(mode: DisplayMode, strideMultipleBytes: number): DisplayMode {
  let { width } = mode;
  while (width > 0 && !rowFits(width, strideMultipleBytes)) width--;
  return width === 0 || width === mode.width ? mode : { ...mode, width };
}

/** Widths of the established timings, from the highest bit of byte 35. Spec: VESA E-EDID 1.4, table 3.18. */
const ESTABLISHED_WIDTHS = [
  720, 720, 640, 640, 640, 640, 800, 800, 800, 800, 832, 1024, 1024, 1024, 1024, 1280,
] as const;

/** Widths of the established timings III descriptor, from the highest bit of its byte 6. Spec: VESA E-EDID 1.4, table 3.31. */
const ESTABLISHED_3_WIDTHS = [
  ...[640, 640, 720, 640, 848, 800, 1024, 1152],
  ...[1280, 1280, 1280, 1280, 1280, 1280, 1280, 1280],
  ...[1360, 1440, 1440, 1440, 1440, 1400, 1400, 1400],
  ...[1400, 1680, 1680, 1680, 1680, 1600, 1600, 1600],
  ...[1600, 1600, 1792, 1792, 1856, 1856, 1920, 1920],
  ...[1920, 1920, 1920, 1920],
] as const;

/** Widths of the video codes of CTA-861 that a virtual monitor lists. */
const CTA_WIDTHS = [640, 720, 1280, 1440, 1680, 1920, 2560, 2880, 3840, 4096] as const;

const DETAILED_AT = [54, 72, 90, 108] as const;
const DESCRIPTOR_BYTES = 18;
const TAG_ESTABLISHED_3 = 0xf7;
const TAG_STANDARD_TIMINGS = 0xfa;
const TAG_CVT_CODES = 0xf8;
const TAG_DUMMY = 0x10;
const CTA_EXTENSION = 2;

/**
 * Somebody else's EDID without the modes whose rows do not fit; a preferred mode that does not is made narrower. Identity, size and
 * colours stay. Of the extensions
 * a first one of CTA-861 stays, when all of its modes fit.
 */
export function filterEdid(edid: Uint8Array, strideMultipleBytes: number): Uint8Array {
  if (strideMultipleBytes <= 1 || edid.length < EDID_BLOCK_BYTES) return edid;
  // What follows the announced extensions is padding; QEMU's answer has eight blocks.
  const hasCta = edid.length >= 2 * EDID_BLOCK_BYTES && edid[126]! > 0 && edid[EDID_BLOCK_BYTES] === CTA_EXTENSION;
  const keepsCta = hasCta && CTA_WIDTHS.every((width) => rowFits(width, strideMultipleBytes));
  const out = edid.slice(0, keepsCta ? 2 * EDID_BLOCK_BYTES : EDID_BLOCK_BYTES);
  out[126] = keepsCta ? 1 : 0;
  clearBits(out, 35, ESTABLISHED_WIDTHS, strideMultipleBytes);
  filterStandardTimings(out.subarray(38, 54), strideMultipleBytes);
  DETAILED_AT.forEach((at, i) =>
    filterDescriptor(out.subarray(at, at + DESCRIPTOR_BYTES), i === 0, strideMultipleBytes),
  );
  fixChecksum(out.subarray(0, EDID_BLOCK_BYTES));
  if (keepsCta) {
    const block = out.subarray(EDID_BLOCK_BYTES);
    const first = block[2]!;
    for (let at = first; first >= 4 && at + DESCRIPTOR_BYTES < EDID_BLOCK_BYTES; at += DESCRIPTOR_BYTES) {
      const descriptor = block.subarray(at, at + DESCRIPTOR_BYTES);
      if (isTiming(descriptor) && !rowFits(activeWidth(descriptor), strideMultipleBytes)) descriptor.fill(0);
    }
    fixChecksum(block);
  }
  return out;
}

function clearBits(bytes: Uint8Array, at: number, widths: readonly number[], strideMultipleBytes: number): void {
  widths.forEach((width, bit) => {
    if (!rowFits(width, strideMultipleBytes)) bytes[at + (bit >> 3)]! &= ~(0x80 >> (bit & 7));
  });
}

/** Pairs of bytes: width / 8 - 31, then aspect and rate; 0x0101 is unused. */
function filterStandardTimings(block: Uint8Array, strideMultipleBytes: number): void {
  for (let at = 0; at + 1 < block.length; at += 2) {
    if (!rowFits((block[at]! + 31) * 8, strideMultipleBytes)) block[at] = block[at + 1] = 1;
  }
}

function filterDescriptor(block: Uint8Array, isPreferred: boolean, strideMultipleBytes: number): void {
  if (isTiming(block)) {
    if (rowFits(activeWidth(block), strideMultipleBytes)) return;
    if (isPreferred) narrowTiming(block, strideMultipleBytes);
    else makeDummy(block);
    return;
  }
  if (block[3] === TAG_ESTABLISHED_3) clearBits(block, 6, ESTABLISHED_3_WIDTHS, strideMultipleBytes);
  if (block[3] === TAG_STANDARD_TIMINGS) filterStandardTimings(block.subarray(5, 17), strideMultipleBytes);
  if (block[3] === TAG_CVT_CODES) makeDummy(block);
}

function narrowTiming(block: Uint8Array, strideMultipleBytes: number): void {
  const clock = (block[0]! | (block[1]! << 8)) * 10_000;
  const total = (at: number): number => activeAt(block, at) + (block[at + 1]! | ((block[at + 2]! & 0xf) << 8));
  const refresh = Math.max(1, Math.round(clock / (total(2) * total(5))));
  const mode = fitMode({ width: activeWidth(block), height: activeAt(block, 5), refresh }, strideMultipleBytes);
  const widthMm = block[12]! | ((block[14]! & 0xf0) << 4);
  const heightMm = block[13]! | ((block[14]! & 0xf) << 8);
  writeTiming(block, mode, widthMm, heightMm);
}

function makeDummy(block: Uint8Array): void {
  block.fill(0);
  block[3] = TAG_DUMMY;
}

function isTiming(block: Uint8Array): boolean {
  return block[0] !== 0 || block[1] !== 0;
}

function activeWidth(block: Uint8Array): number {
  return activeAt(block, 2);
}

/** Active pixels or lines of a detailed timing: low byte at `at`, high bits two bytes on. */
function activeAt(block: Uint8Array, at: number): number {
  return block[at]! | ((block[at + 2]! & 0xf0) << 4);
}
