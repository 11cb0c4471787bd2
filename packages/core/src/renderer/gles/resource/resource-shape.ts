import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import { GL, type GlCaps } from "../../../gl/index.js";
import * as v from "../../../virgl/index.js";
import type { Resource3d } from "../../renderer.js";
import { FormatNeed, FormatUse, formatRow, type FormatRow, type FormatSupport } from "../format/index.js";
import { ResourceKind, type ResourceKindCode, type ResourceShape } from "./gl-resource.js";

/** Buffers larger than this are refused: GL offsets and our words are 32 bits. */
const MAX_BUFFER_BYTES = 2 ** 31 - 1;
/** Memory that only the host's bytes stand for (query results, staging without shared memory). */
const MAX_BACKING_ONLY_BYTES = 1 << 28;

/** GL texture target by PIPE target; 1D and RECT textures are 2D ones of height 1 and of one level. */
function glTextureTarget(target: number, isMultisampled: boolean): number {
  switch (target) {
    case v.PIPE_TEXTURE_1D:
    case v.PIPE_TEXTURE_RECT:
      return GL.TEXTURE_2D;
    case v.PIPE_TEXTURE_2D:
      return isMultisampled ? GL.TEXTURE_2D_MULTISAMPLE : GL.TEXTURE_2D;
    case v.PIPE_TEXTURE_3D:
      return GL.TEXTURE_3D;
    case v.PIPE_TEXTURE_CUBE:
      return GL.TEXTURE_CUBE_MAP;
    case v.PIPE_TEXTURE_1D_ARRAY:
      return GL.TEXTURE_2D_ARRAY;
    case v.PIPE_TEXTURE_2D_ARRAY:
      return isMultisampled ? GL.TEXTURE_2D_MULTISAMPLE_ARRAY : GL.TEXTURE_2D_ARRAY;
    case v.PIPE_TEXTURE_CUBE_ARRAY:
      return GL.TEXTURE_CUBE_MAP_ARRAY;
    default:
      return 0;
  }
}

/** Extents of the target, each at least 1. */
interface Extents {
  readonly width: number;
  readonly height: number;
  readonly depth: number;
  readonly layers: number;
}

/** Whether the extents are what the target allows. Source: virgl targets are gallium's (p_defines.h: enum pipe_texture_target). */
function isTargetShape(target: number, { width, height, depth, layers }: Extents, lastLevel: number): boolean {
  switch (target) {
    case v.PIPE_TEXTURE_1D:
      return height === 1 && depth === 1 && layers === 1;
    case v.PIPE_TEXTURE_RECT:
      return depth === 1 && layers === 1 && lastLevel === 0;
    case v.PIPE_TEXTURE_2D:
      return depth === 1 && layers === 1;
    case v.PIPE_TEXTURE_3D:
      return layers === 1;
    case v.PIPE_TEXTURE_CUBE:
      return width === height && depth === 1 && layers === 6;
    case v.PIPE_TEXTURE_1D_ARRAY:
      return height === 1 && depth === 1;
    case v.PIPE_TEXTURE_2D_ARRAY:
      return depth === 1;
    case v.PIPE_TEXTURE_CUBE_ARRAY:
      return width === height && depth === 1 && layers % 6 === 0;
    default:
      return false;
  }
}

function isWithinLimits(target: number, { width, height, depth, layers }: Extents, caps: GlCaps): boolean {
  const { limits } = caps;
  if (target === v.PIPE_TEXTURE_3D) return Math.max(width, height, depth) <= limits.texture3dSize;
  const isCube = target === v.PIPE_TEXTURE_CUBE || target === v.PIPE_TEXTURE_CUBE_ARRAY;
  return (
    Math.max(width, height) <= (isCube ? limits.cubeMapSize : limits.textureSize) && layers <= limits.arrayTextureLayers
  );
}

/** Bytes of all levels, layers and samples. */
function textureBytes(row: FormatRow, extents: Extents, lastLevel: number, samples: number): number {
  let total = 0;
  for (let level = 0; level <= lastLevel; level++) {
    const blocksX = Math.ceil(Math.max(1, extents.width >>> level) / row.blockWidth);
    const blocksY = Math.ceil(Math.max(1, extents.height >>> level) / row.blockHeight);
    const slices = Math.max(1, extents.depth >>> level) * extents.layers;
    total += blocksX * blocksY * slices * row.blockBytes;
  }
  return total * Math.max(1, samples);
}

