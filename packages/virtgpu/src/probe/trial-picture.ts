/** Writes a known picture into memory, and compares what a draw or the memory shows of it. Only corners of large pictures are looked at. */
import { encodeTexel, texelMask, type Rgba, type TrialFormat } from "./trial-format.js";

export interface PictureShape {
  readonly width: number;
  readonly height: number;
  readonly offsetBytes: number;
  readonly strideBytes: number;
}

interface Window {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const WINDOW = 16;
/** Drivers round in their own ways. */
const TOLERANCE = 1;

/** From the first byte to behind the last. */
export function endOfPicture(shape: PictureShape, format: TrialFormat): number {
  return shape.offsetBytes + (shape.height - 1) * shape.strideBytes + shape.width * format.bytesPerTexel;
}

/** The corner at the start and the one at the end. */
export function windowsOf({ width, height }: PictureShape): readonly Window[] {
  const [w, h] = [Math.min(WINDOW, width), Math.min(WINDOW, height)];
  const first = { x: 0, y: 0, width: w, height: h };
  return w === width && h === height ? [first] : [first, { ...first, x: width - w, y: height - h }];
}

/** No two neighbours alike, and every bit of a coordinate counts. */
function colourAt(x: number, y: number, seed: number): Rgba {
  const mixed =
    (Math.imul(x + 1, 0x9e37_79b1) ^ Math.imul(y + 1, 0x85eb_ca77) ^ Math.imul(seed + 1, 0xc2b2_ae3d)) >>> 0;
  return [mixed >>> 24, (mixed >>> 16) & 255, (mixed >>> 8) & 255, mixed & 255];
}

/** Writes what is looked at of picture number `seed`. */
export function writePicture(memory: Uint8Array, shape: PictureShape, format: TrialFormat, seed: number): void {
  for (const window of windowsOf(shape)) {
    for (let y = window.y; y < window.y + window.height; y++) {
      for (let x = window.x; x < window.x + window.width; x++) {
        const [bytes] = encodeTexel(format, colourAt(x, y, seed));
        memory.set(bytes, shape.offsetBytes + y * shape.strideBytes + x * format.bytesPerTexel);
      }
    }
  }
}

/** Whether `sample` shows picture number `seed`. */
export function showsPicture(
  sample: (window: Window) => Uint8Array | null,
  shape: PictureShape,
  format: TrialFormat,
  seed: number,
): boolean {
  return windowsOf(shape).every((window) => {
    const pixels = sample(window);
    if (pixels === null) return false;
    for (let row = 0; row < window.height; row++) {
      for (let column = 0; column < window.width; column++) {
        const [, seen] = encodeTexel(format, colourAt(window.x + column, window.y + row, seed));
        const at = (row * window.width + column) * 4;
        if (seen.some((value, channel) => Math.abs(value - pixels[at + channel]!) > TOLERANCE)) return false;
      }
    }
    return true;
  });
}

/** Every channel at an extreme, which all formats hold exactly. */
export const CLEAR_COLOUR: Rgba = [255, 0, 255, 255];

/** Whether memory holds the colour that the GPU filled the picture with. */
export function holdsClear(memory: Uint8Array, shape: PictureShape, format: TrialFormat): boolean {
  const [wanted] = encodeTexel(format, CLEAR_COLOUR);
  const mask = texelMask(format);
  return windowsOf(shape).every((window) => {
    for (let y = window.y; y < window.y + window.height; y++) {
      for (let x = window.x; x < window.x + window.width; x++) {
        const at = shape.offsetBytes + y * shape.strideBytes + x * format.bytesPerTexel;
        if (wanted.some((byte, index) => ((memory[at + index]! ^ byte) & mask[index]!) !== 0)) return false;
      }
    }
    return true;
  });
}
