/**
 * Commands that create, bind and destroy objects. Payload layouts: virgl_protocol.h. Field numbers are unchecked guest
 * values; lengths have been checked by the decoder.
 */
import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import * as v from "../../../virgl/index.js";
import { Dirty } from "../dirty.js";
import type { GlesHost } from "../gles-host.js";
import { BlendState, decodeBlend, defaultBlend, usesDualSource } from "../objects/blend.js";
import { decodeDsa, DsaState } from "../objects/dsa.js";
import { decodeRasterizer, defaultRasterizer, RasterizerState } from "../objects/rasterizer.js";
import { createSamplerState, SamplerState } from "../objects/sampler-state.js";
import { SamplerView } from "../objects/sampler-view.js";
import { ShaderObject } from "../objects/shader-object.js";
import { Surface } from "../objects/surface.js";
import { decodeVertexElements, VertexElements } from "../objects/vertex-elements.js";
import type { VirglObject } from "../objects/virgl-object.js";
import { ResourceKind, type GlResource } from "../resource/index.js";
import { MAX_CONSTANT_BUFFERS } from "../stage-state.js";

const noBlend = defaultBlend();
const noRasterizer = defaultRasterizer();
const noDsa = new DsaState(0, 0, 0, 0);

export function createStateObject(
  host: GlesHost,
  type: number,
  dw: Uint32Array,
  at: number,
  len: number,
): GuestErrorCode {
  const sub = host.current!;
  const handle = dw[at + v.VIRGL_OBJ_CREATE_HANDLE]!;
  const code = sub.checkNewHandle(handle);
  if (code !== GuestError.NONE) return code;
  let object: VirglObject | null = null;
  if (type === v.VIRGL_OBJECT_BLEND) object = decodeBlend(dw, at);
  else if (type === v.VIRGL_OBJECT_DSA) object = decodeDsa(dw, at);
  else if (type === v.VIRGL_OBJECT_RASTERIZER) object = decodeRasterizer(dw, at);
  else if (type === v.VIRGL_OBJECT_VERTEX_ELEMENTS) object = decodeVertexElements(dw, at, len);
  else if (type === v.VIRGL_OBJECT_SAMPLER_STATE) object = createSamplerState(host, dw, at);
  if (object === null) return GuestError.BAD_VALUE;
  if (object instanceof BlendState && usesDualSource(object)) {
    host.explain("blending with a second colour output is not offered");
    return GuestError.NOT_OFFERED;
  }
  sub.put(handle, object);
  return GuestError.NONE;
}

/** BIND_OBJECT: blend, rasterizer, depth-stencil-alpha and vertex elements; handle 0 goes back to defaults. */
export function bindObject(host: GlesHost, dw: Uint32Array, at: number): GuestErrorCode {
  const sub = host.current!;
  const handle = dw[at + v.VIRGL_OBJ_BIND_HANDLE]!;
  const object = handle === 0 ? null : sub.objects.get(handle);
  if (object === undefined) return GuestError.UNKNOWN_HANDLE;
  const type = v.headerObjectType(dw[at]!);
  if (object !== null && object.type !== type) return GuestError.WRONG_OBJECT_TYPE;
  switch (type) {
    case v.VIRGL_OBJECT_BLEND: {
      const blend = object instanceof BlendState ? object : noBlend;
      if (sub.blend !== blend) sub.dirty |= Dirty.BLEND;
      sub.blend = blend;
      return GuestError.NONE;
    }
    case v.VIRGL_OBJECT_DSA: {
      const dsa = object instanceof DsaState ? object : noDsa;
      if (sub.dsa !== dsa) sub.dirty |= Dirty.DSA | Dirty.PROGRAM | Dirty.SYSTEM_VALUES;
      sub.dsa = dsa;
      return GuestError.NONE;
    }
    case v.VIRGL_OBJECT_RASTERIZER: {
      const rasterizer = object instanceof RasterizerState ? object : noRasterizer;
      if (sub.rasterizer !== rasterizer) {
        sub.dirty |= Dirty.RASTERIZER | Dirty.SCISSOR | Dirty.VIEWPORT | Dirty.PROGRAM | Dirty.SYSTEM_VALUES;
      }
      sub.rasterizer = rasterizer;
      return GuestError.NONE;
    }
    case v.VIRGL_OBJECT_VERTEX_ELEMENTS: {
      const elements = object instanceof VertexElements ? object : null;
      if (sub.vertexElements !== elements) sub.dirty |= Dirty.VERTEX | Dirty.PROGRAM;
      sub.vertexElements = elements;
      return GuestError.NONE;
    }
    default:
      return GuestError.BAD_VALUE;
  }
}

