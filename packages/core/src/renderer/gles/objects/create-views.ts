import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import * as v from "../../../virgl/index.js";
import { canTextureView, formatRow, FormatUse, isViewCompatible, type FormatRow } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import { ResourceKind, type GlResource } from "../resource/index.js";
import * as gl from "../state/gl-enum.js";
import { SamplerView } from "./sampler-view.js";
import { Surface } from "./surface.js";
import type { SubContext } from "../sub-context.js";

/** PIPE_TEXTURE_… → the GL target that a view of it has; 0 for buffers. GLES has no 1D or rectangle textures. */
const VIEW_TARGET = Uint16Array.of(
  0,
  gl.TEXTURE_2D,
  gl.TEXTURE_2D,
  gl.TEXTURE_3D,
  gl.TEXTURE_CUBE_MAP,
  gl.TEXTURE_2D,
  gl.TEXTURE_2D_ARRAY,
  gl.TEXTURE_2D_ARRAY,
  gl.TEXTURE_CUBE_MAP_ARRAY,
);

function viewTarget(pipeTarget: number, samples: number): number {
  const target = VIEW_TARGET[pipeTarget] ?? 0;
  if (samples <= 1) return target;
  return target === gl.TEXTURE_2D_ARRAY ? gl.TEXTURE_2D_MULTISAMPLE_ARRAY : gl.TEXTURE_2D_MULTISAMPLE;
}

/** Whether the host would read other bits through `format` than the resource's own texture gives. */
function needsOtherFormat(resource: GlResource, format: FormatRow): boolean {
  return resource.format.internalFormat !== format.internalFormat && !format.isDepth && !format.isStencil;
}

/** Makes a texture that views part of the resource's texture; 0 when the host cannot. */
function makeTextureView(
  host: GlesHost,
  resource: GlResource,
  format: FormatRow,
  target: number,
  level: number,
  levels: number,
  layer: number,
  layers: number,
): number {
  if (!host.caps.features.textureView || !canTextureView(resource.format, format, host.caps)) return 0;
  const name = host.names.texture.allocate();
  if (name === 0) return 0;
  host.encoder.createTexture(name);
  host.encoder.textureView(name, target, resource.name, format.internalFormat, level, levels, layer, layers);
  return name;
}

/** Index 0..5 (R, G, B, A, ZERO, ONE) of a GL_TEXTURE_SWIZZLE value. */
function swizzleIndex(value: number): number {
  if (value === gl.ZERO) return 4;
  return value === gl.ONE ? 5 : value - gl.RED;
}

/** The guest's swizzle applied after the format's: four 3-bit indices, R lowest. */
function combineSwizzle(guest: number, format: FormatRow): number {
  let packed = 0;
  for (let i = 0; i < 4; i++) {
    const want = (guest >>> (i * 3)) & 7;
    const index = want < 4 ? swizzleIndex(format.viewSwizzle[want]!) : Math.min(want, 5);
    packed |= index << (i * 3);
  }
  return packed;
}

/** CREATE_OBJECT(SAMPLER_VIEW). Source: virgl_protocol.h, VIRGL_OBJ_SAMPLER_VIEW_…; format dword: low 24 bits format, high 8 target. */
export function createSamplerView(host: GlesHost, sub: SubContext, dw: Uint32Array, at: number): GuestErrorCode {
  const resource = sub.context.resource(dw[at + v.VIRGL_OBJ_SAMPLER_VIEW_RES_HANDLE]!);
  if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
  const formatWord = dw[at + v.VIRGL_OBJ_SAMPLER_VIEW_FORMAT]!;
  const format = formatRow(formatWord & 0xffffff);
  if (format === undefined || format.internalFormat === 0) return GuestError.UNKNOWN_FORMAT;
  if (!canView(resource.format, format)) return refuseView(host, resource, format);
  const pipeTarget = formatWord >>> 24 === 0 ? resource.target : formatWord >>> 24;
  if (resource.kind !== ResourceKind.TEXTURE || pipeTarget === v.PIPE_BUFFER) return GuestError.NOT_OFFERED;
  const layers = dw[at + v.VIRGL_OBJ_SAMPLER_VIEW_TEXTURE_LAYER]!;
  const levels = dw[at + v.VIRGL_OBJ_SAMPLER_VIEW_TEXTURE_LEVEL]!;
  const firstLevel = levels & 0xff;
  const lastLevel = Math.min((levels >>> 8) & 0xff, resource.lastLevel);
  const firstLayer = layers & 0xffff;
  if (firstLevel > lastLevel) return GuestError.OUT_OF_BOUNDS;
  const layerCount = resource.depth > 1 ? 1 : resource.arraySize;
  const lastLayer = Math.min(layers >>> 16, layerCount - 1);
  const target = viewTarget(pipeTarget, resource.samples);
  if (target === 0) return GuestError.BAD_VALUE;
  const isPart = target !== gl.TEXTURE_3D && (firstLayer > 0 || lastLayer < layerCount - 1);
  let name = 0;
  if (needsOtherFormat(resource, format) || target !== resource.glTarget || isPart) {
    if (firstLayer > lastLayer) return GuestError.OUT_OF_BOUNDS;
    const fits = viewLayers(target, lastLayer - firstLayer + 1);
    if (fits === 0) return GuestError.BAD_VALUE;
    name = makeTextureView(host, resource, format, target, 0, resource.lastLevel + 1, firstLayer, fits);
    if (name === 0 && target !== resource.glTarget) return GuestError.NOT_OFFERED;
  }
  host.resources.define(resource);
  const swizzle = combineSwizzle(dw[at + v.VIRGL_OBJ_SAMPLER_VIEW_SWIZZLE]!, format);
  const view = new SamplerView(resource, format, target, name, firstLevel, lastLevel, swizzle);
  sub.put(dw[at + v.VIRGL_OBJ_SAMPLER_VIEW_HANDLE]!, view);
  return GuestError.NONE;
}

