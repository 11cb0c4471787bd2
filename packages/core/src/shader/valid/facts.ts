import type { Expression } from "../ir/expression.js";
import type { IoPlace, ShaderModule } from "../ir/module.js";
import type { Place } from "../ir/register.js";
import { expressionsOf, walkExpression } from "../ir/walk.js";
import type { ConstBufferUse, SamplerUse, Semantic, ShaderInfo } from "../shader-info.js";

/** Reads a valid module once and answers the questions of `ShaderInfo`. */
export function collectFacts(module: ShaderModule): ShaderInfo {
  const use = collectUse(module);
  const isWritten = (io: IoPlace): boolean => use.written.has(io.register.id);
  const writes = (semantic: Semantic): boolean =>
    module.outputs.some((io) => io.io.semantic === semantic && isWritten(io));
  const reads = (semantic: Semantic): boolean =>
    module.inputs.some((io) => io.io.semantic === semantic && use.read.has(io.register.id)) ||
    module.systemValues.some((value) => value.semantic === semantic && use.read.has(value.register.id));
  return {
    stage: module.stage,
    inputs: module.inputs.map((io) => io.io),
    outputs: module.outputs.map((io) => io.io),
    systemValues: module.systemValues.map((value) => value.semantic),
    constBuffers: constBuffers(module, use),
    samplers: samplers(module),
    writesPosition: writes("POSITION"),
    writesPointSize: writes("PSIZE"),
    writesClipVertex: writes("CLIPVERTEX"),
    clipDistanceMask: clipDistanceMask(module, use),
    writesDepth: module.stage === "fragment" && writes("POSITION"),
    writesStencil: module.stage === "fragment" && writes("STENCIL"),
    writesSampleMask: module.stage === "fragment" && writes("SAMPLEMASK"),
    colorOutputMask: colorOutputMask(module, isWritten),
    color0WritesAll: module.color0WritesAll,
    usesDiscard: module.body.some((statement) => statement.kind === "discard"),
    readsFragCoord: module.stage === "fragment" && reads("POSITION"),
    readsFrontFacing: reads("FACE"),
    usesTexcoordSemantic: module.stage === "fragment" && (reads("TEXCOORD") || reads("PCOORD")),
    perSample:
      reads("SAMPLEID") ||
      reads("SAMPLEPOS") ||
      module.inputs.some((io) => io.io.location === "SAMPLE" && use.read.has(io.register.id)),
    instructionCount: module.instructionCount,
  };
}

interface RegisterUse {
  readonly read: ReadonlySet<number>;
  readonly written: ReadonlySet<number>;
  /** Components written, by register id and element; indirect writes count for every element. */
  readonly masks: ReadonlyMap<string, number>;
  readonly indirect: ReadonlySet<number>;
}

function collectUse(module: ShaderModule): RegisterUse {
  const read = new Set<number>();
  const written = new Set<number>();
  const masks = new Map<string, number>();
  const indirect = new Set<number>();
  const readExpression = (expression: Expression): void => {
    if (expression.kind !== "load") return;
    read.add(expression.place.register.id);
    if (expression.place.index !== null) indirect.add(expression.place.register.id);
  };
  const write = (place: Place, mask: number): void => {
    const { id, length } = place.register;
    written.add(id);
    const [first, end] = place.index === null ? [place.element, place.element + 1] : [0, length];
    for (let element = first; element < end && length <= 128; element++) {
      const key = `${id} ${element}`;
      masks.set(key, (masks.get(key) ?? 0) | mask);
    }
  };
  for (const statement of module.body) {
    for (const expression of expressionsOf(statement)) walkExpression(expression, readExpression);
    if (statement.kind === "assign" && statement.place.register.kind === "output")
      write(statement.place, statement.mask);
  }
  return { read, written, masks, indirect };
}

function constBuffers(module: ShaderModule, use: RegisterUse): ConstBufferUse[] {
  return module.registers
    .filter((register) => register.kind === "constant" && use.read.has(register.id))
    .map((register) => ({ index: register.first, vec4Count: register.length, indirect: use.indirect.has(register.id) }))
    .sort((a, b) => a.index - b.index);
}

function samplers(module: ShaderModule): SamplerUse[] {
  return module.samplers
    .map((sampler) => ({
      index: sampler.slot,
      target: sampler.target,
      shadow: sampler.target.startsWith("SHADOW"),
      returnType: sampler.returnType,
    }))
    .sort((a, b) => a.index - b.index);
}

function clipDistanceMask(module: ShaderModule, use: RegisterUse): number {
  let mask = 0;
  for (const { io, register, element } of module.outputs) {
    if (module.stage !== "vertex" || io.semantic !== "CLIPDIST" || io.semanticIndex > 1) continue;
    mask |= (use.masks.get(`${register.id} ${element}`) ?? 0) << (4 * io.semanticIndex);
  }
  return mask;
}

function colorOutputMask(module: ShaderModule, isWritten: (io: IoPlace) => boolean): number {
  let mask = 0;
  for (const io of module.outputs) {
    if (module.stage === "fragment" && io.io.semantic === "COLOR" && io.io.semanticIndex < 8 && isWritten(io))
      mask |= 1 << io.io.semanticIndex;
  }
  return mask;
}