/**
 * DESTROY_OBJECT. A bound object lives on until it is unbound. An unknown handle is no error: guests let go of surfaces that they
 * share between contexts in whichever sub-context is current, also after the one that made them has ended.
 */
export function destroyObject(host: GlesHost, dw: Uint32Array, at: number): GuestErrorCode {
  const sub = host.current!;
  const object = sub.objects.take(dw[at + v.VIRGL_OBJ_DESTROY_HANDLE]!);
  if (object === undefined) return GuestError.NONE;
  sub.context.objectCount--;
  object.release(host);
  return GuestError.NONE;
}

/** BIND_SHADER; handle 0 unbinds. Stages that are not offered may only be unbound. */
export function bindShader(host: GlesHost, dw: Uint32Array, at: number): GuestErrorCode {
  const sub = host.current!;
  const handle = dw[at + v.VIRGL_BIND_SHADER_HANDLE]!;
  const stage = dw[at + v.VIRGL_BIND_SHADER_TYPE]!;
  if (stage >= v.PIPE_SHADER_TYPES) return GuestError.BAD_VALUE;
  const object = handle === 0 ? null : sub.objects.get(handle);
  if (object === undefined) return GuestError.UNKNOWN_HANDLE;
  if (object !== null && !(object instanceof ShaderObject)) return GuestError.WRONG_OBJECT_TYPE;
  if (object !== null && object.stage !== stage) return GuestError.BAD_VALUE;
  if (stage === v.PIPE_SHADER_VERTEX) sub.bindVertexShader(host, object);
  else if (stage === v.PIPE_SHADER_FRAGMENT) sub.bindFragmentShader(host, object);
  return GuestError.NONE;
}

export function setFramebufferState(host: GlesHost, dw: Uint32Array, at: number, len: number): GuestErrorCode {
  const sub = host.current!;
  const count = len - 2;
  const depthHandle = dw[at + v.VIRGL_SET_FRAMEBUFFER_STATE_NR_ZSURF_HANDLE]!;
  const depth = depthHandle === 0 ? null : sub.objects.get(depthHandle);
  if (depth === undefined) return GuestError.UNKNOWN_HANDLE;
  if (depth !== null && !(depth instanceof Surface)) return GuestError.WRONG_OBJECT_TYPE;
  if (depth !== null && !depth.format.isDepth && !depth.format.isStencil) return GuestError.BAD_VALUE;
  for (let i = 0; i < count; i++) {
    const handle = dw[at + v.VIRGL_SET_FRAMEBUFFER_STATE_CBUF_HANDLE(i)]!;
    const surface = handle === 0 ? null : sub.objects.get(handle);
    if (surface === undefined) return GuestError.UNKNOWN_HANDLE;
    if (surface === null) continue;
    if (!(surface instanceof Surface)) return GuestError.WRONG_OBJECT_TYPE;
    if (surface.format.isDepth || surface.format.isStencil) return GuestError.BAD_VALUE;
  }
  let used = 0;
  for (let i = 0; i < v.VIRGL_MAX_COLOR_BUFS; i++) {
    const handle = i < count ? dw[at + v.VIRGL_SET_FRAMEBUFFER_STATE_CBUF_HANDLE(i)]! : 0;
    const surface = handle === 0 ? null : (sub.objects.get(handle) as Surface);
    if (surface !== null) used = i + 1;
    sub.bindColorSurface(host, i, surface);
  }
  sub.colorCount = used;
  sub.bindDepthSurface(host, depth);
  return GuestError.NONE;
}

