import type { Scalar, ValueType } from "../../ir/types.js";

const SCALAR_NAMES: Readonly<Record<Scalar, string>> = {
  f32: "float",
  i32: "int",
  u32: "uint",
  bool: "bool",
  bits: "uint",
};
const VECTOR_NAMES: Readonly<Record<Scalar, string>> = {
  f32: "vec",
  i32: "ivec",
  u32: "uvec",
  bool: "bvec",
  bits: "uvec",
};

/** `vec3`, `uint`. */
export function glslType(scalar: Scalar, width: number): string {
  return width === 1 ? SCALAR_NAMES[scalar] : VECTOR_NAMES[scalar] + String(width);
}

export function glslTypeOf(type: ValueType): string {
  return glslType(type.scalar, type.width);
}

export const COMPONENT_LETTERS = "xyzw";

/** `.xyz`, or nothing for all four in order. */
export function swizzleText(components: readonly number[]): string {
  const text = components.map((component) => COMPONENT_LETTERS[component] ?? "x").join("");
  return text === "xyzw" ? "" : `.${text}`;
}

export function maskText(mask: number): string {
  return swizzleText([0, 1, 2, 3].filter((bit) => (mask & (1 << bit)) !== 0));
}
