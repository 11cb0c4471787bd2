import type { Scalar } from "../../ir/types.js";
import { glslType } from "./types.js";

const floatWord = new Float32Array(1);
const uintWord = new Uint32Array(floatWord.buffer);

/** The shortest decimal that reads back as the same 32-bit float; null for NaN, infinities and denormals. */
function floatDecimal(bits: number): string | null {
  const exponent = (bits >>> 23) & 0xff;
  const isZero = (bits & 0x7fffffff) === 0;
  if (exponent === 0xff || (exponent === 0 && !isZero)) return null;
  uintWord[0] = bits;
  const value = floatWord[0] ?? 0;
  if (isZero) return bits === 0 ? "0.0" : "(-0.0)";
  let text = "";
  for (let digits = 6; digits <= 9; digits++) {
    text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) break;
  }
  if (!/[.e]/.test(text)) text += ".0";
  return value < 0 ? `(${text})` : text;
}

function scalarLiteral(scalar: Scalar, bits: number): string | null {
  switch (scalar) {
    case "f32":
      return floatDecimal(bits);
    case "i32": {
      const value = bits | 0;
      if (value === -0x80000000) return "int(0x80000000u)";
      return value < 0 ? `(${value})` : String(value);
    }
    case "bool":
      return bits !== 0 ? "true" : "false";
    default:
      return bits > 0xffff ? `0x${(bits >>> 0).toString(16)}u` : `${bits >>> 0}u`;
  }
}

/** A constant from its bit patterns; always text that may stand as an operand. */
export function literal(scalar: Scalar, words: readonly number[]): string {
  const parts = words.map((bits) => scalarLiteral(scalar, bits));
  if (parts.includes(null)) return `uintBitsToFloat(${literal("u32", words)})`;
  const first = parts[0] ?? "0.0";
  if (words.length === 1) return first;
  const type = glslType(scalar, words.length);
  return parts.every((part) => part === first) ? `${type}(${first})` : `${type}(${parts.join(", ")})`;
}
