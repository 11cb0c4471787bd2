import type { GlesHost } from "../gles-host.js";
import { Dirty } from "../dirty.js";
import { Cap } from "../state/gl-state.js";
import * as gl from "../state/gl-enum.js";
import {
  BLEND_EQUATION,
  BLEND_FACTOR,
  BLEND_FACTOR_NO_DST_ALPHA,
  COMPARE_FUNC,
  CULL_FACE_MODE,
  STENCIL_OP,
} from "../state/pipe-to-gl.js";
import type { StencilFace } from "../objects/dsa.js";
import type { SubContext } from "../sub-context.js";

/** Largest coordinate that fits every driver's viewport and scissor arithmetic. */
const COORDINATE_LIMIT = 1 << 24;

function coordinate(value: number): number {
  return Math.max(-COORDINATE_LIMIT, Math.min(COORDINATE_LIMIT, Math.round(value)));
}

/**
 * Viewport 0 and depth range. Guest rows are texture rows: window y in gallium's sense is window y in GL's. A negative
 * y scale (window-system drawing) becomes system value `y sign`, by which vertex shaders multiply gl_Position.y.
 */
export function emitViewport(host: GlesHost, sub: SubContext): void {
  const viewport = sub.viewports;
  const scaleX = Math.abs(viewport[0]!);
  const scaleY = Math.abs(viewport[1]!);
  const scaleZ = viewport[2]!;
  const translateZ = viewport[5]!;
  const x = coordinate(viewport[3]! - scaleX);
  const y = coordinate(viewport[4]! - scaleY);
  const width = coordinate(viewport[3]! + scaleX) - x;
  const height = coordinate(viewport[4]! + scaleY) - y;
  host.state.viewport(x, y, width, height);
  const near = sub.rasterizer.clipHalfZ ? translateZ : translateZ - scaleZ;
  host.state.depthRange(near, translateZ + scaleZ);
  const ySign = viewport[1]! < 0 ? -1 : 1;
  if (sub.systemValues[0] !== ySign) {
    sub.systemValues[0] = ySign;
    sub.dirty |= Dirty.SYSTEM_VALUES;
  }
}

export function emitScissor(host: GlesHost, sub: SubContext): void {
  const on = sub.rasterizer.scissor;
  host.state.enable(Cap.SCISSOR_TEST, on);
  if (!on) return;
  const s = sub.scissors;
  host.state.scissor(s[0]!, s[1]!, Math.max(0, s[2]! - s[0]!), Math.max(0, s[3]! - s[1]!));
}

/**
 * Culling, offset, discard, clamp. Gallium names winding as seen with y pointing down, GL with y pointing up; window
 * coordinates being the same numbers, the names are exchanged.
 */
export function emitRasterizer(host: GlesHost, sub: SubContext): void {
  const { state, caps } = host;
  const rasterizer = sub.rasterizer;
  const culls = rasterizer.cullFace !== 0;
  state.enable(Cap.CULL_FACE, culls);
  if (culls) state.cullFace(CULL_FACE_MODE[rasterizer.cullFace]!);
  state.frontFace(rasterizer.frontCcw ? gl.CW : gl.CCW);
  state.enable(Cap.RASTERIZER_DISCARD, rasterizer.discard);
  state.enable(Cap.POLYGON_OFFSET_FILL, rasterizer.offsetTriangles);
  if (rasterizer.offsetTriangles) {
    const clamp = caps.features.polygonOffsetClamp ? rasterizer.offsetClamp : 0;
    state.polygonOffset(rasterizer.offsetScale, rasterizer.offsetUnits, clamp);
  }
  state.enable(Cap.DEPTH_CLAMP, !rasterizer.depthClip);
  const width = rasterizer.lineWidth;
  if (width > 0 && width <= caps.lineWidthRange[1]) state.lineWidth(width);
  const values = sub.systemValues;
  if (values[1] !== rasterizer.pointSize) {
    values[1] = rasterizer.pointSize;
    sub.dirty |= Dirty.SYSTEM_VALUES;
  }
}

function emitStencilFace(host: GlesHost, face: number, stencil: StencilFace, ref: number): void {
  const { state } = host;
  state.stencilFunc(face, COMPARE_FUNC[stencil.func]!, ref, stencil.valueMask);
  state.stencilOp(face, STENCIL_OP[stencil.failOp]!, STENCIL_OP[stencil.depthFailOp]!, STENCIL_OP[stencil.passOp]!);
  state.stencilMask(face, stencil.writeMask);
}

/** Depth and stencil tests; the alpha test is part of the program. */
export function emitDsa(host: GlesHost, sub: SubContext): void {
  const { state } = host;
  const dsa = sub.dsa;
  state.enable(Cap.DEPTH_TEST, dsa.depthEnabled);
  if (dsa.depthEnabled) {
    state.depthFunc(COMPARE_FUNC[dsa.depthFunc]!);
    state.depthMask(dsa.depthWrite);
  }
  state.enable(Cap.STENCIL_TEST, dsa.front.enabled);
  if (dsa.front.enabled) {
    emitStencilFace(host, 0, dsa.front, sub.stencilRefFront);
    emitStencilFace(host, 1, dsa.back, dsa.twoSided ? sub.stencilRefBack : sub.stencilRefFront);
  }
  const values = sub.systemValues;
  if (values[2] !== dsa.alphaRef) {
    values[2] = dsa.alphaRef;
    sub.dirty |= Dirty.SYSTEM_VALUES;
  }
}

/** Exchanges the R and B bits of a write mask. */
function swapMask(mask: number): number {
  return (mask & 0xa) | ((mask & 1) << 2) | ((mask >> 2) & 1);
}

