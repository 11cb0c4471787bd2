/**
 * Frames and when two of them count as equal: byte-equal, or PSNR of at least 50 dB with at most 0.1 % of the pixels
 * off by more than 8/255 in any channel. A frame of one colour shows nothing and fails.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PNG } from "pngjs";

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** RGBA, 8 bits each, rows from the top, tight. */
  readonly pixels: Uint8Array;
}

export interface FrameDifference {
  readonly equal: boolean;
  readonly identical: boolean;
  /** Over all RGB channels, in dB; Infinity when identical. */
  readonly psnrDb: number;
  /** Pixels with a channel off by more than 8/255, as a share of all. */
  readonly farPixelShare: number;
  readonly maxChannelDifference: number;
  /** Why they are not equal. */
  readonly reason?: string;
}

export const MIN_PSNR_DB = 50;
export const MAX_FAR_PIXEL_SHARE = 0.001;
export const FAR_CHANNEL_DIFFERENCE = 8;

export function readFrame(path: string): Frame {
  const png = PNG.sync.read(readFileSync(path));
  return { width: png.width, height: png.height, pixels: png.data };
}

export function writeFrame(path: string, frame: Frame): void {
  const png = new PNG({ width: frame.width, height: frame.height });
  png.data.set(frame.pixels);
  for (let at = 3; at < png.data.length; at += 4) png.data[at] = 255; // colour is what a window shows
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, PNG.sync.write(png));
}

/** The PNG files of a folder in frame order (their names sort). */
export function listFrames(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => name.endsWith(".png"))
    .sort()
    .map((name) => join(directory, name));
}

/** Compares colour only: a window's alpha is not shown. */
export function compareFrames(a: Frame, b: Frame): FrameDifference {
  if (a.width !== b.width || a.height !== b.height) {
    const reason = `sizes ${a.width}x${a.height} and ${b.width}x${b.height}`;
    return { equal: false, identical: false, psnrDb: 0, farPixelShare: 1, maxChannelDifference: 255, reason };
  }
  let squares = 0;
  let farPixels = 0;
  let maxChannelDifference = 0;
  for (let at = 0; at < a.pixels.length; at += 4) {
    let worst = 0;
    for (let channel = at; channel < at + 3; channel++) {
      const difference = Math.abs((a.pixels[channel] ?? 0) - (b.pixels[channel] ?? 0));
      squares += difference * difference;
      if (difference > worst) worst = difference;
    }
    if (worst > FAR_CHANNEL_DIFFERENCE) farPixels++;
    if (worst > maxChannelDifference) maxChannelDifference = worst;
  }
  const pixelCount = a.width * a.height;
  const psnrDb = squares === 0 ? Infinity : 10 * Math.log10((255 * 255 * pixelCount * 3) / squares);
  const farPixelShare = farPixels / pixelCount;
  const equal = psnrDb >= MIN_PSNR_DB && farPixelShare <= MAX_FAR_PIXEL_SHARE;
  const result = { equal, identical: squares === 0, psnrDb, farPixelShare, maxChannelDifference };
  if (equal) return result;
  const reason = `PSNR ${psnrDb.toFixed(1)} dB, ${(farPixelShare * 100).toFixed(2)} % of pixels far off, worst ${maxChannelDifference}`;
  return { ...result, reason };
}

/** True when every pixel has the same colour. */
export function isOneColour(frame: Frame): boolean {
  const { pixels } = frame;
  for (let at = 4; at < pixels.length; at += 4) {
    if (pixels[at] !== pixels[0] || pixels[at + 1] !== pixels[1] || pixels[at + 2] !== pixels[2]) return false;
  }
  return true;
}

/** `count` indices spread over `total`, first and last included. */
export function spread(total: number, count: number): number[] {
  if (total <= count) return Array.from({ length: total }, (_, index) => index);
  const step = (total - 1) / (count - 1);
  return Array.from({ length: count }, (_, index) => Math.round(index * step));
}
