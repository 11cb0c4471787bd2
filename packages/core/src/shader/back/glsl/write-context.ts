import type { GlslTarget } from "../../glsl-target.js";
import type { Place, Register } from "../../ir/register.js";
import type { Scalar } from "../../ir/types.js";
import type { StageDraft } from "../../passes/draft.js";
import type { SamplerFixup } from "../../program-key.js";
import { FeatureSet } from "./features.js";
import { HelperSet } from "./helpers.js";
import { constantName, registerName, stagePrefix } from "./naming.js";

/** What every part of the writer of one stage shares. */
export interface WriteContext {
  readonly draft: StageDraft;
  readonly target: GlslTarget;
  readonly prefix: "vs_" | "fs_";
  /** CONST[0] and the system values are one plain uniform array. */
  readonly isPlain: boolean;
  readonly samplerFixups: readonly SamplerFixup[];
  readonly features: FeatureSet;
  readonly helpers: HelperSet;
  /** Characters of statements so far. */
  readonly written: { characters: number };
}

export function writeContext(
  draft: StageDraft,
  target: GlslTarget,
  isPlain: boolean,
  fixups: readonly SamplerFixup[],
): WriteContext {
  return {
    draft,
    target,
    isPlain,
    prefix: stagePrefix(draft.stage) === "vs_" ? "vs_" : "fs_",
    samplerFixups: fixups.filter((fixup) => fixup.stage === draft.stage),
    features: new FeatureSet(),
    helpers: new HelperSet(),
    written: { characters: 0 },
  };
}

export function storageOf(context: WriteContext, register: Register): Scalar {
  return context.draft.storage[register.id] ?? "u32";
}

/** The system values' vec4 in the plain array, or the block member. */
export function systemText(context: WriteContext, index: number): string {
  return context.isPlain ? `${constantName(0, context.prefix)}[${index}]` : `${context.prefix}sys[${index}]`;
}

/** The text of one register element; `indexText` is the written run-time index, if the place has one. */
export function placeText(context: WriteContext, place: Place, indexText: string | null): string {
  const { register, element } = place;
  const alias = context.draft.aliases.get(register.id);
  if (alias !== undefined) return alias.name;
  const name = registerName(register, context.prefix);
  if (!register.isArray) return name;
  const skip = register.kind === "constant" && register.first === 0 && context.isPlain ? context.draft.sysVec4s : 0;
  if (indexText === null) return `${name}[${element + skip}]`;
  const sum = element === 0 ? indexText : `${indexText} ${element < 0 ? "-" : "+"} ${Math.abs(element)}`;
  const clamped = `clamp(${sum}, 0, ${register.length - 1})`;
  return `${name}[${skip === 0 ? clamped : `${clamped} + ${skip}`}]`;
}

/** `fs_s3`; a slot that is used as several kinds of texture gets one uniform per kind. */
export function samplerName(context: WriteContext, sampler: number): string {
  return samplerUniformName(context.draft, sampler);
}

export function samplerUniformName(draft: StageDraft, sampler: number): string {
  const { samplers } = draft.module;
  const slot = samplers[sampler]?.slot ?? 0;
  const isFirst = samplers.findIndex((other) => other.slot === slot) === sampler;
  return `${stagePrefix(draft.stage)}s${slot}${isFirst ? "" : `_${sampler}`}`;
}
