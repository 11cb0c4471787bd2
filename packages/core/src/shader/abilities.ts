/**
 * What a GLSL target can do, as named questions. Nothing else in the writer looks at versions or extension names.
 * An answer is `true` (built in), an extension to enable, or `false`.
 */
import type { GlslTarget } from "./glsl-target.js";

export type Ability = true | false | string;

function since(target: GlslTarget, version: number, ...extensions: string[]): Ability {
  if (target.version >= version) return true;
  return extensions.find((name) => target.extensions.has(name)) ?? false;
}

function only(target: GlslTarget, ...extensions: string[]): Ability {
  return extensions.find((name) => target.extensions.has(name)) ?? false;
}

/** GLSL ES 3.10 brought bit-field, pack 4x8, extended-multiply and integer mix functions. */
export const hasBitFunctions = (target: GlslTarget): boolean => target.version >= 310;
export const hasIntegerMix = (target: GlslTarget): boolean => target.version >= 310;
export const hasMultisampleTextures = (target: GlslTarget): Ability => since(target, 310);
export const hasMultisampleArrays = (target: GlslTarget): Ability =>
  since(target, 320, ...(target.version >= 310 ? ["GL_OES_texture_storage_multisample_2d_array"] : []));
export const hasGather = (target: GlslTarget): Ability => since(target, 310);
/** Gathers with one offset per texel or an offset known only at run time. */
export const hasGatherOffsets = (target: GlslTarget): Ability => since(target, 320, ...gpuShader5(target));
export const hasCubeArrays = (target: GlslTarget): Ability =>
  since(
    target,
    320,
    ...(target.version >= 310 ? ["GL_EXT_texture_cube_map_array", "GL_OES_texture_cube_map_array"] : []),
  );
export const hasBufferTextures = (target: GlslTarget): Ability =>
  since(target, 320, ...(target.version >= 310 ? ["GL_EXT_texture_buffer", "GL_OES_texture_buffer"] : []));
export const hasFma = (target: GlslTarget): Ability => since(target, 320, ...gpuShader5(target));
export const hasPrecise = (target: GlslTarget): Ability => since(target, 320, ...gpuShader5(target));
export const hasSampleVariables = (target: GlslTarget): Ability => since(target, 320, "GL_OES_sample_variables");
export const hasSampleInterpolation = (target: GlslTarget): Ability =>
  since(target, 320, "GL_OES_shader_multisample_interpolation");
export const hasPrimitiveId = (target: GlslTarget): Ability =>
  since(target, 320, ...(target.version >= 310 ? ["GL_EXT_geometry_shader", "GL_OES_geometry_shader"] : []));
export const hasClipDistance = (target: GlslTarget): Ability =>
  only(target, "GL_EXT_clip_cull_distance", "GL_APPLE_clip_distance");
export const hasLodQuery = (target: GlslTarget): Ability => only(target, "GL_EXT_texture_query_lod");
export const hasShadowLod = (target: GlslTarget): Ability => only(target, "GL_EXT_texture_shadow_lod");
/** textureQueryLevels has no GLES form at all. */
export const hasLevelQuery = (_target: GlslTarget): Ability => false;
export const hasEarlyFragmentTests = (target: GlslTarget): boolean => target.version >= 310;
export const hasHelperInvocation = (target: GlslTarget): boolean => target.version >= 310;

function gpuShader5(target: GlslTarget): string[] {
  return target.version >= 310 ? ["GL_EXT_gpu_shader5", "GL_OES_gpu_shader5"] : [];
}
