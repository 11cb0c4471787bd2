/** Short constructors for IR nodes. They compute types; the validator checks them. */
import type { Expression, SampleExpression } from "./expression.js";
import type { Builtin, InterfaceVariable } from "./interface.js";
import { OPERATIONS, type OperationName } from "./operations.js";
import type { Place, Register } from "./register.js";
import { type Scalar, type ValueType, valueType } from "./types.js";
import type { AssignStatement } from "./statement.js";

const floatWord = new Float32Array(1);
const uintWord = new Uint32Array(floatWord.buffer);

export function place(register: Register, element = 0, index: Expression | null = null): Place {
  return { register, element, index };
}

export function constant(scalar: Scalar, words: readonly number[]): Expression {
  return { kind: "constant", type: valueType(scalar, words.length), words };
}

/** A float constant repeated to a width. */
export function float(value: number, width = 1): Expression {
  floatWord[0] = value;
  return constant("f32", new Array<number>(width).fill(uintWord[0] ?? 0));
}

export function floats(...values: number[]): Expression {
  return constant(
    "f32",
    values.map((value) => {
      floatWord[0] = value;
      return uintWord[0] ?? 0;
    }),
  );
}

export function int(value: number, width = 1): Expression {
  return constant("i32", new Array<number>(width).fill(value >>> 0));
}

export function uint(value: number, width = 1): Expression {
  return constant("u32", new Array<number>(width).fill(value >>> 0));
}

export function load(from: Place, scalar: Scalar, components: readonly number[]): Expression {
  return { kind: "load", type: valueType(scalar, components.length), place: from, components };
}

export function loadAll(from: Place, scalar: Scalar): Expression {
  return load(from, scalar, [0, 1, 2, 3]);
}

export function variable(of: InterfaceVariable): Expression {
  return { kind: "variable", type: of.type, variable: of };
}

export function builtin(name: Builtin, type: ValueType): Expression {
  return { kind: "builtin", type, builtin: name };
}

export function system(index: number, ...components: number[]): Expression {
  return { kind: "system", type: valueType("f32", components.length), index, components };
}

export function bitcast(value: Expression, scalar: Scalar): Expression {
  if (value.type.scalar === scalar) return value;
  return { kind: "bitcast", type: valueType(scalar, value.type.width), value };
}

/** Picks components; picking all of them in order gives the value itself. */
export function swizzle(value: Expression, ...components: number[]): Expression {
  const isIdentity =
    components.length === value.type.width && components.every((component, index) => component === index);
  if (isIdentity) return value;
  return { kind: "swizzle", type: valueType(value.type.scalar, components.length), value, components };
}

/** Repeats a scalar. */
export function splat(value: Expression, width: number): Expression {
  return width === 1 ? value : swizzle(value, ...new Array<number>(width).fill(0));
}

export function compose(...parts: Expression[]): Expression {
  const first = parts[0];
  if (first !== undefined && parts.length === 1) return first;
  const width = parts.reduce((sum, part) => sum + part.type.width, 0);
  return { kind: "compose", type: valueType(first?.type.scalar ?? "f32", width), parts };
}

export function operation(op: OperationName, ...args: Expression[]): Expression {
  const info = OPERATIONS[op];
  // The last argument carries T and V: a select's first is its condition.
  const model = args[args.length - 1]?.type ?? valueType("f32", 1);
  const scalar = info.result === "T" || info.result === "V" ? model.scalar : info.result;
  const shape: unknown = info.shape;
  const width =
    shape === "component" || shape === "choose"
      ? model.width
      : shape === "reduce"
        ? 1
        : (shape as [number[], number])[1];
  return { kind: "operation", type: valueType(scalar, width), op, args };
}

export function sample(fields: Omit<SampleExpression, "kind">): Expression {
  return { kind: "sample", ...fields };
}

export function assign(to: Place, mask: number, value: Expression): AssignStatement {
  return { kind: "assign", place: to, mask, value };
}
