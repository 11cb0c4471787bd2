/**
 * Registers: the only mutable storage of the IR. Each is one or more 4-component words of 32 bits without a type;
 * which type the target declares them with is decided when a program is linked (passes/infer-register-types.ts).
 */
import type { Expression } from "./expression.js";

export type RegisterKind = "temporary" | "address" | "input" | "output" | "constant" | "systemValue";

export interface Register {
  /** Dense index into `ShaderModule.registers`. */
  readonly id: number;
  readonly kind: RegisterKind;
  /** First guest register it stands for: `TEMP[first]`; for constants the buffer index. */
  readonly first: number;
  /** How many vec4 elements; 1 unless `isArray`. */
  readonly length: number;
  /** Some instruction picks the element at run time. */
  readonly isArray: boolean;
  /** A PRECISE instruction writes it. */
  readonly isPrecise: boolean;
}

/**
 * One element of a register. With `index`, the element is `clamp(index + element, 0, length - 1)`: nothing outside the
 * register can be reached, whatever the guest computes.
 */
export interface Place {
  readonly register: Register;
  readonly element: number;
  /** An i32 scalar, or null for a fixed element (then `element < length`). */
  readonly index: Expression | null;
}
