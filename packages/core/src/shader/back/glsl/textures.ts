import type { Expression, SampleExpression } from "../../ir/expression.js";
import type { ModuleSampler } from "../../ir/module.js";
import type { Scalar } from "../../ir/types.js";
import { SWIZZLE_IDENTITY } from "../../program-key.js";
import type { HostTextureTarget } from "../../program-interface.js";
import type { TextureTarget } from "../../shader-info.js";
import {
  hasBufferTextures,
  hasCubeArrays,
  hasGather,
  hasGatherOffsets,
  hasLevelQuery,
  hasLodQuery,
  hasMultisampleArrays,
  hasMultisampleTextures,
  hasShadowLod,
} from "../../abilities.js";
import { literal } from "./literals.js";
import { samplerName, type WriteContext } from "./write-context.js";

/** What GLES has instead of each guest target: 1D is 2D of height 1, RECT is 2D with coordinates divided by the size. */
const HOST_TARGETS: Readonly<Record<TextureTarget, HostTextureTarget>> = {
  BUFFER: "BUFFER",
  "1D": "2D",
  "2D": "2D",
  "3D": "3D",
  CUBE: "CUBE",
  RECT: "2D",
  SHADOW1D: "2D",
  SHADOW2D: "2D",
  SHADOWRECT: "2D",
  "1D_ARRAY": "2D_ARRAY",
  "2D_ARRAY": "2D_ARRAY",
  SHADOW1D_ARRAY: "2D_ARRAY",
  SHADOW2D_ARRAY: "2D_ARRAY",
  SHADOWCUBE: "CUBE",
  "2D_MSAA": "2D_MULTISAMPLE",
  "2D_ARRAY_MSAA": "2D_MULTISAMPLE_ARRAY",
  CUBEARRAY: "CUBE_ARRAY",
  SHADOWCUBEARRAY: "CUBE_ARRAY",
};

const SAMPLER_TYPES: Readonly<Record<HostTextureTarget, string>> = {
  "2D": "sampler2D",
  "3D": "sampler3D",
  CUBE: "samplerCube",
  "2D_ARRAY": "sampler2DArray",
  CUBE_ARRAY: "samplerCubeArray",
  "2D_MULTISAMPLE": "sampler2DMS",
  "2D_MULTISAMPLE_ARRAY": "sampler2DMSArray",
  BUFFER: "samplerBuffer",
};

export function hostTarget(target: TextureTarget): HostTextureTarget {
  return HOST_TARGETS[target];
}

/** The GLSL type of a sampler uniform; asks for what the type needs. */
export function samplerType(context: WriteContext, sampler: ModuleSampler): string {
  const host = HOST_TARGETS[sampler.target];
  const { features, target } = context;
  if (host === "BUFFER") features.require(hasBufferTextures(target), "buffer textures");
  if (host === "CUBE_ARRAY") features.require(hasCubeArrays(target), "cube array textures");
  if (host === "2D_MULTISAMPLE") features.require(hasMultisampleTextures(target), "multisample textures");
  if (host === "2D_MULTISAMPLE_ARRAY") features.require(hasMultisampleArrays(target), "multisample array textures");
  if (isShadow(sampler)) return `${SAMPLER_TYPES[host]}Shadow`;
  return (sampler.returnType === "int" ? "i" : sampler.returnType === "uint" ? "u" : "") + SAMPLER_TYPES[host];
}

function isShadow(sampler: ModuleSampler): boolean {
  return sampler.target.startsWith("SHADOW");
}

/** Writes a subexpression as a scalar type. */
type Write = (expression: Expression, want: Scalar) => string;

interface Access {
  readonly context: WriteContext;
  readonly sample: SampleExpression;
  readonly sampler: ModuleSampler;
  readonly name: string;
  readonly write: Write;
}

/** Writes a texture access as a value of its IR type. */
export function sampleText(context: WriteContext, sample: SampleExpression, write: Write): string {
  const sampler = context.draft.module.samplers[sample.sampler];
  if (sampler === undefined) return "0.0";
  const access: Access = { context, sample, sampler, name: samplerName(context, sample.sampler), write };
  switch (sample.mode) {
    case "size":
      return sizeText(access);
    case "levels":
      context.features.require(hasLevelQuery(context.target), "level counts of textures");
      return `textureQueryLevels(${access.name})`;
    case "samples":
      context.features.require(false, "sample counts of textures");
      return `textureSamples(${access.name})`;
    case "queryLod":
      context.features.require(hasLodQuery(context.target), "level-of-detail queries");
      return `textureQueryLOD(${access.name}, ${coordinateText(access)})`;
    default:
      return swizzled(access, sample.mode === "fetch" ? fetchText(access) : filteredText(access));
  }
}

