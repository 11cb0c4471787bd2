import type { GlCaps, GlEncoder } from "../../../gl/index.js";
import * as gl from "./gl-enum.js";

/** Index of each capability that the renderer switches, into `CAPABILITIES`. */
export const Cap = {
  CULL_FACE: 0,
  DEPTH_TEST: 1,
  STENCIL_TEST: 2,
  DITHER: 3,
  SCISSOR_TEST: 4,
  POLYGON_OFFSET_FILL: 5,
  ALPHA_TO_COVERAGE: 6,
  ALPHA_TO_ONE: 7,
  SAMPLE_MASK: 8,
  SAMPLE_SHADING: 9,
  RASTERIZER_DISCARD: 10,
  PRIMITIVE_RESTART: 11,
  FRAMEBUFFER_SRGB: 12,
  DEPTH_CLAMP: 13,
  /** …+7. */
  CLIP_DISTANCE0: 14,
  SAMPLE_COVERAGE: 22,
} as const;

const CAPABILITIES = Uint32Array.of(
  gl.CULL_FACE,
  gl.DEPTH_TEST,
  gl.STENCIL_TEST,
  gl.DITHER,
  gl.SCISSOR_TEST,
  gl.POLYGON_OFFSET_FILL,
  gl.SAMPLE_ALPHA_TO_COVERAGE,
  gl.SAMPLE_ALPHA_TO_ONE,
  gl.SAMPLE_MASK,
  gl.SAMPLE_SHADING,
  gl.RASTERIZER_DISCARD,
  gl.PRIMITIVE_RESTART_FIXED_INDEX,
  gl.FRAMEBUFFER_SRGB,
  gl.DEPTH_CLAMP,
  gl.CLIP_DISTANCE0,
  gl.CLIP_DISTANCE0 + 1,
  gl.CLIP_DISTANCE0 + 2,
  gl.CLIP_DISTANCE0 + 3,
  gl.CLIP_DISTANCE0 + 4,
  gl.CLIP_DISTANCE0 + 5,
  gl.CLIP_DISTANCE0 + 6,
  gl.CLIP_DISTANCE0 + 7,
  gl.SAMPLE_COVERAGE,
);

export const MAX_COLOR_BUFFERS = 8;
const UNKNOWN = -1;

/**
 * The shadow of the GL context's fixed-function state, and the only caller of GL's state setters. Every setter compares
 * with what the context has and encodes an op only when it differs, so callers set whatever they need without asking
 * what was there. Nothing here allocates. `UNKNOWN` entries differ from every value.
 */
export class GlState {
  readonly #encoder: GlEncoder;
  readonly #indexed: boolean;
  readonly #hasCap = new Uint8Array(CAPABILITIES.length).fill(1);
  readonly #caps = new Int8Array(CAPABILITIES.length).fill(UNKNOWN);

  readonly #blendEnabled = new Int8Array(MAX_COLOR_BUFFERS).fill(UNKNOWN);
  readonly #blendFunc = new Float64Array(MAX_COLOR_BUFFERS * 4).fill(UNKNOWN);
  readonly #blendEquation = new Float64Array(MAX_COLOR_BUFFERS * 2).fill(UNKNOWN);
  readonly #colorMask = new Int8Array(MAX_COLOR_BUFFERS).fill(UNKNOWN);
  readonly #blendColor = new Float32Array(4).fill(NaN);

  readonly #viewport = new Float64Array(4).fill(NaN);
  readonly #scissor = new Float64Array(4).fill(NaN);
  readonly #depthRange = new Float64Array(2).fill(NaN);
  readonly #polygonOffset = new Float64Array(3).fill(NaN);
  /** front then back: func, ref, mask | fail, zfail, zpass | write mask. */
  readonly #stencil = new Float64Array(14).fill(NaN);
  #depthFunc = UNKNOWN;
  #depthMask = UNKNOWN;
  #cullFace = UNKNOWN;
  #frontFace = UNKNOWN;
  #lineWidth = NaN;
  #sampleMask = UNKNOWN;
  #coverageValue = NaN;
  #coverageInvert = false;
  #minSampleShading = NaN;
  #program = UNKNOWN;
  #drawFramebuffer = UNKNOWN;
  #readFramebuffer = UNKNOWN;

