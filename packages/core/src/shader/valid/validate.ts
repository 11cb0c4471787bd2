import type { Expression } from "../ir/expression.js";
import type { ShaderModule } from "../ir/module.js";
import { OPERATIONS, type OperationInfo } from "../ir/operations.js";
import type { Place } from "../ir/register.js";
import type { Statement } from "../ir/statement.js";
import { typeName, type ValueType } from "../ir/types.js";
import { operandsOf } from "../ir/walk.js";
import { SHADER_LIMITS } from "../limits.js";
import { type Result, shaderError } from "../shader-error.js";
import type { ShaderInfo } from "../shader-info.js";
import { collectFacts } from "./facts.js";

/**
 * Checks a module and returns what it learned. After it, later passes and the writer rely on: control flow nests and
 * stays under the depth limit, every expression's types fit its operation, fixed elements lie inside their registers,
 * masks are as wide as their values, and only fragment shaders discard or take derivatives.
 */
export function validateModule(module: ShaderModule): Result<ShaderInfo> {
  const fault = checkFlow(module.body) ?? checkStatements(module);
  if (fault === null) return { ok: true, value: collectFacts(module) };
  const code = fault.message.startsWith("more than") ? "limit" : "invalid";
  return { ok: false, error: shaderError(code, fault.message, module.lines[fault.at] ?? 0, 1) };
}

interface Fault {
  readonly message: string;
  /** Index of the statement in the body. */
  readonly at: number;
}

type Open = "if" | "else" | "loop";

/** Control flow by an explicit stack. */
// oxlint-disable-next-line max-lines-per-function -- one switch over the statements
function checkFlow(body: readonly Statement[]): Fault | null {
  const stack: Open[] = [];
  const opened: number[] = [];
  let loops = 0;
  for (let at = 0; at < body.length; at++) {
    const kind = body[at]?.kind;
    const top = stack[stack.length - 1];
    switch (kind) {
      case "if":
      case "loop":
        stack.push(kind);
        opened.push(at);
        if (kind === "loop") loops++;
        break;
      case "else":
        if (top !== "if") return { message: "ELSE without IF", at };
        stack[stack.length - 1] = "else";
        break;
      case "endIf":
        if (top !== "if" && top !== "else") return { message: "ENDIF without IF", at };
        stack.pop();
        opened.pop();
        break;
      case "endLoop":
        if (top !== "loop") return { message: "ENDLOOP without BGNLOOP", at };
        stack.pop();
        opened.pop();
        loops--;
        break;
      case "break":
      case "continue":
        if (loops === 0) return { message: `${kind === "break" ? "BRK" : "CONT"} outside a loop`, at };
        break;
      default:
        break;
    }
    if (stack.length > SHADER_LIMITS.nesting)
      return { message: `more than ${SHADER_LIMITS.nesting} nested IF and loops`, at };
  }
  const at = opened[opened.length - 1];
  return at === undefined
    ? null
    : { message: `${stack[stack.length - 1] === "loop" ? "BGNLOOP" : "IF"} is never closed`, at };
}

function checkStatements(module: ShaderModule): Fault | null {
  for (let at = 0; at < module.body.length; at++) {
    const statement = module.body[at];
    const message = statement === undefined ? null : checkStatement(statement, module);
    if (message !== null) return { message, at };
  }
  return null;
}

function checkStatement(statement: Statement, module: ShaderModule): string | null {
  switch (statement.kind) {
    case "assign": {
      const width = bitCount(statement.mask);
      if (width !== statement.value.type.width)
        return `a value of ${statement.value.type.width} components is stored to ${width}`;
      if (statement.value.type.scalar === "bool") return "a truth value is stored to a register";
      const { kind } = statement.place.register;
      if (kind === "constant" || kind === "input" || kind === "systemValue") return `a ${kind} register is written`;
      return checkPlace(statement.place, module) ?? checkExpression(statement.value, module);
    }
    case "if":
      return checkCondition(statement.condition, module);
    case "discard":
      if (module.stage !== "fragment") return "only fragment shaders discard";
      return statement.condition === null ? null : checkCondition(statement.condition, module);
    case "output":
      return "guest code writes the interface directly";
    default:
      return null;
  }
}