/** textureSize gives the host's size: heights that 1D guests do not have are left out. */
function sizeText({ sample, sampler, name, write }: Access): string {
  const host = HOST_TARGETS[sampler.target];
  const hasLevel = host !== "BUFFER" && !host.startsWith("2D_MULTISAMPLE");
  const level = !hasLevel ? "" : `, ${sample.level === null ? "0" : write(sample.level, "i32")}`;
  const size = `textureSize(${name}${level})`;
  if (sampler.target === "1D" || sampler.target === "SHADOW1D") return `${size}.x`;
  return sampler.target === "1D_ARRAY" || sampler.target === "SHADOW1D_ARRAY" ? `${size}.xz` : size;
}

function fetchText(access: Access): string {
  const { sample, sampler, name, write } = access;
  const { coordinate, level, offsets } = sample;
  if (coordinate === null) return "vec4(0.0)";
  let at = write(coordinate, "i32");
  const offset = offsets[0];
  if (offset !== undefined)
    at = `(${at} + ${paddedOffset(write(offset, "i32"), coordinate.type.width, offset.type.width)})`;
  if (sampler.target === "1D") at = `ivec2(${at}, 0)`;
  if (sampler.target === "1D_ARRAY") at = `ivec3(${at}, 0).xzy`;
  const host = HOST_TARGETS[sampler.target];
  return `texelFetch(${name}, ${at}${host === "BUFFER" ? "" : `, ${level === null ? "0" : write(level, "i32")}`})`;
}

/** Offsets do not move array layers. */
function paddedOffset(offset: string, width: number, offsetWidth: number): string {
  return width === offsetWidth ? offset : `ivec${width}(${offset}${", 0".repeat(width - offsetWidth)})`;
}

/** Coordinates as the host wants them, without the depth reference. */
function coordinateText({ sample, sampler, name, write }: Access): string {
  const text = sample.coordinate === null ? "0.0" : write(sample.coordinate, "f32");
  return adaptCoordinate(sampler.target, text, name);
}

function adaptCoordinate(target: TextureTarget, text: string, name: string): string {
  switch (target) {
    case "1D":
    case "SHADOW1D":
      return `vec2(${text}, 0.5)`;
    case "1D_ARRAY":
    case "SHADOW1D_ARRAY":
      return `vec3(${text}, 0.5).xzy`;
    case "RECT":
    case "SHADOWRECT":
      return `(${text} / vec2(textureSize(${name}, 0)))`;
    default:
      return text;
  }
}

function gradientText(access: Access, expression: Expression): string {
  const { target } = access.sampler;
  const text = access.write(expression, "f32");
  if (target === "1D" || target === "SHADOW1D" || target === "1D_ARRAY" || target === "SHADOW1D_ARRAY")
    return `vec2(${text}, 0.0)`;
  return target === "RECT" || target === "SHADOWRECT" ? adaptCoordinate(target, text, access.name) : text;
}

function filteredText(access: Access): string {
  const { context, sample, sampler, name, write } = access;
  const reference = sample.reference === null ? null : write(sample.reference, "f32");
  const coordinate = coordinateText(access);
  if (sample.mode === "gather") return gatherText(access, coordinate, reference);
  // The reference is the coordinate's last component, except where that has no room left.
  const isSeparate = sampler.target === "SHADOWCUBEARRAY";
  const width = hostCoordinateWidth(sampler.target);
  const at = reference === null || isSeparate ? coordinate : `vec${width + 1}(${coordinate}, ${reference})`;
  const tail = isSeparate && reference !== null ? `, ${reference}` : "";
  const offset = sample.offsets[0] === undefined ? null : hostOffset(access, sample.offsets[0]);
  const level = sample.level === null ? "0.0" : write(sample.level, "f32");
  if (sample.mode === "gradient" && sample.gradients !== null) {
    const [dx, dy] = sample.gradients;
    return call("textureGrad", `${name}, ${at}, ${gradientText(access, dx)}, ${gradientText(access, dy)}`, offset, "");
  }
  if (reference !== null && (sample.mode === "lod" || sample.mode === "bias" || offset !== null)) {
    const special = shadowText(access, at, tail, level, offset);
    if (special !== null) return special;
  }
  if (sample.mode === "lod") return call("textureLod", `${name}, ${at}${tail}, ${level}`, offset, "");
  const isVertex = context.draft.stage === "vertex";
  if (sample.mode === "bias" && isVertex) return call("textureLod", `${name}, ${at}${tail}, ${level}`, offset, "");
  return call("texture", `${name}, ${at}${tail}`, offset, sample.mode === "bias" ? `, ${level}` : "");
}

/** `textureOffset(s, p, o, bias)`: the offset comes before a bias and after everything else. */
function call(name: string, args: string, offset: string | null, bias: string): string {
  return offset === null ? `${name}(${args}${bias})` : `${name}Offset(${args}, ${offset}${bias})`;
}

