/**
 * Reads the numbers of immediates into 32-bit patterns. Floats come as hex words (TGSI_DUMP_FLOAT_AS_HEX) from Mesa's
 * virgl driver and as decimals from old guests and from people; NaN and infinity are spelled as printf does.
 */
const floatWord = new Float32Array(1);
const uintWord = new Uint32Array(floatWord.buffer);

export function floatToBits(value: number): number {
  floatWord[0] = value;
  return uintWord[0] ?? 0;
}

export function bitsToFloat(bits: number): number {
  uintWord[0] = bits;
  return floatWord[0] ?? 0;
}

const HEX = /^0x[0-9a-fA-F]{1,8}$/;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/;
const INTEGER = /^[+-]?\d{1,10}$/;

/** The bit pattern of a FLT32 word, or null when it is not a number. Values too large become infinity. */
export function parseFloatWord(text: string): number | null {
  if (HEX.test(text)) return Number(text);
  if (DECIMAL.test(text)) return floatToBits(Number(text));
  const bare = text.replace(/^[+-]/, "").toLowerCase();
  const sign = text.startsWith("-") ? 0x80000000 : 0;
  if (bare === "inf" || bare === "infinity") return (0x7f800000 | sign) >>> 0;
  return bare === "nan" ? (0x7fc00000 | sign) >>> 0 : null;
}

/** The bit pattern of a UINT32 or INT32 word, or null. Accepts -2^31 … 2^32-1. */
export function parseIntegerWord(text: string): number | null {
  if (HEX.test(text)) return Number(text);
  if (!INTEGER.test(text)) return null;
  const value = Number(text);
  return value >= -0x80000000 && value <= 0xffffffff ? value >>> 0 : null;
}
