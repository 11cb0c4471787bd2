import { GuestError, type GuestErrorCode } from "../../../base/index.js";
import { GL } from "../../../gl/index.js";
import { CopyReason } from "../../../memory/index.js";
import * as v from "../../../virgl/index.js";
import { ColorType, FormatUse, type ColorTypeCode, type FormatRow } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import { attachLayer, attachmentPoint } from "../resource/index.js";
import { Cap } from "../state/gl-state.js";
import type { BlitRequest } from "./blit-request.js";
import { InternalProgram, InternalUniform, programKey, type InternalDraw } from "./internal-draw.js";
import { shaderHead, vectorType } from "./source-glsl.js";

/** Blits by drawing: conversions, channel orders, masks, sources that GL will not blit from. */

/** What is sampled: the resource itself, or a 2D copy of one of its layers. */
interface Source {
  readonly glTarget: number;
  readonly name: number;
  /** Level and layer of `name` that stand for the source's. No other level is sampled: one may be the destination. */
  readonly level: number;
  readonly layer: number;
  readonly width: number;
  readonly height: number;
  readonly layers: number;
  /** A copy, to be deleted. */
  readonly isOurs: boolean;
}

const IDENTITY: readonly number[] = [GL.RED, GL.GREEN, GL.BLUE, GL.ALPHA];

/** Which guest channel each stored component of `format` holds, as positions 0 to 3. */
function storedChannels(format: FormatRow): number[] {
  return IDENTITY.map((component, i) => {
    const channel = format.viewSwizzle.indexOf(component);
    return channel < 0 ? i : channel;
  });
}

/** Texture swizzle with which sampling the source gives the destination's stored components. */
function blitSwizzle(src: FormatRow, dst: FormatRow): number[] {
  return storedChannels(dst).map((channel) => src.viewSwizzle[channel]!);
}

function storedMask(format: FormatRow, guestMask: number): number {
  let mask = 0;
  storedChannels(format).forEach((channel, i) => {
    if (((guestMask >>> channel) & 1) !== 0) mask |= 1 << i;
  });
  return mask;
}

const SRGB_HELPERS = `
vec3 encodeSrgb(vec3 c) { return mix(c * 12.92, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, vec3(greaterThan(c, vec3(0.0031308)))); }
vec3 decodeSrgb(vec3 c) { return mix(c / 12.92, pow((c + 0.055) / 1.055, vec3(2.4)), vec3(greaterThan(c, vec3(0.04045)))); }
`;

/** u_options: sRGB encoding to add (1) or take off (-1), layer, lod, stencil bit. */
function colorShader(glTarget: number, colorType: ColorTypeCode): string {
  const convert =
    colorType === ColorType.FLOAT
      ? `  if (u_options.x > 0.5) v.rgb = encodeSrgb(v.rgb);\n  if (u_options.x < -0.5) v.rgb = decodeSrgb(v.rgb);\n`
      : "";
  const type = vectorType(colorType);
  return `${shaderHead(glTarget, colorType)}${SRGB_HELPERS}
out ${type} color;
void main() {
  ${type} v = sampleSource(v_at, u_options.y, u_options.z);
${convert}  color = v;
}
`;
}

function depthShader(glTarget: number): string {
  return `${shaderHead(glTarget, ColorType.FLOAT)}
void main() {
  gl_FragDepth = sampleSource(v_at, u_options.y, u_options.z).r;
}
`;
}

/** Keeps the fragments whose stencil value has the bit in u_options.w, or all with u_options.x. */
function stencilShader(glTarget: number): string {
  return `${shaderHead(glTarget, ColorType.UINT)}
void main() {
  if (u_options.x < 0.5 && (sampleSource(v_at, u_options.y, u_options.z).r & uint(u_options.w)) == 0u) discard;
}
`;
}

/** +1: the shader must encode what it samples to get what the guest means; -1: decode. */
function srgbSteps(request: BlitRequest): number {
  const { src, dst } = request;
  let steps = 0;
  if (src.resource.format.isSrgb !== src.format.isSrgb) steps += src.format.isSrgb ? -1 : 1;
  if (dst.resource.format.isSrgb !== dst.format.isSrgb) steps += dst.format.isSrgb ? 1 : -1;
  return steps;
}

/** GL's ways to draw a blit. Between begin- and endInternal, after `plainState` and `applyScissor`. */
export class ShaderBlit {
  readonly #host: GlesHost;
  readonly #internal: InternalDraw;

  constructor(host: GlesHost, internal: InternalDraw) {
    this.#host = host;
    this.#internal = internal;
  }