  constructor(encoder: GlEncoder, caps: GlCaps) {
    this.#encoder = encoder;
    this.#indexed = caps.features.drawBuffersIndexed;
    const has = this.#hasCap;
    has[Cap.ALPHA_TO_ONE] = caps.isGles ? 0 : 1;
    has[Cap.SAMPLE_MASK] = caps.version >= 31 ? 1 : 0;
    has[Cap.SAMPLE_SHADING] = caps.features.sampleShading ? 1 : 0;
    has[Cap.FRAMEBUFFER_SRGB] = !caps.isGles || caps.features.srgbWriteControl ? 1 : 0;
    has[Cap.DEPTH_CLAMP] = caps.features.depthClamp ? 1 : 0;
    for (let i = 0; i < 8; i++) has[Cap.CLIP_DISTANCE0 + i] = i < caps.limits.clipDistances ? 1 : 0;
  }

  /** Encodes what a fresh context needs once: on desktop GL, what GLES does always. */
  initialise(isGles: boolean): void {
    if (isGles) return;
    this.#encoder.enable(gl.PROGRAM_POINT_SIZE);
    this.#encoder.enable(gl.TEXTURE_CUBE_MAP_SEAMLESS);
  }

  /** Whether the host can switch this capability at all; without it `enable` does nothing. */
  hasCap(cap: number): boolean {
    return this.#hasCap[cap] === 1;
  }

