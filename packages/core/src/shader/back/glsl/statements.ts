import { SHADER_LIMITS } from "../../limits.js";
import type { Statement } from "../../ir/statement.js";
import { bare, expressionText } from "./expressions.js";
import { maskText } from "./types.js";
import { placeText, storageOf, type WriteContext } from "./write-context.js";

/**
 * Writes statements one a line, indented by their nesting. The list is flat, so nothing recurses. Stops past the output
 * limit, which `writeStage` then reports.
 */
export function writeStatements(context: WriteContext, statements: readonly Statement[], out: string[]): void {
  let depth = 1;
  for (const statement of statements) {
    if (context.written.characters > SHADER_LIMITS.outputLength) return;
    if (statement.kind === "endIf" || statement.kind === "endLoop" || statement.kind === "else") depth--;
    const line = `${"  ".repeat(depth)}${statementText(context, statement)}\n`;
    context.written.characters += line.length;
    out.push(line);
    if (statement.kind === "if" || statement.kind === "loop" || statement.kind === "else") depth++;
  }
}

function statementText(context: WriteContext, statement: Statement): string {
  switch (statement.kind) {
    case "assign": {
      const { place, mask, value } = statement;
      const index = place.index === null ? null : expressionText(context, place.index, "i32");
      const target = placeText(context, place, index) + maskText(mask);
      return `${target} = ${bare(expressionText(context, value, storageOf(context, place.register)))};`;
    }
    case "output":
      return `${outputText(statement)} = ${bare(expressionText(context, statement.value))};`;
    case "if":
      return `if (${bare(expressionText(context, statement.condition))}) {`;
    case "else":
      return "} else {";
    case "endIf":
    case "endLoop":
      return "}";
    case "loop":
      return "while (true) {";
    case "break":
      return "break;";
    case "continue":
      return "continue;";
    case "return":
      return "return;";
    case "discard":
      return statement.condition === null
        ? "discard;"
        : `if (${bare(expressionText(context, statement.condition))}) discard;`;
  }
}

const BUILTIN_NAMES = {
  position: "gl_Position",
  pointSize: "gl_PointSize",
  clipDistance: "gl_ClipDistance",
  fragDepth: "gl_FragDepth",
  sampleMask: "gl_SampleMask",
} as const;

function outputText(statement: Statement & { kind: "output" }): string {
  const { target, element } = statement;
  if (typeof target !== "string") return target.arrayLength === undefined ? target.name : `${target.name}[${element}]`;
  return target === "clipDistance" || target === "sampleMask"
    ? `${BUILTIN_NAMES[target]}[${element}]`
    : BUILTIN_NAMES[target];
}
