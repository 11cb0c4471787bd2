import { compose, constant, float, operation, splat, swizzle, uint } from "../../ir/build.js";
import type { Expression } from "../../ir/expression.js";
import { OPERATIONS, type OperationName } from "../../ir/operations.js";
import { type Scalar, valueType } from "../../ir/types.js";
import { Lowering } from "./lowering.js";
import type { Instruction, Operand } from "./syntax-tree.js";

/**
 * Opcodes without control flow, textures or memory. Meanings: the TGSI documentation's opcode list (gallium,
 * "TGSI"); where it leaves a case open, what tgsi_exec does. Rows: OPCODE operation argument-types, with
 * f = f32, i = i32, u = u32.
 */
const COMPONENT_ROWS = `
  ADD add ff | SUB sub ff | MUL mul ff | DIV div ff | MIN min ff | MAX max ff | ABS abs f | SSG sign f
  FLR floor f | CEIL ceil f | TRUNC trunc f | ROUND roundEven f | FRC fract f | FMA fma fff
  DDX dFdx f | DDY dFdy f | DDX_FINE dFdx f | DDY_FINE dFdy f | LDEXP ldexp fi
  UADD add uu | UMUL mul uu | IDIV idiv ii | UDIV udiv uu | MOD imod ii | UMOD umod uu
  INEG neg i | IABS abs i | ISSG sign i | IMIN min ii | IMAX max ii | UMIN min uu | UMAX max uu
  AND and uu | OR or uu | XOR xor uu | NOT not u | SHL shl uu | USHR shrU uu | ISHR shrI iu
  IMUL_HI mulHighI ii | UMUL_HI mulHighU uu | IBFE bitfieldExtractI iii | UBFE bitfieldExtractU uii
  BFI bitfieldInsert uuii | BREV bitReverse u | POPC bitCount u | LSB findLsb u | IMSB findMsbI i | UMSB findMsbU u
  I2F toF32 i | U2F toF32 u | F2I toI32 f | F2U toU32 f`;

/** Opcodes that work on the first channel and repeat the result. */
const SCALAR_ROWS = `SQRT sqrt f | RSQ inverseSqrt f | EX2 exp2 f | LG2 log2 f | POW pow ff | SIN sin f | COS cos f`;

/** Comparisons: OPCODE operation type, and whether the result is 1.0/0.0 or a bit mask. */
const COMPARE_ROWS = `
  SLT lessThan f | SGE greaterThanEqual f | SEQ equal f | SNE notEqual f | SGT greaterThan f | SLE lessThanEqual f`;
const MASK_COMPARE_ROWS = `
  FSLT lessThan f | FSGE greaterThanEqual f | FSEQ equal f | FSNE notEqual f | ISLT lessThan i | ISGE greaterThanEqual i
  USLT lessThan u | USGE greaterThanEqual u | USEQ equal u | USNE notEqual u`;

const LETTERS: Readonly<Record<string, Scalar>> = { f: "f32", i: "i32", u: "u32" };

interface Row {
  readonly op: OperationName;
  readonly args: readonly Scalar[];
}

function rows(text: string): ReadonlyMap<string, Row> {
  return new Map(
    text
      .trim()
      .split(/[|\n]/)
      .map((row): [string, Row] => {
        const [opcode = "", op = "", letters = ""] = row.trim().split(/\s+/);
        if (!(op in OPERATIONS)) throw new RangeError(`no operation ${op}`);
        return [
          opcode,
          { op: op as OperationName, args: Array.from(letters).map((letter) => LETTERS[letter] ?? "f32") },
        ];
      }),
  );
}

const COMPONENT = rows(COMPONENT_ROWS);
const SCALAR = rows(SCALAR_ROWS);
const COMPARE = rows(COMPARE_ROWS);
const MASK_COMPARE = rows(MASK_COMPARE_ROWS);

/** `moved` is what opcodes that only move bits read: numbers when the result is saturated. */
type Composer = (
  lowering: Lowering,
  sources: readonly [Operand, Operand, Operand],
  mask: number,
  moved: "bits" | "f32",
) => Expression | null;

function widthOf(mask: number): number {
  return Lowering.masked(IDENTITY_OPERAND, mask).length;
}

const IDENTITY_OPERAND: Operand = {
  file: "TEMP",
  dimension: null,
  index: { register: null, offset: 0 },
  arrayId: 0,
  swizzle: [0, 1, 2, 3],
  mask: 15,
  negate: false,
  absolute: false,
  line: 0,
  column: 0,
};

