import type { Expression, OperationExpression } from "../../ir/expression.js";
import type { Builtin } from "../../ir/interface.js";
import type { OperationName } from "../../ir/operations.js";
import type { Scalar } from "../../ir/types.js";
import {
  hasBitFunctions,
  hasFma,
  hasHelperInvocation,
  hasIntegerMix,
  hasPrimitiveId,
  hasSampleVariables,
} from "../../abilities.js";
import { literal } from "./literals.js";
import type { ScalarHelperName } from "./helpers.js";
import { sampleText } from "./textures.js";
import { glslType, swizzleText } from "./types.js";
import { placeText, storageOf, systemText, type WriteContext } from "./write-context.js";

/**
 * Writes an expression as the scalar type `want`: values of another type are reinterpreted, never converted. The text
 * may stand as an operand anywhere (infix forms come in parentheses). Untyped values take the wanted type.
 */
export function expressionText(
  context: WriteContext,
  expression: Expression,
  want: Scalar = expression.type.scalar,
): string {
  const { scalar, width } = expression.type;
  if (scalar === "bits") return untypedText(context, expression, want === "bits" ? "u32" : want);
  return castText(typedText(context, expression), scalar, want, width);
}

/** Reinterprets written words. */
export function castText(text: string, from: Scalar, to: Scalar, width: number): string {
  if (from === to || from === "bool") return text;
  if (from === "f32") return `${to === "i32" ? "floatBitsToInt" : "floatBitsToUint"}(${bare(text)})`;
  if (to === "f32") return `${from === "i32" ? "intBitsToFloat" : "uintBitsToFloat"}(${bare(text)})`;
  return `${glslType(to, width)}(${bare(text)})`;
}

/** Drops the parentheses around a whole infix expression where nothing follows it. */
export function bare(text: string): string {
  if (!text.startsWith("(") || !text.endsWith(")")) return text;
  let depth = 0;
  for (let index = 0; index < text.length - 1; index++) {
    const code = text.charCodeAt(index);
    if (code === 40) depth++;
    else if (code === 41 && --depth === 0) return text;
  }
  return text.slice(1, -1);
}

function untypedText(context: WriteContext, expression: Expression, want: Scalar): string {
  switch (expression.kind) {
    case "constant":
      return literal(want, expression.words);
    case "load":
      return loadText(context, expression, want);
    case "operation": {
      const [condition, whenTrue, whenFalse] = expression.args;
      if (condition === undefined || whenTrue === undefined || whenFalse === undefined) return "0";
      const chosen = [expressionText(context, whenTrue, want), expressionText(context, whenFalse, want)] as const;
      return selectText(context, expression.op, condition, chosen, want, expression.type.width);
    }
    default:
      return castText(typedText(context, expression), "u32", want, expression.type.width);
  }
}

function typedText(context: WriteContext, expression: Expression): string {
  const { scalar, width } = expression.type;
  switch (expression.kind) {
    case "constant":
      return literal(scalar, expression.words);
    case "load":
      return loadText(context, expression, scalar);
    case "variable":
      return expression.variable.name;
    case "builtin":
      return builtinText(context, expression.builtin);
    case "system":
      return systemLoad(context, expression.index, expression.components);
    case "bitcast":
      return expressionText(context, expression.value, scalar);
    case "swizzle":
      return pickText(
        expressionText(context, expression.value),
        expression.value.type.width,
        expression.components,
        scalar,
      );
    case "compose":
      return `${glslType(scalar, width)}(${expression.parts.map((part) => bare(expressionText(context, part))).join(", ")})`;
    case "operation":
      return operationText(context, expression);
    case "sample":
      return sampleText(context, expression, (part, want) => expressionText(context, part, want));
  }
}

/** Components of written text; a scalar is repeated by its constructor. */
function pickText(text: string, width: number, components: readonly number[], scalar: Scalar): string {
  if (width > 1) return text + swizzleText(components);
  return components.length === 1 ? text : `${glslType(scalar, components.length)}(${bare(text)})`;
}

function loadText(context: WriteContext, load: Expression & { kind: "load" }, want: Scalar): string {
  const { place, components } = load;
  const index = place.index === null ? null : expressionText(context, place.index, "i32");
  const text = placeText(context, place, index);
  const isSplat = components.length > 1 && components.every((component) => component === components[0]);
  // A repeated component is cast once and then repeated, which reads better and costs less.
  const used = isSplat ? components.slice(0, 1) : components;
  const cast = castText(text + swizzleText(used), storageOf(context, place.register), want, used.length);
  return isSplat ? `${glslType(want, components.length)}(${cast})` : cast;
}

