/**
 * The operations on values: what they take and what they give. All work per component unless the shape says otherwise;
 * all are defined for every input (see docs/shader-ir.md, "No traps").
 */
import type { Scalar } from "./types.js";

/** T is one of f32, i32, u32; the same for all arguments marked T. V is T, bool or bits. */
type ArgumentScalar = Scalar | "T" | "V";

export interface OperationInfo {
  readonly args: readonly ArgumentScalar[];
  readonly result: ArgumentScalar;
  /** "component": widths equal, result likewise; "choose": the first is a scalar, the rest equal. Others: widths of the arguments and the result's, in order. */
  readonly shape: "component" | "reduce" | "choose" | readonly [readonly number[], number];
}

function component(args: string, result: ArgumentScalar): OperationInfo {
  return { args: args.split(" ") as ArgumentScalar[], result, shape: "component" };
}

export const OPERATIONS = {
  add: component("T T", "T"),
  sub: component("T T", "T"),
  mul: component("T T", "T"),
  div: component("f32 f32", "f32"),
  /** Quotients and remainders: by zero gives 0 (i32 quotient) or all ones; INT_MIN / -1 gives INT_MIN. */
  idiv: component("i32 i32", "i32"),
  imod: component("i32 i32", "i32"),
  udiv: component("u32 u32", "u32"),
  umod: component("u32 u32", "u32"),
  neg: component("T", "T"),
  abs: component("T", "T"),
  sign: component("T", "T"),
  min: component("T T", "T"),
  max: component("T T", "T"),
  /** To [0, 1]. */
  saturate: component("f32", "f32"),
  floor: component("f32", "f32"),
  ceil: component("f32", "f32"),
  trunc: component("f32", "f32"),
  roundEven: component("f32", "f32"),
  fract: component("f32", "f32"),
  sqrt: component("f32", "f32"),
  inverseSqrt: component("f32", "f32"),
  exp2: component("f32", "f32"),
  log2: component("f32", "f32"),
  pow: component("f32 f32", "f32"),
  sin: component("f32", "f32"),
  cos: component("f32", "f32"),
  ldexp: component("f32 i32", "f32"),
  fma: component("f32 f32 f32", "f32"),
  /** mix(a, b, t) = a (1 - t) + b t. */
  mix: component("f32 f32 f32", "f32"),
  dFdx: component("f32", "f32"),
  dFdy: component("f32", "f32"),
  and: component("u32 u32", "u32"),
  or: component("u32 u32", "u32"),
  xor: component("u32 u32", "u32"),
  not: component("u32", "u32"),
  /** Shifts use the low five bits of the count. */
  shl: component("u32 u32", "u32"),
  shrU: component("u32 u32", "u32"),
  shrI: component("i32 u32", "i32"),
  mulHighI: component("i32 i32", "i32"),
  mulHighU: component("u32 u32", "u32"),
  /** (value, offset, count): count 0 gives 0; a field that runs past bit 31 is cut there. */
  bitfieldExtractI: component("i32 i32 i32", "i32"),
  bitfieldExtractU: component("u32 i32 i32", "u32"),
  /** (base, insert, offset, count). */
  bitfieldInsert: component("u32 u32 i32 i32", "u32"),
  bitReverse: component("u32", "u32"),
  bitCount: component("u32", "i32"),
  /** Bit number from the low end, -1 when there is none. */
  findLsb: component("u32", "i32"),
  findMsbI: component("i32", "i32"),
  findMsbU: component("u32", "i32"),
  lessThan: component("T T", "bool"),
  lessThanEqual: component("T T", "bool"),
  greaterThan: component("T T", "bool"),
  greaterThanEqual: component("T T", "bool"),
  equal: component("T T", "bool"),
  notEqual: component("T T", "bool"),
  /** All ones for true, 0 for false: what TGSI's comparisons store. */
  maskOf: component("bool", "u32"),
  /** (condition, when true, when false). */
  select: component("bool V V", "V"),
  /** (condition, when true, when false), one condition for all components. */
  choose: { args: ["bool", "V", "V"], result: "V", shape: "choose" },
  /** Numeric conversions. Out-of-range f32 gives some value, never a trap. */
  toF32: component("V", "f32"),
  toI32: component("V", "i32"),
  toU32: component("V", "u32"),
  any: { args: ["bool"], result: "bool", shape: "reduce" },
  dot: { args: ["f32", "f32"], result: "f32", shape: "reduce" },
  packHalf2x16: { args: ["f32"], result: "u32", shape: [[2], 1] },
  unpackHalf2x16: { args: ["u32"], result: "f32", shape: [[1], 2] },
  packUnorm2x16: { args: ["f32"], result: "u32", shape: [[2], 1] },
  unpackUnorm2x16: { args: ["u32"], result: "f32", shape: [[1], 2] },
  packSnorm4x8: { args: ["f32"], result: "u32", shape: [[4], 1] },
  unpackSnorm4x8: { args: ["u32"], result: "f32", shape: [[1], 4] },
  packUnorm4x8: { args: ["f32"], result: "u32", shape: [[4], 1] },
  unpackUnorm4x8: { args: ["u32"], result: "f32", shape: [[1], 4] },
  linearToSrgb: component("f32", "f32"),
} as const satisfies Record<string, OperationInfo>;

export type OperationName = keyof typeof OPERATIONS;
