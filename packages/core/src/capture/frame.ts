import { VirglFormat, virglFormatName } from "../virgl/index.js";

/** One presented frame as the client would have shown it. Row 0 is the top. */
export interface CapturedFrame {
  /** Counts from 0. */
  readonly index: number;
  readonly resourceId: number;
  readonly width: number;
  readonly height: number;
  /** A `VirglFormat`. */
  readonly format: number;
  /** Tight rows. Borrowed: valid until the callback returns. */
  readonly pixels: Uint8Array;
}

/** Bytes per pixel of the formats that clients present; 0 for others. */
export function presentPixelBytes(format: number): number {
  switch (format) {
    case VirglFormat.B8G8R8A8_UNORM:
    case VirglFormat.B8G8R8X8_UNORM:
    case VirglFormat.R8G8B8A8_UNORM:
    case VirglFormat.R8G8B8X8_UNORM:
    case VirglFormat.B8G8R8A8_SRGB:
    case VirglFormat.B8G8R8X8_SRGB:
    case VirglFormat.R8G8B8A8_SRGB:
    case VirglFormat.R8G8B8X8_SRGB:
    case VirglFormat.B10G10R10A2_UNORM:
    case VirglFormat.B10G10R10X2_UNORM:
    case VirglFormat.R10G10B10A2_UNORM:
    case VirglFormat.R10G10B10X2_UNORM:
      return 4;
    case VirglFormat.B5G6R5_UNORM:
      return 2;
    default:
      return 0;
  }
}

const BGRA: ReadonlySet<number> = new Set([
  VirglFormat.B8G8R8A8_UNORM,
  VirglFormat.B8G8R8X8_UNORM,
  VirglFormat.B8G8R8A8_SRGB,
  VirglFormat.B8G8R8X8_SRGB,
]);
const OPAQUE: ReadonlySet<number> = new Set([
  VirglFormat.B8G8R8X8_UNORM,
  VirglFormat.B8G8R8X8_SRGB,
  VirglFormat.R8G8B8X8_UNORM,
  VirglFormat.R8G8B8X8_SRGB,
  VirglFormat.B10G10R10X2_UNORM,
  VirglFormat.R10G10B10X2_UNORM,
]);

/**
 * Converts a frame to tight RGBA8 rows. X channels become 255. `out` holds at least `width * height * 4` bytes.
 * @throws {RangeError} for a format that `presentPixelBytes` does not know.
 */
export function frameToRgba(frame: CapturedFrame, out: Uint8Array): void {
  const count = frame.width * frame.height;
  if (presentPixelBytes(frame.format) === 0) throw new RangeError(`cannot show ${virglFormatName(frame.format)}`);
  if (frame.format === VirglFormat.B5G6R5_UNORM) return rgb565ToRgba(frame.pixels, count, out);
  const isTen = virglFormatName(frame.format).includes("10");
  if (isTen) return rgb10ToRgba(frame, count, out);
  const red = BGRA.has(frame.format) ? 2 : 0;
  const opaque = OPAQUE.has(frame.format);
  const { pixels } = frame;
  for (let i = 0; i < count * 4; i += 4) {
    out[i] = pixels[i + red]!;
    out[i + 1] = pixels[i + 1]!;
    out[i + 2] = pixels[i + 2 - red]!;
    out[i + 3] = opaque ? 255 : pixels[i + 3]!;
  }
}

function rgb565ToRgba(pixels: Uint8Array, count: number, out: Uint8Array): void {
  for (let i = 0; i < count; i++) {
    const word = pixels[i * 2]! | (pixels[i * 2 + 1]! << 8);
    out[i * 4] = Math.round(((word >>> 11) * 255) / 31);
    out[i * 4 + 1] = Math.round((((word >>> 5) & 63) * 255) / 63);
    out[i * 4 + 2] = Math.round(((word & 31) * 255) / 31);
    out[i * 4 + 3] = 255;
  }
}

function rgb10ToRgba(frame: CapturedFrame, count: number, out: Uint8Array): void {
  const view = new DataView(frame.pixels.buffer, frame.pixels.byteOffset, frame.pixels.byteLength);
  const isBgr = virglFormatName(frame.format).startsWith("B");
  const opaque = OPAQUE.has(frame.format);
  for (let i = 0; i < count; i++) {
    const word = view.getUint32(i * 4, true);
    const low = (word & 1023) >>> 2;
    const high = ((word >>> 20) & 1023) >>> 2;
    out[i * 4] = isBgr ? high : low;
    out[i * 4 + 1] = ((word >>> 10) & 1023) >>> 2;
    out[i * 4 + 2] = isBgr ? low : high;
    out[i * 4 + 3] = opaque ? 255 : (word >>> 30) * 85;
  }
}