/** The parts of a result that has its own formula per component, cut to the mask. */
function perComponent(mask: number, ...formulas: (() => Expression)[]): Expression {
  const parts: Expression[] = [];
  formulas.forEach((formula, bit) => {
    if ((mask & (1 << bit)) !== 0) parts.push(formula());
  });
  return compose(...parts);
}

function dot(lowering: Lowering, a: Operand, b: Operand, mask: number, ...channels: number[]): Expression {
  const value = operation(
    "dot",
    lowering.readChannels(a, "f32", ...channels),
    lowering.readChannels(b, "f32", ...channels),
  );
  return splat(value, widthOf(mask));
}

const ONE = (): Expression => float(1);

/** Opcodes with formulas of their own. */
const COMPOSED: Readonly<Record<string, Composer>> = {
  MOV: (l, [a], mask, moved) => l.read(a, moved, mask),
  MAD: (l, [a, b, c], mask) =>
    operation("add", operation("mul", l.read(a, "f32", mask), l.read(b, "f32", mask)), l.read(c, "f32", mask)),
  UMAD: (l, [a, b, c], mask) =>
    operation("add", operation("mul", l.read(a, "u32", mask), l.read(b, "u32", mask)), l.read(c, "u32", mask)),
  LRP: (l, [a, b, c], mask) => operation("mix", l.read(c, "f32", mask), l.read(b, "f32", mask), l.read(a, "f32", mask)),
  CMP: (l, [a, b, c], mask) =>
    operation(
      "select",
      operation("lessThan", l.read(a, "f32", mask), float(0, widthOf(mask))),
      l.read(b, "f32", mask),
      l.read(c, "f32", mask),
    ),
  UCMP: (l, [a, b, c], mask, moved) => {
    const [whenSet, whenClear] = sameScalar(l.read(b, moved, mask), l.read(c, moved, mask));
    return operation(
      "select",
      operation("notEqual", l.read(a, "u32", mask), uint(0, widthOf(mask))),
      whenSet,
      whenClear,
    );
  },
  RCP: (l, [a], mask) => splat(operation("div", float(1), l.readChannels(a, "f32", 0)), widthOf(mask)),
  DP2: (l, [a, b], mask) => dot(l, a, b, mask, 0, 1),
  DP3: (l, [a, b], mask) => dot(l, a, b, mask, 0, 1, 2),
  DP4: (l, [a, b], mask) => dot(l, a, b, mask, 0, 1, 2, 3),
  DPH: (l, [a, b], mask) => {
    const three = operation("dot", l.readChannels(a, "f32", 0, 1, 2), l.readChannels(b, "f32", 0, 1, 2));
    return splat(operation("add", three, l.readChannels(b, "f32", 3)), widthOf(mask));
  },
  DST: (l, [a, b], mask) =>
    perComponent(
      mask,
      ONE,
      () => operation("mul", l.readChannels(a, "f32", 1), l.readChannels(b, "f32", 1)),
      () => l.readChannels(a, "f32", 2),
      () => l.readChannels(b, "f32", 3),
    ),
  XPD: (l, [a, b], mask) => {
    const term = (first: number, second: number) => () =>
      operation(
        "sub",
        operation("mul", l.readChannels(a, "f32", first), l.readChannels(b, "f32", second)),
        operation("mul", l.readChannels(a, "f32", second), l.readChannels(b, "f32", first)),
      );
    return perComponent(mask, term(1, 2), term(2, 0), term(0, 1), ONE);
  },
  SCS: (l, [a], mask) =>
    perComponent(
      mask,
      () => operation("cos", l.readChannels(a, "f32", 0)),
      () => operation("sin", l.readChannels(a, "f32", 0)),
      () => float(0),
      ONE,
    ),
  LIT: (l, [a], mask) =>
    perComponent(
      mask,
      ONE,
      () => operation("max", l.readChannels(a, "f32", 0), float(0)),
      () => litSpecular(l, a),
      ONE,
    ),
  EXP: (l, [a], mask) => {
    const x = () => l.readChannels(a, "f32", 0);
    return perComponent(
      mask,
      () => operation("exp2", operation("floor", x())),
      () => operation("fract", x()),
      () => operation("exp2", x()),
      ONE,
    );
  },
  LOG: (l, [a], mask) => {
    const x = () => operation("abs", l.readChannels(a, "f32", 0));
    const exponent = () => operation("floor", operation("log2", x()));
    return perComponent(
      mask,
      exponent,
      () => operation("div", x(), operation("exp2", exponent())),
      () => operation("log2", x()),
      ONE,
    );
  },
  ARL: (l, [a], mask) => operation("toI32", operation("floor", l.read(a, "f32", mask))),
  ARR: (l, [a], mask) => operation("toI32", operation("roundEven", l.read(a, "f32", mask))),
  UARL: (l, [a], mask) => l.read(a, "i32", mask),
  PK2H: (l, [a], mask) => splat(operation("packHalf2x16", l.readChannels(a, "f32", 0, 1)), widthOf(mask)),
  PK2US: (l, [a], mask) => splat(operation("packUnorm2x16", l.readChannels(a, "f32", 0, 1)), widthOf(mask)),
  PK4B: (l, [a], mask) => splat(operation("packSnorm4x8", l.readChannels(a, "f32", 0, 1, 2, 3)), widthOf(mask)),
  PK4UB: (l, [a], mask) => splat(operation("packUnorm4x8", l.readChannels(a, "f32", 0, 1, 2, 3)), widthOf(mask)),
  UP2H: (l, [a], mask) => pick(operation("unpackHalf2x16", l.readChannels(a, "u32", 0)), mask),
  UP2US: (l, [a], mask) => pick(operation("unpackUnorm2x16", l.readChannels(a, "u32", 0)), mask),
  UP4B: (l, [a], mask) => pick(operation("unpackSnorm4x8", l.readChannels(a, "u32", 0)), mask),
  UP4UB: (l, [a], mask) => pick(operation("unpackUnorm4x8", l.readChannels(a, "u32", 0)), mask),
};