function checkCondition(condition: Expression, module: ShaderModule): string | null {
  if (condition.type.scalar !== "bool" || condition.type.width !== 1)
    return `a condition has type ${typeName(condition.type)}`;
  return checkExpression(condition, module);
}

function checkPlace(place: Place, module: ShaderModule): string | null {
  if (module.registers[place.register.id] !== place.register) return "a register of another module";
  if (place.index === null) {
    const isInside = place.element >= 0 && place.element < place.register.length;
    return isInside ? null : `element ${place.element} of a register of ${place.register.length}`;
  }
  if (!place.register.isArray) return "a single register is indexed";
  return place.index.type.scalar === "i32" && place.index.type.width === 1 ? null : "an index is not an integer";
}

function checkExpression(expression: Expression, module: ShaderModule): string | null {
  const message = checkNode(expression, module);
  if (message !== null) return message;
  for (const operand of operandsOf(expression)) {
    const inner = checkExpression(operand, module);
    if (inner !== null) return inner;
  }
  return null;
}

function checkNode(expression: Expression, module: ShaderModule): string | null {
  const { width } = expression.type;
  switch (expression.kind) {
    case "constant":
      return expression.words.length === width ? null : "a constant's words do not match its type";
    case "load":
      if (expression.components.length !== width || expression.components.some((component) => component > 3))
        return "a load of wrong width";
      return checkPlace(expression.place, module);
    case "swizzle":
      return expression.components.every((component) => component < expression.value.type.width)
        ? null
        : "a swizzle past its value's end";
    case "bitcast":
      return expression.value.type.width === width ? null : "a bit cast changes the width";
    case "compose":
      return expression.parts.every((part) => part.type.scalar === expression.type.scalar)
        ? null
        : "a vector of mixed types";
    case "operation":
      return checkOperation(
        expression.op,
        expression.args.map((arg) => arg.type),
        module,
      );
    case "sample":
      return module.samplers[expression.sampler] === undefined ? "a sampler that does not exist" : null;
    default:
      return null;
  }
}

function checkOperation(op: keyof typeof OPERATIONS, types: readonly ValueType[], module: ShaderModule): string | null {
  const info: OperationInfo = OPERATIONS[op];
  if (types.length !== info.args.length) return `${op} takes ${info.args.length} values`;
  if ((op === "dFdx" || op === "dFdy") && module.stage !== "fragment") return "only fragment shaders take derivatives";
  let shared: string | null = null;
  for (let index = 0; index < types.length; index++) {
    const type = types[index];
    const wanted = info.args[index];
    if (type === undefined || wanted === undefined) return `${op} misses a value`;
    if (wanted === "T" || wanted === "V") {
      shared ??= type.scalar;
      const isKnown = wanted === "V" || (type.scalar !== "bool" && type.scalar !== "bits");
      if (type.scalar !== shared || !isKnown) return `${op} of ${types.map(typeName).join(", ")}`;
    } else if (type.scalar !== wanted) {
      return `${op} of ${types.map(typeName).join(", ")}`;
    }
    const width = wantedWidth(info, types, index);
    if (type.width !== width) return `${op} of ${types.map(typeName).join(", ")}`;
  }
  return null;
}

function wantedWidth(info: OperationInfo, types: readonly ValueType[], index: number): number | undefined {
  if (typeof info.shape !== "string") return info.shape[0][index];
  if (info.shape === "choose") return index === 0 ? 1 : types[1]?.width;
  return types[0]?.width;
}

function bitCount(mask: number): number {
  return (mask & 1) + ((mask >> 1) & 1) + ((mask >> 2) & 1) + ((mask >> 3) & 1);
}
