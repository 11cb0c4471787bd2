import { samplerUniformName } from "./back/glsl/write-context.js";
import { blockName, constantName, stagePrefix } from "./back/glsl/naming.js";
import { hostTarget } from "./back/glsl/textures.js";
import type { ProgramDraft, StageDraft } from "./passes/draft.js";
import { enabledDistances } from "./passes/clip-by-planes.js";
import type {
  AttributeBinding,
  BlockBinding,
  CaptureLayout,
  PlainUniform,
  ProgramInterface,
  SamplerBinding,
} from "./program-interface.js";

/** Says how the finished program is fed: the other half of what the writer wrote. */
export function describeInterface(
  draft: ProgramDraft,
  captures: CaptureLayout | null,
  colorOutputMask: number,
): ProgramInterface {
  const { vertex, fragment, key } = draft;
  const blocks: BlockBinding[] = [];
  const plainUniforms: PlainUniform[] = [];
  describeConstants(vertex, key.vertexPlainUniforms, blocks, plainUniforms);
  describeConstants(fragment, key.fragmentPlainUniforms, blocks, plainUniforms);
  const samplers: SamplerBinding[] = [];
  describeSamplers(vertex, samplers);
  describeSamplers(fragment, samplers);
  return {
    blocks,
    plainUniforms,
    samplers,
    captures,
    colorOutputMask,
    readsFramebufferHeight:
      draft.target.fragmentCoordConventions === true && fragment.module.lowerLeftOrigin && fragment.info.readsFragCoord,
    attributes: describeAttributes(vertex),
    vertexSysVec4s: vertex.sysVec4s,
    fragmentSysVec4s: fragment.sysVec4s,
    clipDistanceEnable: vertex.clipDistances > 0 ? enabledDistances(draft) : 0,
  };
}

function describeConstants(stage: StageDraft, isPlain: boolean, blocks: BlockBinding[], plain: PlainUniform[]): void {
  const buffers = stage.module.registers
    .filter((register) => register.kind === "constant" && stage.read.has(register.id))
    .sort((a, b) => a.first - b.first);
  const firstLength = buffers.find((register) => register.first === 0)?.length ?? 0;
  if (stage.sysVec4s + firstLength > 0) {
    const common = { stage: stage.stage, guestBlock: 0, sysVec4s: stage.sysVec4s, guestVec4s: firstLength };
    const vec4Count = stage.sysVec4s + firstLength;
    if (isPlain) {
      const register = buffers.find((row) => row.first === 0);
      const isFloat = register === undefined || stage.storage[register.id] === "f32";
      plain.push({
        ...common,
        uniformName: constantName(0, stagePrefix(stage.stage)),
        vec4Count,
        type: isFloat ? "vec4" : "uvec4",
      });
    } else {
      blocks.push({
        ...common,
        blockName: blockName(0, stage.stage),
        declaredBytes: vec4Count * 16,
        slot: blocks.length,
      });
    }
  }
  for (const register of buffers) {
    if (register.first === 0) continue;
    blocks.push({
      blockName: blockName(register.first, stage.stage),
      stage: stage.stage,
      guestBlock: register.first,
      sysVec4s: 0,
      guestVec4s: register.length,
      declaredBytes: register.length * 16,
      slot: blocks.length,
    });
  }
}

function describeSamplers(stage: StageDraft, samplers: SamplerBinding[]): void {
  stage.module.samplers.forEach((sampler, id) => {
    samplers.push({
      uniformName: samplerUniformName(stage, id),
      stage: stage.stage,
      guestSampler: sampler.slot,
      unit: samplers.length,
      target: hostTarget(sampler.target),
      shadow: sampler.target.startsWith("SHADOW"),
      returnType: sampler.returnType,
    });
  });
}

function describeAttributes(vertex: StageDraft): AttributeBinding[] {
  return vertex.variables
    .filter((variable) => variable.role === "attribute")
    .map(({ location, type }) => ({
      guestInput: location,
      location,
      type: type.scalar === "i32" ? "int" : type.scalar === "u32" ? "uint" : "float",
    }));
}