/** Components of a two- or four-wide value for a mask; two-wide values repeat as xyxy. */
function pick(value: Expression, mask: number): Expression {
  return swizzle(value, ...Lowering.masked(IDENTITY_OPERAND, mask).map((component) => component % value.type.width));
}

/** A select's two values, both untyped or both f32 when either carries a float modifier. */
function sameScalar(a: Expression, b: Expression): [Expression, Expression] {
  return a.type.scalar === b.type.scalar ? [a, b] : [asFloat(a), asFloat(b)];
}

/** An untyped value read as floats: modifiers are float operations. */
function asFloat(value: Expression): Expression {
  if (value.type.scalar !== "bits") return value;
  if (value.kind === "load") return { ...value, type: valueType("f32", value.type.width) };
  if (value.kind === "constant") return constant("f32", value.words);
  return value;
}

/** LIT's z: the specular term, 0 unless the surface faces the light. The exponent is clamped to ±128. */
function litSpecular(lowering: Lowering, a: Operand): Expression {
  const base = operation("max", lowering.readChannels(a, "f32", 1), float(0));
  const exponent = operation("min", operation("max", lowering.readChannels(a, "f32", 3), float(-128)), float(128));
  const facing = operation("greaterThan", lowering.readChannels(a, "f32", 0), float(0));
  return operation("select", facing, operation("pow", base, exponent), float(0));
}

/** Lowers one instruction if it is arithmetic; false when its opcode belongs elsewhere. */
export function lowerArithmetic(lowering: Lowering, instruction: Instruction): boolean {
  const mask = instruction.destinations[0]?.mask ?? 15;
  const value = arithmeticValue(lowering, instruction, mask);
  if (value === null) return false;
  lowering.store(instruction, value);
  return true;
}

function arithmeticValue(lowering: Lowering, instruction: Instruction, mask: number): Expression | null {
  const { opcode, sources } = instruction;
  const componentRow = COMPONENT.get(opcode);
  if (componentRow !== undefined) {
    const args = sources.map((source, index) => lowering.read(source, componentRow.args[index] ?? "f32", mask));
    return operation(componentRow.op, ...args);
  }
  const scalarRow = SCALAR.get(opcode);
  if (scalarRow !== undefined) {
    const args = sources.map((source, index) => lowering.readChannels(source, scalarRow.args[index] ?? "f32", 0));
    return splat(operation(scalarRow.op, ...args), widthOf(mask));
  }
  const compareRow = COMPARE.get(opcode) ?? MASK_COMPARE.get(opcode);
  if (compareRow !== undefined) {
    const args = sources.map((source) => lowering.read(source, compareRow.args[0] ?? "f32", mask));
    return operation(COMPARE.has(opcode) ? "toF32" : "maskOf", operation(compareRow.op, ...args));
  }
  const [a = IDENTITY_OPERAND, b = IDENTITY_OPERAND, c = IDENTITY_OPERAND] = sources;
  return Object.hasOwn(COMPOSED, opcode)
    ? (COMPOSED[opcode]?.(lowering, [a, b, c], mask, instruction.saturate ? "f32" : "bits") ?? null)
    : null;
}