  blit(request: BlitRequest): GuestErrorCode {
    const { src, dst } = request;
    if (!src.isNativeFormat && !isSrgbPair(src.resource.format, src.format)) return this.#refuse(request);
    if (!dst.isNativeFormat && !isSrgbPair(dst.resource.format, dst.format)) return this.#refuse(request);
    if (!this.#canAttach(dst.resource.format)) return this.#refuse(request);
    if (needsCopy(request) && !this.#canAttach(src.resource.format)) return this.#refuse(request);
    for (let i = 0; i < dst.depth; i++) {
      const error = this.#blitLayer(request, i);
      if (error !== GuestError.NONE) return error;
    }
    return GuestError.NONE;
  }

  #canAttach(format: FormatRow): boolean {
    return format.isDepth || format.isStencil || this.#host.formats.can(format.virglFormat, FormatUse.ATTACH);
  }

  #refuse({ src, dst }: BlitRequest): GuestErrorCode {
    const names = [src.resource.format, src.format, dst.resource.format, dst.format].map((row) => row.name);
    return this.#host.leaveOut(`blit of ${names[0]} as ${names[1]} to ${names[2]} as ${names[3]}`);
  }

  #blitLayer(request: BlitRequest, i: number): GuestErrorCode {
    const { state } = this.#host;
    const { dst } = request;
    const layer = request.sourceLayer(i);
    const source = needsCopy(request) ? this.#copyLayer(request, Math.round(layer)) : direct(request, layer);
    applyScissor(this.#host, request);
    state.bindDrawFramebuffer(this.#internal.drawFramebuffer);
    attachLayer(this.#host, GL.DRAW_FRAMEBUFFER, attachmentPoint(dst.resource), dst.resource, dst.level, dst.z + i);
    state.viewport(dst.x, dst.y, dst.width, dst.height);
    let error: GuestErrorCode = GuestError.NONE;
    if (dst.format.isDepth || dst.format.isStencil) error = this.#depthStencil(request, source);
    else this.#color(request, source);
    this.#internal.detachAll(GL.DRAW_FRAMEBUFFER);
    if (source.isOurs) this.#internal.deleteTemporary(source.name);
    return error;
  }

  /** A single-sampled 2D copy of a layer. */
  #copyLayer(request: BlitRequest, layer: number): Source {
    const { encoder, state } = this.#host;
    const { resource, level } = request.src;
    const width = resource.levelWidth(level);
    const height = resource.levelHeight(level);
    const name = this.#internal.temporary(resource.format, width, height);
    this.#host.ledger.count(CopyReason.HOST_CONVERT, width * height * resource.format.blockBytes, resource.id);
    const attachment = attachmentPoint(resource);
    const { isDepth, isStencil } = resource.format;
    const bits = (isDepth ? GL.DEPTH_BUFFER_BIT : 0) | (isStencil ? GL.STENCIL_BUFFER_BIT : 0);
    state.enable(Cap.SCISSOR_TEST, false);
    state.bindReadFramebuffer(this.#internal.readFramebuffer);
    state.bindDrawFramebuffer(this.#internal.drawFramebuffer);
    attachLayer(this.#host, GL.READ_FRAMEBUFFER, attachment, resource, level, layer);
    encoder.framebufferTexture2D(GL.DRAW_FRAMEBUFFER, attachment, GL.TEXTURE_2D, name, 0);
    encoder.blitFramebuffer(
      0,
      0,
      width,
      height,
      0,
      0,
      width,
      height,
      bits === 0 ? GL.COLOR_BUFFER_BIT : bits,
      GL.NEAREST,
    );
    this.#internal.detachAll(GL.READ_FRAMEBUFFER);
    this.#internal.detachAll(GL.DRAW_FRAMEBUFFER);
    return { glTarget: GL.TEXTURE_2D, name, level: 0, layer: 0, width, height, layers: 1, isOurs: true };
  }

  /** Uniforms and source of the program in use. */
  #feed(request: BlitRequest, source: Source, swizzle: readonly number[], stencil: boolean, linear: boolean): void {
    const { src } = request;
    const internal = this.#internal;
    const { format } = src.resource;
    internal.parameters(source.glTarget, source.name, format, source.level, source.level, swizzle, stencil);
    if (!source.isOurs) src.resource.invalidateParameters();
    internal.source(source.glTarget, source.name, linear);
    const { width, height } = source;
    internal.uniform(
      InternalUniform.SOURCE,
      src.x / width,
      src.y / height,
      (src.x + src.width) / width,
      (src.y + src.height) / height,
    );
    internal.uniform(InternalUniform.EXTENT, source.width, source.height, source.layers, 0);
  }

  #color(request: BlitRequest, source: Source): void {
    const { src, dst } = request;
    const internal = this.#internal;
    const isLinear = request.isLinear && src.format.colorType === ColorType.FLOAT;
    const { colorType } = src.format;
    const key = programKey(InternalProgram.COLOR, source.glTarget, colorType);
    if (!internal.useProgram(key)) internal.defineProgram(key, colorShader(source.glTarget, colorType));
    this.#feed(request, source, blitSwizzle(src.format, dst.format), false, isLinear);
    internal.uniform(InternalUniform.OPTIONS, srgbSteps(request), source.layer, 0, 0);
    this.#host.state.colorMaskAll(storedMask(dst.format, request.mask));
    internal.draw();
    this.#host.state.colorMaskAll(0xf);
  }

  #depthStencil(request: BlitRequest, source: Source): GuestErrorCode {
    const { format } = request.dst;
    const { isDepth, isStencil } = request.src.format;
    if (format.isDepth && isDepth && (request.mask & v.PIPE_MASK_Z) !== 0) this.#depth(request, source);
    if (format.isStencil && isStencil && (request.mask & v.PIPE_MASK_S) !== 0) return this.#stencil(request, source);
    return GuestError.NONE;
  }

  #depth(request: BlitRequest, source: Source): void {
    const { state } = this.#host;
    state.enable(Cap.DEPTH_TEST, true);
    state.depthFunc(GL.ALWAYS);
    const key = programKey(InternalProgram.DEPTH, source.glTarget, 0);
    if (!this.#internal.useProgram(key)) this.#internal.defineProgram(key, depthShader(source.glTarget));
    this.#feed(request, source, IDENTITY, false, false);
    this.#internal.uniform(InternalUniform.OPTIONS, 0, source.layer, 0, 0);
    this.#internal.draw();
    state.enable(Cap.DEPTH_TEST, false);
  }

  /** No fragment shader of GLES writes stencil: one pass clears, eight set a bit each. */
  #stencil(request: BlitRequest, source: Source): GuestErrorCode {
    const { state, caps } = this.#host;
    if (!caps.features.stencilTexturing) {
      return this.#host.leaveOut("scaled or converting blit of stencil");
    }
    const internal = this.#internal;
    state.enable(Cap.STENCIL_TEST, true);
    state.depthMask(false);
    const key = programKey(InternalProgram.STENCIL, source.glTarget, 0);
    if (!internal.useProgram(key)) internal.defineProgram(key, stencilShader(source.glTarget));
    this.#feed(request, source, IDENTITY, true, false);
    for (let face = 0; face < 2; face++) state.stencilOp(face, GL.KEEP, GL.KEEP, GL.REPLACE);
    for (let bit = -1; bit < 8; bit++) {
      for (let face = 0; face < 2; face++) {
        state.stencilFunc(face, GL.ALWAYS, bit < 0 ? 0 : 0xff, 0xff);
        state.stencilMask(face, bit < 0 ? 0xff : 1 << bit);
      }
      internal.uniform(InternalUniform.OPTIONS, bit < 0 ? 1 : 0, source.layer, 0, bit < 0 ? 0 : 1 << bit);
      internal.draw();
    }
    state.enable(Cap.STENCIL_TEST, false);
    state.stencilMask(0, 0xff);
    state.stencilMask(1, 0xff);
    state.depthMask(true);
    return GuestError.NONE;
  }
}

