/**
 * Expressions: immutable trees without side effects, evaluated where the statement that holds them stands. Their depth
 * is bounded by what one guest instruction lowers to (about ten), never by guest nesting, so walking them may recurse.
 */
import type { Builtin, InterfaceVariable } from "./interface.js";
import type { OperationName } from "./operations.js";
import type { Place } from "./register.js";
import type { ValueType } from "./types.js";

export interface ConstantExpression {
  readonly kind: "constant";
  readonly type: ValueType;
  /** Bit patterns, one per component; booleans are 0 or 1. */
  readonly words: readonly number[];
}

/** Reads components of a register, their words taken as `type` (no conversion). */
export interface LoadExpression {
  readonly kind: "load";
  readonly type: ValueType;
  readonly place: Place;
  readonly components: readonly number[];
}

/** Reads a variable of the program's interface, or a value the pipeline provides. */
export interface VariableExpression {
  readonly kind: "variable";
  readonly type: ValueType;
  readonly variable: InterfaceVariable;
}

export interface BuiltinExpression {
  readonly kind: "builtin";
  readonly type: ValueType;
  readonly builtin: Builtin;
}

/** Reads sys[index] of the system values. */
export interface SystemExpression {
  readonly kind: "system";
  readonly type: ValueType;
  readonly index: number;
  readonly components: readonly number[];
}

export interface OperationExpression {
  readonly kind: "operation";
  readonly type: ValueType;
  readonly op: OperationName;
  readonly args: readonly Expression[];
}

/** Takes the words of `value` as another scalar type. */
export interface BitcastExpression {
  readonly kind: "bitcast";
  readonly type: ValueType;
  readonly value: Expression;
}

/** Picks components; a one-component value may be repeated. */
export interface SwizzleExpression {
  readonly kind: "swizzle";
  readonly type: ValueType;
  readonly value: Expression;
  readonly components: readonly number[];
}

/** Joins values of one scalar type into a wider one. */
export interface ComposeExpression {
  readonly kind: "compose";
  readonly type: ValueType;
  readonly parts: readonly Expression[];
}

export type SampleMode =
  | "implicit"
  | "bias"
  | "lod"
  | "gradient"
  | "fetch"
  | "gather"
  | "size"
  | "levels"
  | "samples"
  | "queryLod";

export interface SampleExpression {
  readonly kind: "sample";
  readonly type: ValueType;
  /** Index into `ShaderModule.samplers`. */
  readonly sampler: number;
  readonly mode: SampleMode;
  /** As many components as the guest's target has, array layer included; i32 for "fetch", null for queries. */
  readonly coordinate: Expression | null;
  /** Depth reference of shadow targets. */
  readonly reference: Expression | null;
  /** Bias, level of detail, sample number, or level queried; null when the mode has none. */
  readonly level: Expression | null;
  readonly gradients: readonly [Expression, Expression] | null;
  /** Texel offsets, i32: one for most modes, four for a gather with separate offsets, none when absent. */
  readonly offsets: readonly Expression[];
  /** Gather: which component, 0..3. */
  readonly component: number;
}

export type Expression =
  | ConstantExpression
  | LoadExpression
  | VariableExpression
  | BuiltinExpression
  | SystemExpression
  | OperationExpression
  | BitcastExpression
  | SwizzleExpression
  | ComposeExpression
  | SampleExpression;