function systemLoad(context: WriteContext, index: number, components: readonly number[]): string {
  const text = systemText(context, index) + swizzleText(components);
  const register = context.draft.module.registers.find((row) => row.kind === "constant" && row.first === 0);
  const storage =
    context.isPlain && register !== undefined && context.draft.read.has(register.id)
      ? storageOf(context, register)
      : "f32";
  return castText(text, storage, "f32", components.length);
}

function builtinText(context: WriteContext, name: Builtin): string {
  const { features, target } = context;
  switch (name) {
    case "vertexId":
      return "gl_VertexID";
    case "instanceId":
      return "gl_InstanceID";
    case "fragCoord":
      return "gl_FragCoord";
    case "frontFacing":
      return "gl_FrontFacing";
    case "pointCoord":
      return "gl_PointCoord";
    case "primitiveId":
      features.require(hasPrimitiveId(target), "primitive numbers");
      return "gl_PrimitiveID";
    case "sampleId":
      features.require(hasSampleVariables(target), "sample variables");
      return "gl_SampleID";
    case "samplePosition":
      features.require(hasSampleVariables(target), "sample variables");
      return "gl_SamplePosition";
    case "sampleMaskIn":
      features.require(hasSampleVariables(target), "sample variables");
      return "gl_SampleMaskIn[0]";
    case "helperInvocation":
      features.require(hasHelperInvocation(target), "helper invocations");
      return "gl_HelperInvocation";
    case "position":
      return "gl_Position";
    case "pointSize":
      return "gl_PointSize";
    case "clipDistance":
      return "gl_ClipDistance";
    case "fragDepth":
      return "gl_FragDepth";
    case "sampleMask":
      features.require(hasSampleVariables(target), "sample variables");
      return "gl_SampleMask";
  }
}

const INFIX: Partial<Record<OperationName, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  div: "/",
  and: "&",
  or: "|",
  xor: "^",
};

/** GLSL functions of the same meaning for every target. */
const FUNCTIONS: Partial<Record<OperationName, string>> = {
  abs: "abs",
  sign: "sign",
  min: "min",
  max: "max",
  floor: "floor",
  ceil: "ceil",
  trunc: "trunc",
  roundEven: "roundEven",
  fract: "fract",
  sqrt: "sqrt",
  inverseSqrt: "inversesqrt",
  exp2: "exp2",
  log2: "log2",
  pow: "pow",
  sin: "sin",
  cos: "cos",
  mix: "mix",
  dFdx: "dFdx",
  dFdy: "dFdy",
  any: "any",
  dot: "dot",
  packHalf2x16: "packHalf2x16",
  unpackHalf2x16: "unpackHalf2x16",
  packUnorm2x16: "packUnorm2x16",
  unpackUnorm2x16: "unpackUnorm2x16",
};

/** Comparisons: the scalar operator and the vector function. */
const COMPARISONS: Partial<Record<OperationName, readonly [string, string]>> = {
  lessThan: ["<", "lessThan"],
  lessThanEqual: ["<=", "lessThanEqual"],
  greaterThan: [">", "greaterThan"],
  greaterThanEqual: [">=", "greaterThanEqual"],
  equal: ["==", "equal"],
  notEqual: ["!=", "notEqual"],
};

const HELPERS: Partial<Record<OperationName, ScalarHelperName>> = {
  idiv: "vg_idiv",
  imod: "vg_imod",
  udiv: "vg_udiv",
  umod: "vg_umod",
  mulHighI: "vg_mulhighi",
  mulHighU: "vg_mulhighu",
  bitfieldExtractI: "vg_extracti",
  bitfieldExtractU: "vg_extractu",
  bitfieldInsert: "vg_insert",
  bitReverse: "vg_reverse",
  bitCount: "vg_count",
  findLsb: "vg_lsb",
  findMsbI: "vg_msbi",
  findMsbU: "vg_msbu",
  ldexp: "vg_ldexp",
  linearToSrgb: "vg_srgb",
};

/** Where GLSL ES 3.10 has a built-in that is defined for every input; the helper serves 3.00. */
const BIT_FUNCTIONS: Partial<Record<OperationName, string>> = {
  bitReverse: "bitfieldReverse",
  bitCount: "bitCount",
  findLsb: "findLSB",
  findMsbI: "findMSB",
  findMsbU: "findMSB",
};