/** GL cannot sample the level that it renders to, nor every target; multisampled sources are resolved by the copy. */
function needsCopy({ src, dst }: BlitRequest): boolean {
  const isSameLevel = src.resource === dst.resource && src.level === dst.level;
  return isSameLevel || src.resource.samples > 1 || !isSampled(src.resource.glTarget);
}

function direct({ src }: BlitRequest, layer: number): Source {
  const { resource, level } = src;
  return {
    glTarget: resource.glTarget,
    name: resource.name,
    level,
    layer,
    width: resource.levelWidth(level),
    height: resource.levelHeight(level),
    layers: resource.levelLayers(level),
    isOurs: false,
  };
}

/** Targets that `sampleFunction` knows. */
function isSampled(glTarget: number): boolean {
  return (
    glTarget === GL.TEXTURE_2D ||
    glTarget === GL.TEXTURE_3D ||
    glTarget === GL.TEXTURE_2D_ARRAY ||
    glTarget === GL.TEXTURE_CUBE_MAP
  );
}

/** One is the sRGB encoding of the other, so that the shader can convert. */
function isSrgbPair(a: FormatRow, b: FormatRow): boolean {
  return a.isSrgb !== b.isSrgb && a.format === b.format && a.type === b.type && a.isCompressed === b.isCompressed;
}

/** Limits writes to the request's scissor rectangle, if it has one. */
export function applyScissor({ state }: GlesHost, request: BlitRequest): void {
  state.enable(Cap.SCISSOR_TEST, request.hasScissor);
  if (request.hasScissor)
    state.scissor(request.scissorX, request.scissorY, request.scissorWidth, request.scissorHeight);
}