/**
 * Overloads that GLSL ES lacks for shadow samplers: level of detail of 2D arrays and cubes, bias and offsets of 2D
 * arrays. Levels become gradients of the right length; a cube array's level is dropped, which only minified cube-array
 * shadows can show. Null when the plain function exists.
 */
function shadowText(access: Access, at: string, tail: string, level: string, offset: string | null): string | null {
  const { context, sample, sampler, name } = access;
  const { helpers, features, target } = context;
  const host = HOST_TARGETS[sampler.target];
  // Only fragment shaders bias: elsewhere the bias is the level.
  const isLevel = sample.mode === "lod" || (sample.mode === "bias" && context.draft.stage === "vertex");
  const hasLevels = isLevel || (sample.mode === "bias" && host !== "CUBE");
  if (host === "2D" || (host === "CUBE" && !isLevel)) return null;
  if (hasLevels && features.prefer(hasShadowLod(target))) return null;
  if (host === "CUBE_ARRAY") return `texture(${name}, ${at}${tail})`;
  if (host === "CUBE") return isLevel ? `${helpers.use("vg_cubeshadowlod")}(${name}, ${at}, ${level})` : null;
  const moved = offset === null ? at : `(${at} + vec4(vec2(${offset}) / vec2(textureSize(${name}, 0).xy), 0.0, 0.0))`;
  if (isLevel || context.draft.stage === "vertex")
    return `${helpers.use("vg_arrayshadowlod")}(${name}, ${moved}, ${level})`;
  const scale = sample.mode === "bias" ? ` * exp2(${level})` : "";
  return `textureGrad(${name}, ${moved}, dFdx(${at}).xy${scale}, dFdy(${at}).xy${scale})`;
}

function hostCoordinateWidth(target: TextureTarget): number {
  const host = HOST_TARGETS[target];
  return host === "2D" ? 2 : host === "CUBE_ARRAY" ? 4 : 3;
}

/** GLSL ES takes only constant offsets for filtered lookups. */
function hostOffset(access: Access, offset: Expression): string {
  const { context, sampler, write } = access;
  if (offset.kind !== "constant") context.features.require(false, "texture offsets known only at run time");
  const text = write(offset, "i32");
  const isOneDimensional = HOST_TARGETS[sampler.target] !== sampler.target && offset.type.width === 1;
  return isOneDimensional ? `ivec2(${text}, 0)` : text;
}

function gatherText(access: Access, coordinate: string, reference: string | null): string {
  const { context, sample, name, write } = access;
  const { features, target } = context;
  features.require(hasGather(target), "texture gathers");
  const args = reference === null ? `${name}, ${coordinate}` : `${name}, ${coordinate}, ${reference}`;
  const component = reference === null && sample.component !== 0 ? `, ${sample.component}` : "";
  const { offsets } = sample;
  const [first] = offsets;
  if (first === undefined) return `textureGather(${args}${component})`;
  if (offsets.length === 4) {
    features.require(hasGatherOffsets(target), "gathers with four offsets");
    if (offsets.some((offset) => offset.kind !== "constant"))
      features.require(false, "gather offsets known only at run time");
    return `textureGatherOffsets(${args}, ivec2[4](${offsets.map((offset) => write(offset, "i32")).join(", ")})${component})`;
  }
  if (first.kind !== "constant") features.require(hasGatherOffsets(target), "gather offsets known only at run time");
  return `textureGatherOffset(${args}, ${write(first, "i32")}${component})`;
}

/** Applies a view's swizzle that the host cannot do: components first, then constants by multiply and add. */
function swizzled(access: Access, text: string): string {
  const { context, sampler, sample } = access;
  const swizzle = context.samplerFixups.find((fixup) => fixup.sampler === sampler.slot)?.swizzle ?? SWIZZLE_IDENTITY;
  if (swizzle === SWIZZLE_IDENTITY || sample.type.width !== 4) return text;
  const channels = [0, 3, 6, 9].map((shift) => (swizzle >>> shift) & 7);
  const letters = channels.map((channel) => (channel < 4 ? "xyzw"[channel] : "x")).join("");
  const one = sample.type.scalar === "f32" ? 0x3f800000 : 1;
  const picked = letters === "xyzw" ? text : `${text}.${letters}`;
  if (channels.every((channel) => channel < 4)) return picked;
  const keep = literal(
    sample.type.scalar,
    channels.map((channel) => (channel < 4 ? one : 0)),
  );
  const add = literal(
    sample.type.scalar,
    channels.map((channel) => (channel === 5 ? one : 0)),
  );
  return `(${picked} * ${keep} + ${add})`;
}
