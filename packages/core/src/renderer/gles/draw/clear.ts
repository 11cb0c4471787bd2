import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import * as v from "../../../virgl/index.js";
import { Dirty } from "../dirty.js";
import { ColorType } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import type { Surface } from "../objects/surface.js";
import * as gl from "../state/gl-enum.js";
import { Cap } from "../state/gl-state.js";
import type { SubContext } from "../sub-context.js";
import { emitFramebuffer } from "./emit-framebuffer.js";

const words = new Uint32Array(6);
const floats = new Float32Array(words.buffer);
const ints = new Int32Array(words.buffer);
const depthWords = new Uint32Array(2);
const depthDouble = new Float64Array(depthWords.buffer);

/** IEC 61966-2-1, for targets whose encoding the host cannot do. */
function encodeSrgb(value: number): number {
  const x = Math.min(1, Math.max(0, value));
  return x <= 0.0031308 ? x * 12.92 : 1.055 * x ** (1 / 2.4) - 0.055;
}

/** Clears colour buffer `index` to the four words in `words`, interpreted as the surface's format wants. */
function clearColor(host: GlesHost, index: number, surface: Surface): void {
  const { encoder } = host;
  const { format } = surface;
  const r = format.swapRB ? 2 : 0;
  const b = 2 - r;
  if (format.colorType === ColorType.INT) {
    encoder.clearBufferiv(gl.COLOR, index, ints[r]!, ints[1]!, ints[b]!, ints[3]!);
  } else if (format.colorType === ColorType.UINT) {
    encoder.clearBufferuiv(gl.COLOR, index, words[r]!, words[1]!, words[b]!, words[3]!);
  } else if (surface.encodeSrgb) {
    const encode = encodeSrgb;
    encoder.clearBufferfv(gl.COLOR, index, encode(floats[r]!), encode(floats[1]!), encode(floats[b]!), floats[3]!);
  } else {
    encoder.clearBufferfv(gl.COLOR, index, floats[r]!, floats[1]!, floats[b]!, format.noAlpha ? 1 : floats[3]!);
  }
}

function clearDepthStencil(host: GlesHost, sub: SubContext, buffers: number, depth: number, stencil: number): void {
  const surface = sub.depthSurface;
  if (surface === null) return;
  const { isDepth, isStencil } = surface.resource.format;
  const clearsDepth = (buffers & v.PIPE_CLEAR_DEPTH) !== 0 && isDepth;
  const clearsStencil = (buffers & v.PIPE_CLEAR_STENCIL) !== 0 && isStencil;
  const { encoder } = host;
  if (clearsDepth && clearsStencil) encoder.clearBufferfi(gl.DEPTH_STENCIL, 0, depth, stencil);
  else if (clearsDepth) encoder.clearBufferfv(gl.DEPTH, 0, depth, 0, 0, 0);
  else if (clearsStencil) encoder.clearBufferiv(gl.STENCIL, 0, stencil, 0, 0, 0);
}

/**
 * CLEAR: whole buffers of the bound framebuffer, regardless of scissor, masks and discard. Colour words are floats or
 * integers as each buffer's format says. Source: virgl_protocol.h, VIRGL_OBJ_CLEAR_….
 */
export function clear(host: GlesHost, dw: Uint32Array, at: number): GuestErrorCode {
  const sub = host.current!;
  if (!emitFramebuffer(host, sub)) {
    host.counters.skippedDraws++;
    return GuestError.NONE;
  }
  const { state } = host;
  const buffers = dw[at + v.VIRGL_OBJ_CLEAR_BUFFERS]!;
  for (let i = 0; i < 4; i++) words[i] = dw[at + v.VIRGL_OBJ_CLEAR_COLOR_0 + i]!;
  depthWords[0] = dw[at + v.VIRGL_OBJ_CLEAR_DEPTH_0]!;
  depthWords[1] = dw[at + v.VIRGL_OBJ_CLEAR_DEPTH_1]!;
  state.enable(Cap.SCISSOR_TEST, false);
  state.enable(Cap.RASTERIZER_DISCARD, false);
  sub.dirty |= Dirty.SCISSOR | Dirty.RASTERIZER;
  if ((buffers & v.PIPE_CLEAR_COLOR) !== 0) {
    state.colorMaskAll(v.PIPE_MASK_RGBA);
    sub.dirty |= Dirty.BLEND;
    for (let i = 0; i < sub.colorCount; i++) {
      const surface = sub.colorSurfaces[i]!;
      if (surface !== null && (buffers & (v.PIPE_CLEAR_COLOR0 << i)) !== 0) clearColor(host, i, surface);
    }
  }
  if ((buffers & v.PIPE_CLEAR_DEPTHSTENCIL) !== 0) {
    state.depthMask(true);
    state.stencilMask(0, 0xff);
    state.stencilMask(1, 0xff);
    sub.dirty |= Dirty.DSA;
    clearDepthStencil(host, sub, buffers, depthDouble[0]!, dw[at + v.VIRGL_OBJ_CLEAR_STENCIL]! & 0xff);
  }
  host.counters.clears++;
  return GuestError.NONE;
}
