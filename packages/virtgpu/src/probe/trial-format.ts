/** DRM formats (drm_fourcc.h) as the probe writes and reads them: which bits of a little-endian texel are which channel. */

type Channel = "r" | "g" | "b" | "a" | "x";

export interface TrialFormat {
  /** The four characters of the fourcc. */
  readonly name: string;
  readonly bytesPerTexel: number;
  /** Lowest bits first. */
  readonly channels: readonly (readonly [Channel, bits: number])[];
  readonly isHalfFloat: boolean;
}

function format(name: string, order: string, bits: readonly number[], isHalfFloat = false): TrialFormat {
  const channels = order.split("").map((channel, index) => [channel as Channel, bits[index] ?? bits[0]!] as const);
  const total = channels.reduce((sum, [, count]) => sum + count, 0);
  return { name, bytesPerTexel: total / 8, channels, isHalfFloat };
}

/** What scanouts and textures of guests have. The first is what most desktops draw. */
export const TRIAL_FORMATS: readonly TrialFormat[] = [
  format("XR24", "bgrx", [8]),
  format("AR24", "bgra", [8]),
  format("XB24", "rgbx", [8]),
  format("AB24", "rgba", [8]),
  format("RX24", "xbgr", [8]),
  format("RA24", "abgr", [8]),
  format("BX24", "xrgb", [8]),
  format("BA24", "argb", [8]),
  format("R8  ", "r", [8]),
  format("GR88", "rg", [8]),
  format("R16 ", "r", [16]),
  format("GR32", "rg", [16]),
  format("RG16", "bgr", [5, 6, 5]),
  format("AR15", "bgra", [5, 5, 5, 1]),
  format("AR12", "bgra", [4]),
  format("XR30", "bgrx", [10, 10, 10, 2]),
  format("AR30", "bgra", [10, 10, 10, 2]),
  format("XB30", "rgbx", [10, 10, 10, 2]),
  format("AB30", "rgba", [10, 10, 10, 2]),
  format("AB48", "rgba", [16]),
  format("XB4H", "rgbx", [16], true),
  format("AB4H", "rgba", [16], true),
];

/** @throws {Error} for a name that is not in the table */
export function trialFormat(name: string): TrialFormat {
  const found = TRIAL_FORMATS.find((row) => row.name === name);
  if (found === undefined) throw new Error(`there is no format ${name}`);
  return found;
}

export type Rgba = readonly [number, number, number, number];

/** The texel's bytes for a colour (0 to 255 a channel), and the colour that a draw sees of them. */
export function encodeTexel({ channels, bytesPerTexel, isHalfFloat }: TrialFormat, colour: Rgba): [Uint8Array, Rgba] {
  const bytes = new Uint8Array(bytesPerTexel);
  const seen: [number, number, number, number] = [0, 0, 0, 255];
  let at = 0;
  for (const [channel, bits] of channels) {
    const index = "rgba".indexOf(channel);
    const most = 2 ** bits - 1;
    const value = index < 0 ? 0 : colour[index]!;
    const whole = isHalfFloat ? toHalf(value / 255) : Math.round((value / 255) * most);
    putBits(bytes, at, bits, whole);
    if (index >= 0) seen[index] = isHalfFloat ? value : Math.round((whole / most) * 255);
    at += bits;
  }
  return [bytes, seen];
}

/** Bits of a texel that carry something: the others may be anything after a draw. */
export function texelMask({ channels, bytesPerTexel }: TrialFormat): Uint8Array {
  const mask = new Uint8Array(bytesPerTexel);
  let at = 0;
  for (const [channel, bits] of channels) {
    if (channel !== "x") putBits(mask, at, bits, 2 ** bits - 1);
    at += bits;
  }
  return mask;
}

function putBits(bytes: Uint8Array, at: number, bits: number, value: number): void {
  for (let bit = 0; bit < bits; bit++) {
    if (Math.floor(value / 2 ** bit) % 2 === 1) bytes[(at + bit) >> 3]! |= 1 << ((at + bit) & 7);
  }
}

/** IEEE 754 half precision of a number in [0, 1], cut off below. */
function toHalf(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(value));
  if (exponent < -14) return Math.floor(value * 2 ** 24);
  return (exponent + 15) * 1024 + Math.floor((value / 2 ** exponent - 1) * 1024);
}
