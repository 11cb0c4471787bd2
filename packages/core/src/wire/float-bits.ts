const f32 = new Float32Array(1);
const f32Bits = new Uint32Array(f32.buffer);
const f64 = new Float64Array(1);
const f64Bits = new Uint32Array(f64.buffer);

/** The dword that holds `value` as an f32. */
export function floatBits(value: number): number {
  f32[0] = value;
  return f32Bits[0]!;
}

/** The f32 that a dword holds. */
export function floatFromBits(bits: number): number {
  f32Bits[0] = bits;
  return f32[0]!;
}

/** The two dwords that hold `value` as a little-endian f64, lower first. */
export function doubleBits(value: number): readonly [low: number, high: number] {
  f64[0] = value;
  return [f64Bits[0]!, f64Bits[1]!];
}

/** The f64 that two dwords hold, lower first. */
export function doubleFromBits(low: number, high: number): number {
  f64Bits[0] = low;
  f64Bits[1] = high;
  return f64[0]!;
}