function bufferShape(args: Resource3d, row: FormatRow): ResourceShape | GuestErrorCode {
  if (args.height > 1 || args.depth > 1 || args.arraySize > 1 || args.lastLevel !== 0 || args.samples > 1) {
    return GuestError.BAD_VALUE;
  }
  if (args.width === 0 || args.width > MAX_BUFFER_BYTES) return GuestError.BAD_VALUE;
  const isHostless = (args.bind & ~(v.VIRGL_BIND_CUSTOM | v.VIRGL_BIND_STAGING)) === 0 && args.bind !== 0;
  if (isHostless && args.width > MAX_BACKING_ONLY_BYTES) return GuestError.LIMIT;
  return {
    kind: isHostless ? ResourceKind.BACKING_ONLY : ResourceKind.BUFFER,
    format: row,
    target: v.PIPE_BUFFER,
    glTarget: 0,
    width: args.width,
    height: 1,
    depth: 1,
    arraySize: 1,
    lastLevel: 0,
    samples: 0,
    bind: args.bind,
    flags: args.flags,
    sizeBytes: args.width,
  };
}

/** Whether this host stores `row` in a texture or renderbuffer of this target with this many samples. */
function storageKind(args: Resource3d, row: FormatRow, support: FormatSupport): ResourceKindCode | null {
  const { features } = support.caps;
  const is2d = args.target === v.PIPE_TEXTURE_2D;
  if (args.samples > 1) {
    if (support.samplesFor(row, args.samples) === 0 || args.lastLevel !== 0) return null;
    if (args.target === v.PIPE_TEXTURE_2D_ARRAY) return features.textureMultisampleArray ? ResourceKind.TEXTURE : null;
    if (!is2d) return null;
    return features.textureMultisample && support.can(row.virglFormat, FormatUse.SAMPLE)
      ? ResourceKind.TEXTURE
      : ResourceKind.RENDERBUFFER;
  }
  if (support.can(row.virglFormat, FormatUse.SAMPLE)) return ResourceKind.TEXTURE;
  return is2d && args.lastLevel === 0 ? ResourceKind.RENDERBUFFER : null;
}

/** GLES has no depth or stencil 3D textures, and compressed ones only where the block format says so. */
function isTargetOfFormat(target: number, row: FormatRow, caps: GlCaps): boolean {
  if (target === v.PIPE_TEXTURE_CUBE_ARRAY && !caps.features.textureCubeMapArray) return false;
  if (target === v.PIPE_TEXTURE_3D) {
    if (row.isDepth || row.isStencil) return false;
    if (row.isCompressed) return row.need === FormatNeed.BPTC;
  }
  const is1d = target === v.PIPE_TEXTURE_1D || target === v.PIPE_TEXTURE_1D_ARRAY;
  return !(is1d && row.isCompressed);
}

/**
 * Checks RESOURCE_CREATE_3D's numbers against protocol, host and format.
 * @returns what to create, or the guest's error.
 */
export function checkShape(args: Resource3d, support: FormatSupport): ResourceShape | GuestErrorCode {
  const row = formatRow(args.format);
  if (row === undefined) return GuestError.UNKNOWN_FORMAT;
  if (args.target === v.PIPE_BUFFER) return bufferShape(args, row);
  if (args.target >= v.PIPE_MAX_TEXTURE_TYPES) return GuestError.BAD_VALUE;
  if (!support.can(args.format, FormatUse.CREATE)) return GuestError.UNKNOWN_FORMAT;
  const extents: Extents = {
    width: args.width,
    height: Math.max(1, args.height),
    depth: Math.max(1, args.depth),
    layers: Math.max(1, args.arraySize),
  };
  if (args.width === 0 || !isWithinLimits(args.target, extents, support.caps)) return GuestError.BAD_VALUE;
  const largest = Math.max(extents.width, extents.height, extents.depth);
  if (args.lastLevel > 31 - Math.clz32(largest)) return GuestError.BAD_VALUE;
  if (!isTargetShape(args.target, extents, args.lastLevel)) return GuestError.BAD_VALUE;
  if (!isTargetOfFormat(args.target, row, support.caps)) return GuestError.BAD_VALUE;
  const kind = storageKind(args, row, support);
  if (kind === null) return GuestError.BAD_VALUE;
  const isMultisampled = args.samples > 1;
  const samples = isMultisampled ? support.samplesFor(row, args.samples) : 0;
  return {
    kind,
    format: row,
    target: args.target,
    glTarget: kind === ResourceKind.RENDERBUFFER ? GL.RENDERBUFFER : glTextureTarget(args.target, isMultisampled),
    width: extents.width,
    height: extents.height,
    depth: extents.depth,
    arraySize: extents.layers,
    lastLevel: args.lastLevel,
    samples,
    bind: args.bind,
    flags: args.flags,
    sizeBytes: textureBytes(row, extents, args.lastLevel, samples),
  };
}
