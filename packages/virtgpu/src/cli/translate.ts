/** `virtgpu translate`: one TGSI shader to GLSL ES, as a draw would need it. */
import { readFileSync } from "node:fs";
import * as v from "valibot";
import {
  DEFAULT_PROGRAM_KEY,
  formatShaderError,
  linkProgram,
  parseTgsi,
  type DrawStage,
  type GlslTarget,
  type ParsedShader,
  type ShaderInfo,
} from "@virtgpu/core/shader";
import { ExitStatus, FailedError, UsageError, type ExitStatusCode } from "./exit-status.js";
import { flag, jsonOption, oneOf, text } from "./options.js";
import { defineVerb } from "./verb.js";

const TARGETS = ["300", "310", "320"] as const;

export const translate = defineVerb({
  name: "translate",
  summary: "translate a TGSI shader to GLSL ES",
  args: [{ name: "<file>", help: "TGSI text of a vertex or fragment shader" }],
  options: {
    target: {
      value: "<version>",
      help: "GLSL ES version",
      schema: oneOf(TARGETS, "300"),
      byDefault: "300",
      choices: TARGETS,
    },
    with: {
      value: "<file>",
      help: "TGSI text of the other stage; without it one is made up that fits",
      schema: v.optional(text),
    },
    flatshade: { value: "", help: "as under flat shading", schema: flag },
    ...jsonOption,
  },
  example: "virtgpu translate --target=310 shader.tgsi",
  async run({ options, args, print }): Promise<ExitStatusCode> {
    const path = args[0] ?? "";
    const shader = load(path);
    const other = options.with === undefined ? madeUpPartner(shader.info) : load(options.with);
    const stage = stageOf(shader.info);
    const stages = stage === "vertex" ? { vertex: shader, fragment: other } : { vertex: other, fragment: shader };
    if (stageOf(stages.vertex.info) !== "vertex" || stageOf(stages.fragment.info) !== "fragment") {
      throw new UsageError(`--with: ${options.with ?? ""} is of the same stage as ${path}`);
    }
    const target: GlslTarget = {
      version: Number(options.target) as GlslTarget["version"],
      extensions: new Set(),
      maxDrawBuffers: 8,
      maxVertexAttribs: 16,
    };
    const linked = linkProgram(stages, { ...DEFAULT_PROGRAM_KEY, flatshade: options.flatshade }, target);
    if (!linked.ok) throw new FailedError(`${path}: ${formatShaderError(linked.error)}`);
    if (options.json)
      print(JSON.stringify({ stage, info: shader.info, glsl: linked[stage], interface: linked.iface }, null, 2));
    else print(linked[stage].trimEnd());
    return ExitStatus.DONE;
  },
});

function load(path: string): ParsedShader {
  let source: string;
  try {
    source = readFileSync(path, "latin1").replace(/\0+$/, "");
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  const result = parseTgsi(source, /^\s*FRAG/.test(source) ? "fragment" : "vertex");
  if (!result.ok) throw new FailedError(`${path}: ${formatShaderError(result.error)}`);
  return result.shader;
}

function stageOf(info: ShaderInfo): DrawStage {
  if (info.stage === "vertex" || info.stage === "fragment") return info.stage;
  throw new FailedError(`a ${info.stage} shader is not offered`);
}

/** The simplest shader of the other stage: a fragment shader without inputs, or a vertex shader that writes what is read. */
function madeUpPartner(info: ShaderInfo): ParsedShader {
  const source =
    info.stage === "vertex"
      ? "FRAG\nDCL OUT[0], COLOR\nIMM[0] FLT32 {0.0, 0.0, 0.0, 1.0}\n0: MOV OUT[0], IMM[0]\n1: END\n"
      : vertexFor(info);
  const result = parseTgsi(source, info.stage === "vertex" ? "fragment" : "vertex");
  if (!result.ok)
    throw new FailedError(`cannot make up the other stage: ${formatShaderError(result.error)}; give --with=FILE`);
  return result.shader;
}

function vertexFor(info: ShaderInfo): string {
  const outputs = info.inputs.filter((input) => !["POSITION", "FACE", "PCOORD", "PRIM_ID"].includes(input.semantic));
  const lines = ["VERT", "DCL IN[0]", "DCL OUT[0], POSITION"];
  outputs.forEach((output, i) => lines.push(`DCL OUT[${i + 1}], ${output.semantic}[${output.semanticIndex}]`));
  for (let i = 0; i <= outputs.length; i++) lines.push(`${i}: MOV OUT[${i}], IN[0]`);
  lines.push(`${outputs.length + 1}: END`);
  return `${lines.join("\n")}\n`;
}
