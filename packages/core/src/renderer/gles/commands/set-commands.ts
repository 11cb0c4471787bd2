/** Commands that set plain values. Payload layouts: virgl_protocol.h. */
import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import * as v from "../../../virgl/index.js";
import { Dirty } from "../dirty.js";
import type { GlesHost } from "../gles-host.js";

const bits = new Uint32Array(1);
const float = new Float32Array(bits.buffer);

function asFloat(word: number): number {
  bits[0] = word;
  return float[0]!;
}

/** SET_VIEWPORT_STATE: `(len - 1) / 6` viewports from a start slot. */
export function setViewportState(host: GlesHost, dw: Uint32Array, at: number, len: number): GuestErrorCode {
  const sub = host.current!;
  const start = dw[at + v.VIRGL_SET_VIEWPORT_START_SLOT]!;
  const words = len - 1;
  if (start >= v.MAX_VIEWPORTS || start * 6 + words > sub.viewports.length) return GuestError.BAD_VALUE;
  const first = at + v.VIRGL_SET_VIEWPORT_STATE_SCALE_0(0);
  for (let i = 0; i < words; i++) {
    const value = asFloat(dw[first + i]!);
    if (!Number.isFinite(value)) return GuestError.BAD_VALUE;
    sub.viewports[start * 6 + i] = value;
  }
  sub.dirty |= Dirty.VIEWPORT;
  return GuestError.NONE;
}

/** SET_SCISSOR_STATE: `(len - 1) / 2` rectangles from a start slot, 16-bit corners. */
export function setScissorState(host: GlesHost, dw: Uint32Array, at: number, len: number): GuestErrorCode {
  const sub = host.current!;
  const start = dw[at + v.VIRGL_SET_SCISSOR_START_SLOT]!;
  const count = (len - 1) / 2;
  if (start + count > v.MAX_VIEWPORTS) return GuestError.BAD_VALUE;
  for (let i = 0; i < count; i++) {
    const min = dw[at + v.VIRGL_SET_SCISSOR_MINX_MINY(i)]!;
    const max = dw[at + v.VIRGL_SET_SCISSOR_MAXX_MAXY(i)]!;
    const slot = (start + i) * 4;
    sub.scissors[slot] = min & 0xffff;
    sub.scissors[slot + 1] = min >>> 16;
    sub.scissors[slot + 2] = max & 0xffff;
    sub.scissors[slot + 3] = max >>> 16;
  }
  sub.dirty |= Dirty.SCISSOR;
  return GuestError.NONE;
}

export function setBlendColor(host: GlesHost, dw: Uint32Array, at: number): GuestErrorCode {
  const sub = host.current!;
  for (let i = 0; i < 4; i++) sub.blendColor[i] = asFloat(dw[at + v.VIRGL_SET_BLEND_COLOR(i)]!);
  sub.dirty |= Dirty.BLEND_COLOR;
  return GuestError.NONE;
}

/** SET_STENCIL_REF: front in the low byte, back in the next. */
export function setStencilRef(host: GlesHost, dw: Uint32Array, at: number): GuestErrorCode {
  const sub = host.current!;
  const value = dw[at + v.VIRGL_SET_STENCIL_REF]!;
  sub.stencilRefFront = value & 0xff;
  sub.stencilRefBack = (value >>> 8) & 0xff;
  sub.dirty |= Dirty.DSA;
  return GuestError.NONE;
}

export function setSampleMask(host: GlesHost, dw: Uint32Array, at: number): GuestErrorCode {
  const sub = host.current!;
  sub.sampleMask = dw[at + v.VIRGL_SET_SAMPLE_MASK_MASK]!;
  sub.dirty |= Dirty.SAMPLE_MASK;
  return GuestError.NONE;
}

/** SET_CLIP_STATE: 8 planes of 4 floats. */
export function setClipState(host: GlesHost, dw: Uint32Array, at: number): GuestErrorCode {
  const sub = host.current!;
  for (let i = 0; i < v.VIRGL_SET_CLIP_STATE_SIZE; i++) {
    sub.systemValues[4 + i] = asFloat(dw[at + v.VIRGL_SET_CLIP_STATE_C0 + i]!);
  }
  sub.dirty |= Dirty.SYSTEM_VALUES;
  return GuestError.NONE;
}
