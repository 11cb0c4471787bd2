/**
 * EDID of a virtual monitor. Spec: VESA Enhanced EDID Standard 1.4, base block of 128 bytes with one detailed timing
 * descriptor (the preferred mode), a name, a serial number and range limits. Linux takes the display's modes from it.
 */

/** A display mode: what the guest is told it can show. */
export interface DisplayMode {
  /** Pixels, 1 to 4095: what a detailed timing descriptor can carry. */
  readonly width: number;
  /** Pixels, 1 to 4095. */
  readonly height: number;
  /** Hertz. */
  readonly refresh: number;
}

/** What an EDID tells the guest of its monitor. */
export interface EdidOptions {
  readonly preferred: DisplayMode;
  /** Up to 13 ASCII characters. */
  readonly name: string;
  /** Distinguishes the scanouts of one device. */
  readonly serial: number;
  /** Dots per inch, from which the physical size follows. Default 96. */
  readonly dpi?: number;
  /** Further modes are listed only when `width × 4` is a multiple of it. Default: all. The preferred mode is as given. */
  readonly strideMultipleBytes?: number;
}

export const EDID_BLOCK_BYTES = 128;
const MAX_ACTIVE = 4095;
const MM_PER_INCH = 25.4;

/** Whether a detailed timing descriptor can carry the mode. */
export function fitsEdid(mode: DisplayMode): boolean {
  const t = timing(mode);
  return (
    mode.width >= 1 &&
    mode.height >= 1 &&
    mode.width <= MAX_ACTIVE &&
    mode.height <= MAX_ACTIVE &&
    t.clock10kHz <= 0xffff
  );
}

/** One base block. @throws {RangeError} when the mode does not fit (`fitsEdid`): modes are ours, not the guest's. */
export function makeEdid(options: EdidOptions): Uint8Array {
  const { preferred } = options;
  if (!fitsEdid(preferred)) {
    throw new RangeError(
      `mode ${preferred.width}x${preferred.height}@${preferred.refresh} does not fit into an EDID timing`,
    );
  }
  const edid = new Uint8Array(EDID_BLOCK_BYTES);
  const view = new DataView(edid.buffer);
  const dpi = options.dpi ?? 96;
  const widthMm = Math.round((preferred.width / dpi) * MM_PER_INCH);
  const heightMm = Math.round((preferred.height / dpi) * MM_PER_INCH);
  edid.set([0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0], 0);
  view.setUint16(8, manufacturer("VGP"));
  view.setUint16(10, 1, true);
  view.setUint32(12, options.serial, true);
  edid.set([0, 36, 1, 4], 16); // week unknown, year 1990 + 36; version 1.4
  edid[20] = 0xa5; // digital, 8 bits a colour, DisplayPort
  edid[21] = Math.min(255, Math.round(widthMm / 10));
  edid[22] = Math.min(255, Math.round(heightMm / 10));
  edid[23] = 120; // gamma 2.2
  edid[24] = 0x06; // RGB 4:4:4, sRGB is the default, the first timing is the native mode
  edid.set(SRGB_CHROMATICITY, 25);
  const fits = (width: number): boolean => (width * 4) % (options.strideMultipleBytes ?? 1) === 0;
  edid[35] = (fits(640) ? ESTABLISHED_640_480 : 0) | (fits(800) ? ESTABLISHED_800_600 : 0);
  edid[36] = fits(1024) ? ESTABLISHED_1024_768 : 0;
  writeStandardTimings(edid.subarray(38, 54), fits);
  writeTiming(edid.subarray(54, 72), preferred, widthMm, heightMm);
  writeText(edid.subarray(72, 90), 0xfc, options.name);
  writeText(edid.subarray(90, 108), 0xff, String(options.serial));
  writeRanges(edid.subarray(108, 126), preferred);
  fixChecksum(edid);
  return edid;
}

/** Makes the sum of a block's bytes 0. */
export function fixChecksum(block: Uint8Array): void {
  let sum = 0;
  for (let i = 0; i < EDID_BLOCK_BYTES - 1; i++) sum += block[i]!;
  block[EDID_BLOCK_BYTES - 1] = -sum & 0xff;
}

/** Established timings, all at 60 Hz: bits of bytes 35 and 36. */
const ESTABLISHED_640_480 = 1 << 5;
const ESTABLISHED_800_600 = 1 << 0;
const ESTABLISHED_1024_768 = 1 << 3;