/** Write mask of colour buffer `i` as stored; buffers that the program does not write keep their contents. */
function writeMask(sub: SubContext, i: number, outputMask: number): number {
  if (((outputMask >> i) & 1) === 0) return 0;
  const mask = sub.blend.targets[i]! >>> 27;
  const surface = sub.colorSurfaces[i]!;
  return surface !== null && surface.format.swapRB ? swapMask(mask & 15) : mask & 15;
}

/** Whether colour buffer `i` blends. Some hosts refuse draws that blend into 32-bit floats (OpenGL ES EXT_float_blend, overview). */
function blends(host: GlesHost, sub: SubContext, i: number): boolean {
  if ((sub.blend.targets[i]! & 1) === 0) return false;
  if (host.caps.features.floatBlend) return true;
  const surface = sub.colorSurfaces[i]!;
  return surface === null || !surface.format.isFloat || surface.format.type !== gl.FLOAT;
}

function emitBlendTarget(host: GlesHost, sub: SubContext, i: number, all: boolean): void {
  const { state } = host;
  const word = sub.blend.targets[i]!;
  if ((word & 1) === 0) return;
  const surface = sub.colorSurfaces[i]!;
  const factors = surface !== null && surface.format.noAlpha ? BLEND_FACTOR_NO_DST_ALPHA : BLEND_FACTOR;
  const srcRgb = factors[(word >>> 4) & 31]!;
  const dstRgb = factors[(word >>> 9) & 31]!;
  const srcAlpha = factors[(word >>> 17) & 31]!;
  const dstAlpha = factors[(word >>> 22) & 31]!;
  const equationRgb = BLEND_EQUATION[(word >>> 1) & 7]!;
  const equationAlpha = BLEND_EQUATION[(word >>> 14) & 7]!;
  if (all) {
    state.blendFuncAll(srcRgb, dstRgb, srcAlpha, dstAlpha);
    state.blendEquationAll(equationRgb, equationAlpha);
  } else {
    state.blendFunc(i, srcRgb, dstRgb, srcAlpha, dstAlpha);
    state.blendEquation(i, equationRgb, equationAlpha);
  }
}

/** Whether every bound colour buffer blends and masks alike, so that one set of non-indexed state does. */
function isUniformBlend(sub: SubContext, outputMask: number): boolean {
  const first = sub.colorSurfaces[0]!;
  for (let i = 1; i < sub.colorCount; i++) {
    const surface = sub.colorSurfaces[i]!;
    if (surface === null) continue;
    if (sub.blend.targets[i] !== sub.blend.targets[0]) return false;
    if (writeMask(sub, i, outputMask) !== writeMask(sub, 0, outputMask)) return false;
    if (first === null || surface.format.noAlpha !== first.format.noAlpha) return false;
    if (surface.format.type !== first.format.type) return false;
  }
  return true;
}

/** Blending, write masks and the per-sample options. `outputMask`: colour outputs that the program declares. */
export function emitBlend(host: GlesHost, sub: SubContext, outputMask: number): void {
  const { state } = host;
  const { blend } = sub;
  if (sub.colorCount <= 1 || isUniformBlend(sub, outputMask)) {
    state.colorMaskAll(writeMask(sub, 0, outputMask));
    state.blendEnables(blends(host, sub, 0) ? 0xff : 0);
    emitBlendTarget(host, sub, 0, true);
  } else {
    let enables = 0;
    for (let i = 0; i < sub.colorCount; i++) {
      state.colorMask(i, writeMask(sub, i, outputMask));
      if (blends(host, sub, i)) enables |= 1 << i;
      emitBlendTarget(host, sub, i, false);
    }
    state.blendEnables(enables);
  }
  state.enable(Cap.DITHER, blend.dither);
  state.enable(Cap.ALPHA_TO_COVERAGE, blend.alphaToCoverage);
  state.enable(Cap.ALPHA_TO_ONE, blend.alphaToOne);
}

/** The blend constant, in the component order of colour buffer 0. */
export function emitBlendColor(host: GlesHost, sub: SubContext): void {
  const c = sub.blendColor;
  const surface = sub.colorSurfaces[0]!;
  if (surface !== null && surface.format.swapRB) host.state.blendColor(c[2]!, c[1]!, c[0]!, c[3]!);
  else host.state.blendColor(c[0]!, c[1]!, c[2]!, c[3]!);
}

export function emitSampleMask(host: GlesHost, sub: SubContext): void {
  const { state } = host;
  const on = sub.sampleMask !== 0xffffffff;
  if (!state.hasCap(Cap.SAMPLE_MASK)) {
    emitSampleCoverage(host, sub, on);
    return;
  }
  state.enable(Cap.SAMPLE_MASK, on);
  if (on) state.sampleMask(sub.sampleMask);
}

/**
 * OpenGL ES 3.0 hosts have no sample mask, and OpenGL ES 3.0 guests make theirs from a coverage value: the lowest samples, or, inverted,
 * all but the lowest. The value is found again by counting.
 */
function emitSampleCoverage(host: GlesHost, sub: SubContext, on: boolean): void {
  const { state } = host;
  const surface = sub.colorCount > 0 ? sub.colorSurfaces[0]! : sub.depthSurface;
  const samples = Math.min(31, surface === null ? 1 : surface.resource.samples);
  state.enable(Cap.SAMPLE_COVERAGE, on && samples > 1);
  if (!on || samples <= 1) return;
  let kept = 0;
  for (let i = 0; i < samples; i++) kept += (sub.sampleMask >>> i) & 1;
  const invert = kept > 0 && (sub.sampleMask & 1) === 0;
  state.sampleCoverage((invert ? samples - kept : kept) / samples, invert);
}