/** Layers that a view of this target takes out of `available`; 0 when there are too few. */
function viewLayers(target: number, available: number): number {
  if (target === gl.TEXTURE_CUBE_MAP) return available >= 6 ? 6 : 0;
  if (target === gl.TEXTURE_CUBE_MAP_ARRAY) return available - (available % 6);
  return target === gl.TEXTURE_2D || target === gl.TEXTURE_3D || target === gl.TEXTURE_2D_MULTISAMPLE ? 1 : available;
}

/** CREATE_OBJECT(SURFACE). Source: virgl_protocol.h, VIRGL_OBJ_SURFACE_…; layers: first | last << 16. */
export function createSurface(host: GlesHost, sub: SubContext, dw: Uint32Array, at: number): GuestErrorCode {
  const resource = sub.context.resource(dw[at + v.VIRGL_OBJ_SURFACE_RES_HANDLE]!);
  if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
  const format = formatRow(dw[at + v.VIRGL_OBJ_SURFACE_FORMAT]!);
  if (format === undefined || format.internalFormat === 0) return GuestError.UNKNOWN_FORMAT;
  if (resource.kind !== ResourceKind.TEXTURE && resource.kind !== ResourceKind.RENDERBUFFER)
    return GuestError.BAD_VALUE;
  const level = dw[at + v.VIRGL_OBJ_SURFACE_TEXTURE_LEVEL]!;
  const layers = dw[at + v.VIRGL_OBJ_SURFACE_TEXTURE_LAYERS]!;
  const firstLayer = layers & 0xffff;
  const lastLayer = layers >>> 16;
  if (level > resource.lastLevel) return GuestError.OUT_OF_BOUNDS;
  if (firstLayer > lastLayer || lastLayer >= resource.levelLayers(level)) return GuestError.OUT_OF_BOUNDS;
  const isZs = resource.format.isDepth || resource.format.isStencil;
  if (isZs !== (format.isDepth || format.isStencil)) return GuestError.BAD_VALUE;
  const use = isZs ? FormatUse.DEPTH_STENCIL : FormatUse.RENDER;
  const canRender =
    canView(resource.format, format) &&
    host.formats.can(format.virglFormat, use) &&
    host.formats.can(resource.format.virglFormat, use);
  const type = v.VIRGL_OBJECT_SURFACE;
  if (canRender) {
    host.imports.aboutToRender(resource);
    host.resources.define(resource);
  }
  const surface = new Surface(type, host.nextSerial(), resource, format, level, firstLayer, lastLayer, canRender);
  if (canRender) {
    if (!isZs && needsRenderView(host, resource, format)) viewForRendering(host, surface);
  }
  sub.put(dw[at + v.VIRGL_OBJ_SURFACE_HANDLE]!, surface);
  return GuestError.NONE;
}

/** Depth and stencil formats view each other: the host samples what the resource has, and the mode picks the part. */
function canView(stored: FormatRow, format: FormatRow): boolean {
  const isZs = stored.isDepth || stored.isStencil;
  if (isZs !== (format.isDepth || format.isStencil)) return false;
  return isZs || isViewCompatible(stored, format);
}

function refuseView(host: GlesHost, resource: GlResource, format: FormatRow): GuestErrorCode {
  host.explain(`${format.name} cannot view resource ${resource.id} of ${resource.format.name}`);
  return GuestError.UNKNOWN_FORMAT;
}

/** A linear surface of an sRGB resource needs none where the host can switch the encoding off. */
function needsRenderView(host: GlesHost, resource: GlResource, format: FormatRow): boolean {
  if (resource.format.internalFormat === format.internalFormat) return false;
  const onlySrgb = resource.format.internalFormat === gl.SRGB8_ALPHA8 && format.internalFormat === gl.RGBA8;
  return !(onlySrgb && host.caps.features.srgbWriteControl);
}

function viewForRendering(host: GlesHost, surface: Surface): void {
  const { resource, format } = surface;
  if (resource.kind === ResourceKind.TEXTURE) {
    const layers = resource.depth > 1 ? 1 : resource.arraySize;
    const levels = resource.lastLevel + 1;
    const name = makeTextureView(host, resource, format, resource.glTarget, 0, levels, 0, layers);
    if (name !== 0) surface.textureName = name;
    else surface.encodeSrgb = format.isSrgb && !resource.format.isSrgb;
  } else {
    surface.encodeSrgb = format.isSrgb && !resource.format.isSrgb;
  }
}