/** Further modes at 60 Hz that guests may choose: width and the code of its aspect ratio. Every row is a multiple of 256 bytes. */
const STANDARD_TIMINGS = [
  [1280, 3], // 1280 x 720
  [1280, 0], // 1280 x 800
  [1280, 2], // 1280 x 1024
  [1600, 1], // 1600 x 1200
  [1600, 3], // 1600 x 900
  [1920, 3], // 1920 x 1080
  [1920, 0], // 1920 x 1200
] as const;

/** Two bytes each: width / 8 - 31; aspect ratio in bits 6-7 (0: 16:10, 1: 4:3, 2: 5:4, 3: 16:9), refresh - 60. 0x0101: unused. */
function writeStandardTimings(block: Uint8Array, fits: (width: number) => boolean): void {
  block.fill(1);
  STANDARD_TIMINGS.filter(([width]) => fits(width)).forEach(([width, aspect], i) => {
    block[2 * i] = width / 8 - 31;
    block[2 * i + 1] = aspect << 6;
  });
}

/** The primaries and white point of sRGB, packed as in the base block. */
const SRGB_CHROMATICITY = [0xee, 0x91, 0xa3, 0x54, 0x4c, 0x99, 0x26, 0x0f, 0x50, 0x54];

/** Blanking in the manner of VESA CVT reduced blanking: 160 pixels beside, at least 460 µs above. */
function timing(mode: DisplayMode) {
  const horizontalBlank = 160;
  const lineTime = (1e6 / mode.refresh - 460) / mode.height;
  const verticalBlank = Math.min(255, Math.max(14, Math.floor(460 / lineTime) + 1));
  const clock = (mode.width + horizontalBlank) * (mode.height + verticalBlank) * mode.refresh;
  return { horizontalBlank, verticalBlank, clock10kHz: Math.round(clock / 10_000) };
}

/** A detailed timing descriptor of 18 bytes. */
export function writeTiming(block: Uint8Array, mode: DisplayMode, widthMm: number, heightMm: number): void {
  const { horizontalBlank, verticalBlank, clock10kHz } = timing(mode);
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength);
  view.setUint16(0, clock10kHz, true);
  block[2] = mode.width & 0xff;
  block[3] = horizontalBlank & 0xff;
  block[4] = ((mode.width >> 8) << 4) | (horizontalBlank >> 8);
  block[5] = mode.height & 0xff;
  block[6] = verticalBlank & 0xff;
  block[7] = ((mode.height >> 8) << 4) | (verticalBlank >> 8);
  block[8] = 48; // horizontal front porch
  block[9] = 32; // horizontal sync width
  block[10] = (3 << 4) | 5; // vertical front porch and sync width
  block[11] = 0;
  block[12] = widthMm & 0xff;
  block[13] = heightMm & 0xff;
  block[14] = ((widthMm >> 8) << 4) | ((heightMm >> 8) & 0xf);
  block[17] = 0x1e; // digital separate sync, both positive
}

/** A display descriptor with text: ends with a line feed, padded with spaces. */
function writeText(block: Uint8Array, tag: number, text: string): void {
  block[3] = tag;
  const body = block.subarray(5, 18);
  body.fill(0x20);
  const count = Math.min(text.length, 13);
  for (let i = 0; i < count; i++) body[i] = text.charCodeAt(i) & 0x7f;
  if (count < 13) body[count] = 0x0a;
}

function writeRanges(block: Uint8Array, mode: DisplayMode): void {
  const { verticalBlank, clock10kHz } = timing(mode);
  const lineKHz = ((mode.height + verticalBlank) * mode.refresh) / 1000;
  block[3] = 0xfd;
  block[5] = Math.max(1, Math.min(255, mode.refresh - 10));
  block[6] = Math.min(255, mode.refresh + 10);
  block[7] = Math.max(1, Math.min(255, Math.floor(lineKHz) - 5));
  block[8] = Math.min(255, Math.ceil(lineKHz) + 5);
  block[9] = Math.min(255, Math.ceil(clock10kHz / 1000) + 1);
  block[10] = 1; // range limits only
  block[11] = 0x0a;
  block.fill(0x20, 12, 18);
}

/** Three letters in five bits each, big-endian. */
function manufacturer(letters: string): number {
  const code = (i: number): number => letters.charCodeAt(i) - 64;
  return (code(0) << 10) | (code(1) << 5) | code(2);
}