  /** `cap` is a `Cap` index. */
  enable(cap: number, on: boolean): void {
    const value = on ? 1 : 0;
    if (this.#caps[cap] === value || this.#hasCap[cap] === 0) return;
    this.#caps[cap] = value;
    if (on) this.#encoder.enable(CAPABILITIES[cap]!);
    else this.#encoder.disable(CAPABILITIES[cap]!);
  }

  /**
   * Blend enables of all colour buffers, bit i = buffer i. Without indexed state only 0 and all ones differ; the first
   * buffer decides then.
   */
  blendEnables(mask: number): void {
    const enabled = this.#blendEnabled;
    const first = mask & 1;
    const uniform = !this.#indexed || mask === 0 || mask === 0xff;
    for (let i = 0; i < MAX_COLOR_BUFFERS; i++) {
      const want = uniform ? first : (mask >> i) & 1;
      if (enabled[i] === want) continue;
      if (uniform) {
        enabled.fill(first);
        if (first === 1) this.#encoder.enable(gl.BLEND);
        else this.#encoder.disable(gl.BLEND);
        return;
      }
      enabled[i] = want;
      if (want === 1) this.#encoder.enablei(gl.BLEND, i);
      else this.#encoder.disablei(gl.BLEND, i);
    }
  }

  /** Blend factors (GL enumerants) of every colour buffer. */
  blendFuncAll(srcRgb: number, dstRgb: number, srcAlpha: number, dstAlpha: number): void {
    for (let i = 0; i < MAX_COLOR_BUFFERS; i++) {
      if (!this.#blendFuncDiffers(i, srcRgb, dstRgb, srcAlpha, dstAlpha)) continue;
      for (let k = 0; k < MAX_COLOR_BUFFERS; k++) this.#keepBlendFunc(k, srcRgb, dstRgb, srcAlpha, dstAlpha);
      this.#encoder.blendFuncSeparate(srcRgb, dstRgb, srcAlpha, dstAlpha);
      return;
    }
  }

  /** Blend factors of one colour buffer; needs indexed state, else buffer 0 speaks for all. */
  blendFunc(index: number, srcRgb: number, dstRgb: number, srcAlpha: number, dstAlpha: number): void {
    if (!this.#indexed) {
      if (index === 0) this.blendFuncAll(srcRgb, dstRgb, srcAlpha, dstAlpha);
      return;
    }
    if (!this.#blendFuncDiffers(index, srcRgb, dstRgb, srcAlpha, dstAlpha)) return;
    this.#keepBlendFunc(index, srcRgb, dstRgb, srcAlpha, dstAlpha);
    this.#encoder.blendFuncSeparatei(index, srcRgb, dstRgb, srcAlpha, dstAlpha);
  }

  #blendFuncDiffers(i: number, a: number, b: number, c: number, d: number): boolean {
    const f = this.#blendFunc;
    return f[i * 4] !== a || f[i * 4 + 1] !== b || f[i * 4 + 2] !== c || f[i * 4 + 3] !== d;
  }

  #keepBlendFunc(i: number, a: number, b: number, c: number, d: number): void {
    const f = this.#blendFunc;
    f[i * 4] = a;
    f[i * 4 + 1] = b;
    f[i * 4 + 2] = c;
    f[i * 4 + 3] = d;
  }

  blendEquationAll(rgb: number, alpha: number): void {
    const e = this.#blendEquation;
    for (let i = 0; i < MAX_COLOR_BUFFERS; i++) {
      if (e[i * 2] === rgb && e[i * 2 + 1] === alpha) continue;
      for (let k = 0; k < MAX_COLOR_BUFFERS; k++) {
        e[k * 2] = rgb;
        e[k * 2 + 1] = alpha;
      }
      this.#encoder.blendEquationSeparate(rgb, alpha);
      return;
    }
  }

  blendEquation(index: number, rgb: number, alpha: number): void {
    if (!this.#indexed) {
      if (index === 0) this.blendEquationAll(rgb, alpha);
      return;
    }
    const e = this.#blendEquation;
    if (e[index * 2] === rgb && e[index * 2 + 1] === alpha) return;
    e[index * 2] = rgb;
    e[index * 2 + 1] = alpha;
    this.#encoder.blendEquationSeparatei(index, rgb, alpha);
  }

  /** Write mask of every colour buffer; bits 0..3 are R, G, B, A. */
  colorMaskAll(mask: number): void {
    const masks = this.#colorMask;
    for (let i = 0; i < MAX_COLOR_BUFFERS; i++) {
      if (masks[i] === mask) continue;
      masks.fill(mask);
      this.#encoder.colorMask((mask & 1) !== 0, (mask & 2) !== 0, (mask & 4) !== 0, (mask & 8) !== 0);
      return;
    }
  }

  colorMask(index: number, mask: number): void {
    if (!this.#indexed) {
      if (index === 0) this.colorMaskAll(mask);
      return;
    }
    if (this.#colorMask[index] === mask) return;
    this.#colorMask[index] = mask;
    this.#encoder.colorMaski(index, (mask & 1) !== 0, (mask & 2) !== 0, (mask & 4) !== 0, (mask & 8) !== 0);
  }

  blendColor(red: number, green: number, blue: number, alpha: number): void {
    const c = this.#blendColor;
    if (c[0] === red && c[1] === green && c[2] === blue && c[3] === alpha) return;
    c[0] = red;
    c[1] = green;
    c[2] = blue;
    c[3] = alpha;
    this.#encoder.blendColor(red, green, blue, alpha);
  }

  viewport(x: number, y: number, width: number, height: number): void {
    const v = this.#viewport;
    if (v[0] === x && v[1] === y && v[2] === width && v[3] === height) return;
    v[0] = x;
    v[1] = y;
    v[2] = width;
    v[3] = height;
    this.#encoder.viewport(x, y, width, height);
  }

  scissor(x: number, y: number, width: number, height: number): void {
    const s = this.#scissor;
    if (s[0] === x && s[1] === y && s[2] === width && s[3] === height) return;
    s[0] = x;
    s[1] = y;
    s[2] = width;
    s[3] = height;
    this.#encoder.scissor(x, y, width, height);
  }

  depthRange(near: number, far: number): void {
    const r = this.#depthRange;
    if (r[0] === near && r[1] === far) return;
    r[0] = near;
    r[1] = far;
    this.#encoder.depthRangef(near, far);
  }

  depthFunc(func: number): void {
    if (this.#depthFunc === func) return;
    this.#depthFunc = func;
    this.#encoder.depthFunc(func);
  }

  depthMask(write: boolean): void {
    const value = write ? 1 : 0;
    if (this.#depthMask === value) return;
    this.#depthMask = value;
    this.#encoder.depthMask(write);
  }

  /** `face` 0 is front, 1 back. */
  stencilFunc(face: number, func: number, ref: number, mask: number): void {
    const s = this.#stencil;
    const at = face * 7;
    if (s[at] === func && s[at + 1] === ref && s[at + 2] === mask) return;
    s[at] = func;
    s[at + 1] = ref;
    s[at + 2] = mask;
    this.#encoder.stencilFuncSeparate(face === 0 ? gl.FRONT : gl.BACK, func, ref, mask);
  }

  stencilOp(face: number, fail: number, depthFail: number, pass: number): void {
    const s = this.#stencil;
    const at = face * 7 + 3;
    if (s[at] === fail && s[at + 1] === depthFail && s[at + 2] === pass) return;
    s[at] = fail;
    s[at + 1] = depthFail;
    s[at + 2] = pass;
    this.#encoder.stencilOpSeparate(face === 0 ? gl.FRONT : gl.BACK, fail, depthFail, pass);
  }

  stencilMask(face: number, mask: number): void {
    const at = face * 7 + 6;
    if (this.#stencil[at] === mask) return;
    this.#stencil[at] = mask;
    this.#encoder.stencilMaskSeparate(face === 0 ? gl.FRONT : gl.BACK, mask);
  }

  cullFace(mode: number): void {
    if (this.#cullFace === mode) return;
    this.#cullFace = mode;
    this.#encoder.cullFace(mode);
  }

  frontFace(mode: number): void {
    if (this.#frontFace === mode) return;
    this.#frontFace = mode;
    this.#encoder.frontFace(mode);
  }

  lineWidth(width: number): void {
    if (this.#lineWidth === width) return;
    this.#lineWidth = width;
    this.#encoder.lineWidth(width);
  }

  /** `clamp` is used where the host has polygon offset clamp; pass 0 elsewhere. */
  polygonOffset(factor: number, units: number, clamp: number): void {
    const p = this.#polygonOffset;
    if (p[0] === factor && p[1] === units && p[2] === clamp) return;
    p[0] = factor;
    p[1] = units;
    if (clamp !== 0 || (p[2] !== 0 && !Number.isNaN(p[2]!))) this.#encoder.polygonOffsetClamp(factor, units, clamp);
    else this.#encoder.polygonOffset(factor, units);
    p[2] = clamp;
  }

  sampleMask(mask: number): void {
    if (this.#sampleMask === mask) return;
    this.#sampleMask = mask;
    this.#encoder.sampleMaski(0, mask);
  }

  sampleCoverage(value: number, invert: boolean): void {
    if (this.#coverageValue === value && this.#coverageInvert === invert) return;
    this.#coverageValue = value;
    this.#coverageInvert = invert;
    this.#encoder.sampleCoverage(value, invert);
  }

  minSampleShading(value: number): void {
    if (this.#minSampleShading === value) return;
    this.#minSampleShading = value;
    this.#encoder.minSampleShading(value);
  }

  useProgram(program: number): void {
    if (this.#program === program) return;
    this.#program = program;
    this.#encoder.useProgram(program);
  }

  /** A deleted program that is in use stays in use in GL: the next `useProgram` must be encoded. */
  forgetProgram(program: number): void {
    if (this.#program === program) this.#program = UNKNOWN;
  }

  bindDrawFramebuffer(framebuffer: number): void {
    if (this.#drawFramebuffer === framebuffer) return;
    this.#drawFramebuffer = framebuffer;
    this.#encoder.bindFramebuffer(gl.DRAW_FRAMEBUFFER, framebuffer);
  }

  bindReadFramebuffer(framebuffer: number): void {
    if (this.#readFramebuffer === framebuffer) return;
    this.#readFramebuffer = framebuffer;
    this.#encoder.bindFramebuffer(gl.READ_FRAMEBUFFER, framebuffer);
  }

  /** GL binds framebuffer 0 in place of a deleted one. */
  forgetFramebuffer(framebuffer: number): void {
    if (this.#drawFramebuffer === framebuffer) this.#drawFramebuffer = UNKNOWN;
    if (this.#readFramebuffer === framebuffer) this.#readFramebuffer = UNKNOWN;
  }
}
