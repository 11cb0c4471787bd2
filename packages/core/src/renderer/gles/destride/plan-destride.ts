/**
 * How memory whose stride a host does not take can be imported all the same: as a picture of another shape over the same bytes, from which
 * one pass of the GPU picks the guest's pixels.
 */
import { fourccCode, strideMultipleFor, type ImageFormatRule, type ImageRules } from "../../../memory/index.js";

/** How a pixel is put together from texels of the imported picture. */
export const PixelOrder = {
  /** One texel is one pixel. */
  SAME: 0,
  /** One texel, red and blue exchanged. */
  SWAPPED: 1,
  /** Two texels of two bytes. */
  PAIRS: 2,
  /** Four texels of one byte. */
  BYTES: 3,
} as const;
export type PixelOrderCode = (typeof PixelOrder)[keyof typeof PixelOrder];

/** A linear picture in a buffer (a dma-buf, or what stands for one). All numbers were checked to lie in the buffer. */
export interface StridedPicture {
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;
  readonly bytesPerPixel: number;
  /** Of the first pixel. */
  readonly offsetBytes: number;
  /** Size of the buffer: nothing beyond is imported. */
  readonly bufferBytes: number;
  /** DRM fourcc that names the bytes as the target stores them. */
  readonly fourcc: number;
}

export interface DestridePlan {
  readonly fourcc: number;
  /** DRM modifier; null: none is named. */
  readonly modifier: bigint | null;
  /** Texels; every row is full: width × `texelBytes` = `strideBytes`. */
  readonly width: number;
  readonly height: number;
  readonly strideBytes: number;
  readonly offsetBytes: number;
  readonly texelBytes: number;
  /** Index of the guest's first pixel's first texel, counted along the rows. */
  readonly firstTexel: number;
  /** From one row of the guest to the next. */
  readonly texelsPerRow: number;
  readonly texelsPerPixel: number;
  readonly order: PixelOrderCode;
}

interface Candidate {
  readonly fourcc: number;
  readonly texelBytes: number;
  readonly order: PixelOrderCode;
}

const AB24 = fourccCode("AB24");
/** Ways to read pixels of four bytes of red, green, blue, alpha; the first that the host takes is used. */
const RGBA_CANDIDATES: readonly Candidate[] = [
  { fourcc: AB24, texelBytes: 4, order: PixelOrder.SAME },
  { fourcc: fourccCode("AR24"), texelBytes: 4, order: PixelOrder.SWAPPED },
  { fourcc: fourccCode("GR88"), texelBytes: 2, order: PixelOrder.PAIRS },
  { fourcc: fourccCode("R8  "), texelBytes: 1, order: PixelOrder.BYTES },
];

/**
 * Rows of the imported picture should be about this long: few rows, and no more beyond the end than must be. A multiple of what hosts
 * usually want, for those that nobody probed.
 */
const GOOD_STRIDE_BYTES = 7680;
/** EGL takes offsets and strides as 32-bit signed numbers; the pass counts texels in them. */
const INT_MAX = 2 ** 31 - 1;
/** Whole numbers that a uniform (a float) holds. */
const UNIFORM_MAX = 2 ** 24;
const LINEAR = 0n;

/** @returns null when the memory cannot be imported in any shape that this host takes */
export function planDestride(picture: StridedPicture, images: ImageRules): DestridePlan | null {
  if (!isPicture(picture)) return null;
  const candidates =
    picture.fourcc === AB24
      ? RGBA_CANDIDATES
      : [{ fourcc: picture.fourcc, texelBytes: picture.bytesPerPixel, order: PixelOrder.SAME }];
  for (const candidate of candidates) {
    const rule = images.formats.find(({ fourcc }) => fourcc === candidate.fourcc);
    if (rule === undefined ? images.formats.length > 0 : !rule.canSample) continue;
    const plan = fit(picture, candidate, images, rule);
    if (plan !== null) return plan;
  }
  return null;
}

/** Numbers of which later arithmetic is exact, and rows that do not overlap. */
function isPicture(picture: StridedPicture): boolean {
  const { width, height, strideBytes, bytesPerPixel, offsetBytes, bufferBytes } = picture;
  const areWhole = [width, height, strideBytes, bytesPerPixel, offsetBytes, bufferBytes].every(Number.isSafeInteger);
  if (!areWhole || width < 1 || height < 1 || bytesPerPixel < 1 || offsetBytes < 0) return false;
  const endBytes = offsetBytes + (height - 1) * strideBytes + width * bytesPerPixel;
  return strideBytes >= width * bytesPerPixel && endBytes <= bufferBytes;
}

function fit(
  picture: StridedPicture,
  { fourcc, texelBytes, order }: Candidate,
  images: ImageRules,
  rule: ImageFormatRule | undefined,
): DestridePlan | null {
  const { offsetMultipleBytes } = images;
  const offsetBytes = Math.floor(picture.offsetBytes / offsetMultipleBytes) * offsetMultipleBytes;
  const lead = picture.offsetBytes - offsetBytes;
  if (picture.bytesPerPixel % texelBytes !== 0) return null;
  if (lead % texelBytes !== 0 || picture.strideBytes % texelBytes !== 0) return null;
  const neededBytes = lead + (picture.height - 1) * picture.strideBytes + picture.width * picture.bytesPerPixel;
  const step = leastCommonMultiple(strideMultipleFor(images, texelBytes), texelBytes);
  const strideBytes = chooseStride(neededBytes, picture.bufferBytes - offsetBytes, step, texelBytes, images);
  if (strideBytes === 0 || offsetBytes + neededBytes > INT_MAX || picture.strideBytes > UNIFORM_MAX) return null;
  return {
    fourcc,
    modifier: rule !== undefined && rule.modifiers.length > 0 ? LINEAR : null,
    width: strideBytes / texelBytes,
    height: Math.ceil(neededBytes / strideBytes),
    strideBytes,
    offsetBytes,
    texelBytes,
    firstTexel: lead / texelBytes,
    texelsPerRow: picture.strideBytes / texelBytes,
    texelsPerPixel: picture.bytesPerPixel / texelBytes,
    order,
  };
}

/** A multiple of `step` whose full rows hold the needed bytes and end inside the buffer; 0: there is none. */
function chooseStride(
  neededBytes: number,
  availableBytes: number,
  step: number,
  texelBytes: number,
  { maxWidth, maxHeight }: ImageRules,
): number {
  const longest = Math.min(Math.max(GOOD_STRIDE_BYTES, step), maxWidth * texelBytes);
  const shortest = Math.ceil(neededBytes / maxHeight);
  for (let times = Math.floor(longest / step); times >= 1; times--) {
    const strideBytes = times * step;
    if (strideBytes < shortest) break;
    if (Math.ceil(neededBytes / strideBytes) * strideBytes <= availableBytes) return strideBytes;
  }
  // Tall pictures need longer rows than are good.
  for (let times = Math.ceil(Math.max(longest, shortest) / step); times * step <= maxWidth * texelBytes; times++) {
    const strideBytes = times * step;
    if (Math.ceil(neededBytes / strideBytes) * strideBytes <= availableBytes) return strideBytes;
  }
  return 0;
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b];
  while (y !== 0) [x, y] = [y, x % y];
  return (a / x) * b;
}