const PACK_FUNCTIONS: Partial<
  Record<OperationName, readonly [string, "vg_packsnorm" | "vg_unpacksnorm" | "vg_packunorm" | "vg_unpackunorm"]>
> = {
  packSnorm4x8: ["packSnorm4x8", "vg_packsnorm"],
  unpackSnorm4x8: ["unpackSnorm4x8", "vg_unpacksnorm"],
  packUnorm4x8: ["packUnorm4x8", "vg_packunorm"],
  unpackUnorm4x8: ["unpackUnorm4x8", "vg_unpackunorm"],
};

function operationText(context: WriteContext, expression: OperationExpression): string {
  const { op, args, type } = expression;
  const { target, helpers } = context;
  const texts = args.map((arg) => expressionText(context, arg));
  const list = (): string => texts.map(bare).join(", ");
  const width = args[0]?.type.width ?? 1;
  const infix = INFIX[op];
  if (infix !== undefined) return `(${texts[0]} ${infix} ${texts[1]})`;
  const plain = FUNCTIONS[op];
  if (plain !== undefined) return `${plain}(${list()})`;
  const comparison = COMPARISONS[op];
  if (comparison !== undefined)
    return width === 1 ? `(${texts[0]} ${comparison[0]} ${texts[1]})` : `${comparison[1]}(${list()})`;
  const bitFunction = hasBitFunctions(target) ? BIT_FUNCTIONS[op] : undefined;
  if (bitFunction !== undefined) return `${bitFunction}(${list()})`;
  const helper = HELPERS[op];
  if (helper !== undefined) return `${helpers.use(helper, width)}(${list()})`;
  const pack = PACK_FUNCTIONS[op];
  if (pack !== undefined) return `${hasBitFunctions(target) ? pack[0] : helpers.use(pack[1])}(${list()})`;
  return otherText(context, expression, texts, glslType(type.scalar, type.width));
}

function otherText(
  context: WriteContext,
  expression: OperationExpression,
  texts: readonly string[],
  type: string,
): string {
  const { op, args } = expression;
  const [a = "0.0", b = "0.0", c = "0.0"] = texts;
  switch (op) {
    case "neg":
      return `(-${a})`;
    case "not":
      return `(~${a})`;
    case "saturate":
      return `clamp(${bare(a)}, 0.0, 1.0)`;
    case "fma":
      return context.features.prefer(hasFma(context.target))
        ? `fma(${bare(a)}, ${bare(b)}, ${bare(c)})`
        : `(${a} * ${b} + ${c})`;
    case "shl":
      return shiftText(a, "<<", b, args[1]);
    case "shrU":
    case "shrI":
      return shiftText(a, ">>", b, args[1]);
    case "maskOf":
      return args[0]?.type.width === 1 ? `(${a} ? 0xffffffffu : 0u)` : `(${type}(${bare(a)}) * 0xffffffffu)`;
    case "toF32":
    case "toI32":
    case "toU32":
      return `${type}(${bare(a)})`;
    case "select":
    case "choose": {
      const [condition] = args;
      return condition === undefined
        ? b
        : selectText(context, op, condition, [b, c], expression.type.scalar, expression.type.width);
    }
    default:
      return a;
  }
}

/** Shift counts are taken modulo 32: more is undefined in GLSL. */
function shiftText(value: string, operator: string, count: string, countOf: Expression | undefined): string {
  if (countOf?.kind === "constant")
    return `(${value} ${operator} ${literal(
      "u32",
      countOf.words.map((word) => word & 31),
    )})`;
  return `(${value} ${operator} (${count} & 31u))`;
}

function selectText(
  context: WriteContext,
  op: OperationName,
  condition: Expression,
  [whenTrue, whenFalse]: readonly [string, string],
  scalar: Scalar,
  width: number,
): string {
  const test = expressionText(context, condition);
  if (width === 1 || op === "choose") return `(${test} ? ${whenTrue} : ${whenFalse})`;
  if (scalar === "f32" || hasIntegerMix(context.target))
    return `mix(${bare(whenFalse)}, ${bare(whenTrue)}, ${bare(test)})`;
  return `${context.helpers.useSelect(scalar, width)}(${bare(test)}, ${bare(whenTrue)}, ${bare(whenFalse)})`;
}