/** SET_SAMPLER_VIEWS: `len - 2` views from a start slot; handle 0 unbinds. */
export function setSamplerViews(host: GlesHost, dw: Uint32Array, at: number, len: number): GuestErrorCode {
  const sub = host.current!;
  const stageIndex = dw[at + v.VIRGL_SET_SAMPLER_VIEWS_SHADER_TYPE]!;
  const start = dw[at + v.VIRGL_SET_SAMPLER_VIEWS_START_SLOT]!;
  const count = len - 2;
  if (stageIndex >= v.PIPE_SHADER_TYPES || start + count > v.MAX_SAMPLER_VIEWS) return GuestError.BAD_VALUE;
  for (let i = 0; i < count; i++) {
    const handle = dw[at + v.VIRGL_SET_SAMPLER_VIEWS_V0_HANDLE + i]!;
    const view = handle === 0 ? null : sub.objects.get(handle);
    if (view === undefined) return GuestError.UNKNOWN_HANDLE;
    if (view !== null && !(view instanceof SamplerView)) return GuestError.WRONG_OBJECT_TYPE;
    const stage = sub.stage(stageIndex);
    if (stage !== null && stage.bindView(host, start + i, view)) sub.dirty |= Dirty.TEXTURES;
  }
  return GuestError.NONE;
}

/** BIND_SAMPLER_STATES: `len - 2` states from a start slot; handle 0 unbinds. */
export function bindSamplerStates(host: GlesHost, dw: Uint32Array, at: number, len: number): GuestErrorCode {
  const sub = host.current!;
  const stageIndex = dw[at + v.VIRGL_BIND_SAMPLER_STATES_SHADER_TYPE]!;
  const start = dw[at + v.VIRGL_BIND_SAMPLER_STATES_START_SLOT]!;
  const count = len - 2;
  if (stageIndex >= v.PIPE_SHADER_TYPES || start + count > v.MAX_SAMPLERS) return GuestError.BAD_VALUE;
  for (let i = 0; i < count; i++) {
    const handle = dw[at + v.VIRGL_BIND_SAMPLER_STATES_S0_HANDLE + i]!;
    const sampler = handle === 0 ? null : sub.objects.get(handle);
    if (sampler === undefined) return GuestError.UNKNOWN_HANDLE;
    if (sampler !== null && !(sampler instanceof SamplerState)) return GuestError.WRONG_OBJECT_TYPE;
    const stage = sub.stage(stageIndex);
    if (stage !== null && stage.bindSampler(host, start + i, sampler)) sub.dirty |= Dirty.TEXTURES;
  }
  return GuestError.NONE;
}

/** SET_VERTEX_BUFFERS: `len / 3` buffers from slot 0; the slots above are unbound. Resource 0 unbinds. */
export function setVertexBuffers(host: GlesHost, dw: Uint32Array, at: number, len: number): GuestErrorCode {
  const sub = host.current!;
  const count = len / 3;
  for (let i = 0; i < count; i++) {
    const id = dw[at + v.VIRGL_SET_VERTEX_BUFFER_HANDLE(i)]!;
    const resource = id === 0 ? null : sub.context.resource(id);
    if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
    if (resource !== null && resource.kind !== ResourceKind.BUFFER) return GuestError.BAD_VALUE;
    sub.vertexStride[i] = dw[at + v.VIRGL_SET_VERTEX_BUFFER_STRIDE(i)]!;
    sub.vertexOffset[i] = dw[at + v.VIRGL_SET_VERTEX_BUFFER_OFFSET(i)]!;
    sub.bindVertexBuffer(i, resource);
  }
  for (let i = count; i < sub.vertexBufferCount; i++) sub.bindVertexBuffer(i, null);
  sub.vertexBufferCount = count;
  sub.dirty |= Dirty.VERTEX;
  return GuestError.NONE;
}

