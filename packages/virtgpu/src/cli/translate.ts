/** `virtgpu translate`: one TGSI shader to GLSL ES, as a draw would need it. */
import { readFileSync } from "node:fs";
import { DEFAULT_PROGRAM_KEY, formatShaderError, translateShader, type GlslTarget } from "@virtgpu/core/shader";
import { ExitStatus, FailedError, UsageError, type ExitStatusCode } from "./exit-status.js";
import { flag, jsonOption, oneOf } from "./options.js";
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
    flatshade: { value: "", help: "as drawn under flat shading", schema: flag },
    ...jsonOption,
  },
  example: "virtgpu translate --target=310 shader.tgsi",
  async run({ options, args, print }): Promise<ExitStatusCode> {
    const path = args[0] ?? "";
    const target: GlslTarget = {
      version: Number(options.target) as GlslTarget["version"],
      extensions: new Set(),
      maxDrawBuffers: 8,
      maxVertexAttribs: 16,
    };
    const result = translateShader(read(path), target, { ...DEFAULT_PROGRAM_KEY, flatshade: options.flatshade });
    if (!result.ok) throw new FailedError(`${path}: ${formatShaderError(result.error)}`);
    const { glsl, info, iface } = result;
    if (options.json) print(JSON.stringify({ stage: info.stage, glsl, info, interface: iface }, null, 2));
    else print(glsl.trimEnd());
    return ExitStatus.DONE;
  },
});

function read(path: string): string {
  try {
    return readFileSync(path, "latin1").replace(/\0+$/, "");
  } catch (error) {
    throw new UsageError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
