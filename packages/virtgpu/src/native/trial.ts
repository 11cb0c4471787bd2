import { addon, type AddonDisplayDevice } from "./addon.js";

/** A picture in a dma-buf or in what stands for one. Bounds are the caller's: drivers check none. */
export interface TrialPicture {
  readonly fd: number;
  readonly width: number;
  readonly height: number;
  /** DRM fourcc. */
  readonly fourcc: number;
  readonly offsetBytes: number;
  readonly strideBytes: number;
  /** 16 hexadecimal digits; undefined: none is named. */
  readonly modifier?: string;
}

/** LINEAR of drm_fourcc.h. */
export const LINEAR_MODIFIER = "0000000000000000";

const words = new Int32Array(9);

/**
 * Imports a picture in place of the one before. For a process of its own: the driver may crash.
 * @returns 0; the EGL error of the image; 65536 + the GL error of the texture; -1: EGL or GL lacks the functions; -2: no error was told
 */
export function trialImport(picture: TrialPicture): number {
  const { modifier } = picture;
  words[0] = picture.width;
  words[1] = picture.height;
  words[2] = picture.fourcc;
  words[3] = picture.fd;
  words[4] = picture.offsetBytes;
  words[5] = picture.strideBytes;
  words[6] = modifier === undefined ? 0 : 1;
  words[7] = modifier === undefined ? 0 : Number.parseInt(modifier.slice(8), 16);
  words[8] = modifier === undefined ? 0 : Number.parseInt(modifier.slice(0, 8), 16);
  return addon().trialImport(words);
}

/** What a draw sees of the imported picture there: RGBA bytes, at most 64 by 64 texels. @returns null when it could not be drawn */
export function trialSample(x: number, y: number, width: number, height: number): Uint8Array | null {
  const out = new Uint8Array(width * height * 4);
  return addon().trialSample(x, y, width, height, out) === 0 ? out : null;
}

/** Fills the imported picture with a colour by the GPU and waits. @returns false when it cannot be rendered to */
export function trialClear(rgba: readonly [number, number, number, number]): boolean {
  return addon().trialClear(...rgba) === 0;
}

/** Ends the import. */
export function trialRelease(): void {
  addon().trialRelease();
}

const measured = new Float64Array(2);

/** Time to draw the imported picture ÷ time to draw a copy of the driver's own: the best of some rounds. Null: it failed. */
export function trialSampleCost(width: number, height: number, rounds: number): number | null {
  if (addon().trialMeasure(width, height, rounds, measured) !== 0) return null;
  const [imported = 0, own = 0] = measured;
  return own > 0 ? imported / own : null;
}

/** Whether memory of ours can be a buffer object of GL's (GL_AMD_pinned_memory), and GL sees what is written to it later. */
export function trialPin(bytes: Uint8Array, offsetBytes: number, lengthBytes: number): boolean {
  return addon().trialPin(bytes, offsetBytes, lengthBytes) === 0;
}

/**
 * Whether a dma-buf of the bytes can be a buffer object of GL's (GL_EXT_memory_object_fd), and each side sees what the other writes.
 * @param isSynced they tell each other by DMA_BUF_IOCTL_SYNC
 * @returns 0: it can; 1: GL works on a copy; 2: what GL writes does not arrive; the GL error; negative: see `glImportProblem`
 */
export function trialMemoryObject(bytes: Uint8Array, lengthBytes: number, fd: number, isSynced: boolean): number {
  return addon().trialMemoryObject(bytes, lengthBytes, fd, isSynced);
}

/** A crash of this process, which is to be expected, leaves no core file. */
export function forbidCoreFiles(): void {
  addon().trialNoCoreFiles();
}

/** A DRM fourcc with its modifiers. */
export interface DriverFormat {
  readonly fourcc: number;
  /** 16 hexadecimal digits each; only those that are offered as ordinary textures. */
  readonly modifiers: readonly string[];
}

/** The formats that the driver says it imports (EGL_EXT_image_dma_buf_import_modifiers); null when it tells none. */
export function driverFormats(): readonly DriverFormat[] | null {
  const rows = addon().trialFormats();
  if (rows === undefined) return null;
  return rows.map(({ fourcc, modifiers }) => ({ fourcc, modifiers: modifiers.filter((text) => !text.endsWith("!")) }));
}

/** The EGL device behind the open display (EGL_EXT_device_query); null when EGL cannot tell. */
export function displayDevice(): AddonDisplayDevice | null {
  return addon().trialDevice() ?? null;
}

/** Where pages lie in physical memory, as far as the kernel tells. */
export interface PageFrames {
  readonly pages: number;
  /** Pages whose frame the kernel does not tell: all of them without CAP_SYS_ADMIN. */
  readonly unknownPages: number;
  /** Physical address of the last byte of the page that lies highest. */
  readonly highestAddress: number;
}

const frames = new Float64Array(3);

/**
 * Where the pages of shared memory lie now, by /proc/self/pagemap. Holes are filled with zero pages first. Pages that nobody pins may move
 * afterwards. @returns null when the kernel refuses altogether.
 */
export function pageFrames(fd: number, offsetBytes: number, lengthBytes: number): PageFrames | null {
  if (addon().pageFrames(fd, offsetBytes, lengthBytes, frames) < 0) return null;
  return { pages: frames[0]!, unknownPages: frames[1]!, highestAddress: frames[2]! };
}