/** SET_INDEX_BUFFER; `len` 1 or resource 0 unbinds. Index size is 1, 2 or 4 bytes. */
export function setIndexBuffer(host: GlesHost, dw: Uint32Array, at: number, len: number): GuestErrorCode {
  const sub = host.current!;
  const id = dw[at + v.VIRGL_SET_INDEX_BUFFER_HANDLE]!;
  if (id === 0 || len === 1) {
    if (id !== 0) return GuestError.BAD_LENGTH;
    sub.bindIndexBuffer(null);
    return GuestError.NONE;
  }
  const resource = sub.context.resource(id);
  if (resource === undefined) return GuestError.UNKNOWN_RESOURCE;
  if (resource.kind !== ResourceKind.BUFFER) return GuestError.BAD_VALUE;
  const size = dw[at + v.VIRGL_SET_INDEX_BUFFER_INDEX_SIZE]!;
  if (size !== 1 && size !== 2 && size !== 4) return GuestError.BAD_VALUE;
  sub.indexSize = size;
  sub.indexOffset = dw[at + v.VIRGL_SET_INDEX_BUFFER_OFFSET]!;
  sub.bindIndexBuffer(resource);
  return GuestError.NONE;
}

/** SET_CONSTANT_BUFFER: `len - 2` dwords of constant buffer 0, used where they lie in the stream. */
export function setConstantBuffer(host: GlesHost, dw: Uint32Array, at: number, len: number): GuestErrorCode {
  const sub = host.current!;
  const stageIndex = dw[at + v.VIRGL_SET_CONSTANT_BUFFER_SHADER_TYPE]!;
  const index = dw[at + v.VIRGL_SET_CONSTANT_BUFFER_INDEX]!;
  if (stageIndex >= v.PIPE_SHADER_TYPES || index >= MAX_CONSTANT_BUFFERS) return GuestError.BAD_VALUE;
  if (index !== 0) return len === 2 ? GuestError.NONE : GuestError.NOT_OFFERED;
  const stage = sub.stage(stageIndex);
  if (stage === null) return GuestError.NONE;
  const offset = dw.byteOffset + (at + v.VIRGL_SET_CONSTANT_BUFFER_DATA_START) * 4 - host.streamBytes.byteOffset;
  sub.borrowConstants(stage, host.streamSegment, host.streamBytes, offset, (len - 2) * 4);
  sub.dirty |= stageIndex === v.PIPE_SHADER_VERTEX ? Dirty.CONSTANTS_VERTEX : Dirty.CONSTANTS_FRAGMENT;
  return GuestError.NONE;
}

/** SET_UNIFORM_BUFFER; resource 0 unbinds. Offset and length in bytes. */
export function setUniformBuffer(host: GlesHost, dw: Uint32Array, at: number): GuestErrorCode {
  const sub = host.current!;
  const stageIndex = dw[at + v.VIRGL_SET_UNIFORM_BUFFER_SHADER_TYPE]!;
  const index = dw[at + v.VIRGL_SET_UNIFORM_BUFFER_INDEX]!;
  if (stageIndex >= v.PIPE_SHADER_TYPES || index >= MAX_CONSTANT_BUFFERS) return GuestError.BAD_VALUE;
  const id = dw[at + v.VIRGL_SET_UNIFORM_BUFFER_RES_HANDLE]!;
  let resource: GlResource | null = null;
  if (id !== 0) {
    const found = sub.context.resource(id);
    if (found === undefined) return GuestError.UNKNOWN_RESOURCE;
    if (found.kind !== ResourceKind.BUFFER) return GuestError.BAD_VALUE;
    resource = found;
  }
  const stage = sub.stage(stageIndex);
  if (stage === null) return resource === null ? GuestError.NONE : GuestError.NOT_OFFERED;
  const offset = dw[at + v.VIRGL_SET_UNIFORM_BUFFER_OFFSET]!;
  const length = dw[at + v.VIRGL_SET_UNIFORM_BUFFER_LENGTH]!;
  if (resource !== null && offset + length > resource.sizeBytes) return GuestError.OUT_OF_BOUNDS;
  stage.bindUniformBuffer(index, resource, offset, length);
  sub.dirty |= Dirty.UNIFORM_BUFFERS;
  return GuestError.NONE;
}
