import type { InterfaceVariable } from "../../ir/interface.js";
import type { Register } from "../../ir/register.js";
import { findUninitialised } from "../../passes/find-uninitialised.js";
import { hasClipDistance, hasPrecise, hasSampleInterpolation } from "../../abilities.js";
import { literal } from "./literals.js";
import { blockName, constantName, registerName } from "./naming.js";
import { samplerType } from "./textures.js";
import { glslType, glslTypeOf } from "./types.js";
import { samplerName, storageOf, type WriteContext } from "./write-context.js";

/** Everything before main() that names the outside: uniform blocks, samplers, inputs and outputs. */
export function interfaceDeclarations(context: WriteContext): string {
  const { draft, features, target } = context;
  let text = constantDeclarations(context);
  draft.module.samplers.forEach((sampler, id) => {
    text += `uniform highp ${samplerType(context, sampler)} ${samplerName(context, id)};\n`;
  });
  for (const variable of draft.variables) text += variableDeclaration(context, variable);
  if (draft.clipDistances > 0) {
    features.require(hasClipDistance(target), "clip distances");
    text += `out highp float gl_ClipDistance[${draft.clipDistances}];\n`;
  }
  if (draft.invariants.has("position")) text += "invariant gl_Position;\n";
  return text;
}

function constantDeclarations(context: WriteContext): string {
  const { draft, prefix, isPlain } = context;
  let text = "";
  const buffers = draft.module.registers.filter(
    (register) => register.kind === "constant" && draft.read.has(register.id),
  );
  const first = buffers.find((register) => register.first === 0);
  if (draft.sysVec4s > 0 || first !== undefined) {
    const type = first === undefined ? "vec4" : glslType(storageOf(context, first), 4);
    const length = first?.length ?? 0;
    if (isPlain) {
      text += `uniform ${type} ${constantName(0, prefix)}[${draft.sysVec4s + length}];\n`;
    } else {
      const system = draft.sysVec4s > 0 ? `  vec4 ${prefix}sys[${draft.sysVec4s}];\n` : "";
      const own = first === undefined ? "" : `  ${type} ${constantName(0, prefix)}[${length}];\n`;
      text += `layout(std140) uniform ${blockName(0, draft.stage)} {\n${system}${own}};\n`;
    }
  }
  for (const register of buffers) {
    if (register.first === 0) continue;
    const member = `${glslType(storageOf(context, register), 4)} ${constantName(register.first, prefix)}[${register.length}]`;
    text += `layout(std140) uniform ${blockName(register.first, draft.stage)} {\n  ${member};\n};\n`;
  }
  return text;
}

function variableDeclaration(context: WriteContext, variable: InterfaceVariable): string {
  const type = glslTypeOf(variable.type);
  const size = variable.arrayLength === undefined ? "" : `[${variable.arrayLength}]`;
  switch (variable.role) {
    case "attribute":
      return `layout(location = ${variable.location}) in ${type} ${variable.name};\n`;
    case "fragmentOutput":
      return `layout(location = ${variable.location}) out ${type} ${variable.name};\n`;
    case "varyingIn":
    case "varyingOut": {
      const invariant = context.draft.invariants.has(variable) ? "invariant " : "";
      const flat = variable.interpolation === "flat" ? "flat " : "";
      if (variable.sampling === "sample")
        context.features.require(hasSampleInterpolation(context.target), "per-sample inputs");
      const sampling = variable.sampling === "center" || flat !== "" ? "" : `${variable.sampling} `;
      return `${invariant}${flat}${sampling}${variable.role === "varyingIn" ? "in" : "out"} ${type} ${variable.name}${size};\n`;
    }
  }
}

/** The registers that live inside the shader, zeroed where a read may come first. */
export function registerDeclarations(context: WriteContext, indent: string): string {
  const { draft } = context;
  const uninitialised = findUninitialised(draft);
  let text = "";
  for (const register of draft.module.registers) {
    if (register.kind === "constant" || draft.aliases.has(register.id)) continue;
    if (!draft.read.has(register.id) && !draft.written.has(register.id)) continue;
    text += indent + registerDeclaration(context, register, uninitialised.has(register.id), indent);
  }
  return text;
}

/** Of longer arrays, drivers take minutes over the constructor. */
const LONGEST_CONSTRUCTOR = 16;

function registerDeclaration(context: WriteContext, register: Register, needsZero: boolean, indent: string): string {
  const storage = storageOf(context, register);
  const type = glslType(storage, 4);
  const name = registerName(register, context.prefix);
  const isPrecise = register.isPrecise && storage === "f32" && context.features.prefer(hasPrecise(context.target));
  const qualifier = isPrecise ? "precise " : "";
  const zero = literal(storage, [0, 0, 0, 0]);
  if (!register.isArray) return `${qualifier}${type} ${name}${needsZero ? ` = ${zero}` : ""};\n`;
  const declaration = `${qualifier}${type} ${name}[${register.length}]`;
  if (!needsZero) return `${declaration};\n`;
  if (register.length > LONGEST_CONSTRUCTOR) {
    return `${declaration};\n${indent}for (int z = 0; z < ${register.length}; z++) ${name}[z] = ${zero};\n`;
  }
  const zeros = new Array<string>(register.length).fill(zero).join(", ");
  return `${declaration} = ${type}[${register.length}](${zeros});\n`;
}
