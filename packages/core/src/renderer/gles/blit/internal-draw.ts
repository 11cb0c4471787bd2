import { GL } from "../../../gl/index.js";
import { ColorType, type FormatRow } from "../format/index.js";
import type { GlesHost } from "../gles-host.js";
import {
  attachmentPoint,
  clearAttachment,
  detach,
  unrestrictedWrites,
  type AttachmentFormat,
} from "../resource/index.js";
import { Cap } from "../state/gl-state.js";

/** Uniform slots of every internal program. */
export const InternalUniform = { SOURCE: 0, DESTINATION: 1, EXTENT: 2, OPTIONS: 3 } as const;

/**
 * A quad over the viewport. v_at goes from u_source.xy to u_source.zw: by interpolation, as drivers do for glBlitFramebuffer, so that a
 * position halfway between two texels goes to the same one.
 */
const VERTEX_SHADER = `#version 300 es
precision highp float;
uniform vec4 u_source;
out vec2 v_at;
void main() {
  vec2 corner = vec2(gl_VertexID == 1 || gl_VertexID == 2, gl_VertexID >= 2);
  v_at = mix(u_source.xy, u_source.zw, corner);
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}
`;

const SAMPLER_COUNT = 4;

/** What a program of ours does; with the source's target and a detail it makes the key. */
export const InternalProgram = { COLOR: 0, DEPTH: 1, STENCIL: 2, PACK: 3, PACK_STENCIL: 4, DESTRIDE: 5 } as const;

/** What a temporary texture is made of: a guest's format, or one of these. */
export type TemporaryFormat = AttachmentFormat & Pick<FormatRow, "internalFormat">;

function plainColor(internalFormat: number, format: number, colorType: FormatRow["colorType"]): TemporaryFormat {
  return { internalFormat, format, colorType, isDepth: false, isStencil: false };
}

/** Colour formats of temporaries that hold a guest's bytes. */
export const TEMPORARY_RGBA8 = plainColor(GL.RGBA8, GL.RGBA, ColorType.FLOAT);
export const TEMPORARY_RG32UI = plainColor(GL.RG32UI, GL.RG_INTEGER, ColorType.UINT);
export const TEMPORARY_RGBA32UI = plainColor(GL.RGBA32UI, GL.RGBA_INTEGER, ColorType.UINT);

/** @param detail below 1024: what else the shader depends on. */
export function programKey(program: number, glTarget: number, detail: number): number {
  return ((glTarget << 10) | detail) * 8 + program;
}

/** GL objects for passes of our own: programs by their fragment shader, samplers, an empty vertex array, two framebuffers. */
export class InternalDraw {
  readonly #host: GlesHost;
  readonly #programs = new Map<number, number>();
  readonly #samplers = new Int32Array(SAMPLER_COUNT);
  #vertexArray = 0;
  #drawFramebuffer = 0;
  #readFramebuffer = 0;
  #program = 0;

  constructor(host: GlesHost) {
    this.#host = host;
  }

  get drawFramebuffer(): number {
    return (this.#drawFramebuffer ||= this.#newFramebuffer());
  }

  get readFramebuffer(): number {
    return (this.#readFramebuffer ||= this.#newFramebuffer());
  }

  /** Fixed-function state of a plain pass: everything off, all bits written. Between beginInternal and endInternal. */
  plainState(): void {
    const { state } = this.#host;
    unrestrictedWrites(this.#host);
    state.blendEnables(0);
    state.enable(Cap.CULL_FACE, false);
    state.enable(Cap.DEPTH_TEST, false);
    state.enable(Cap.STENCIL_TEST, false);
    state.enable(Cap.DITHER, false);
    state.enable(Cap.POLYGON_OFFSET_FILL, false);
    state.enable(Cap.ALPHA_TO_COVERAGE, false);
    state.enable(Cap.ALPHA_TO_ONE, false);
    state.enable(Cap.SAMPLE_MASK, false);
    state.enable(Cap.SAMPLE_COVERAGE, false);
    state.enable(Cap.SAMPLE_SHADING, false);
    state.enable(Cap.DEPTH_CLAMP, false);
    state.enable(Cap.FRAMEBUFFER_SRGB, true);
    for (let i = 0; i < 8; i++) state.enable(Cap.CLIP_DISTANCE0 + i, false);
    state.depthRange(0, 1);
  }

  /**
   * Uses the program that was defined under `key`, which samples `source` from unit 0 and has the vec4 uniforms of `InternalUniform`.
   * False when there is none yet: `defineProgram` then.
   */
  useProgram(key: number): boolean {
    const program = this.#programs.get(key);
    if (program === undefined) return false;
    this.#program = program;
    this.#host.state.useProgram(program);
    return true;
  }

  /** Makes a program of a fragment shader and uses it. */
  defineProgram(key: number, fragmentShader: string): void {
    const program = this.#host.names.program.allocateOwn();
    this.#programs.set(key, program);
    this.#host.encoder.linkProgram(program, {
      shaders: [
        { stage: GL.VERTEX_SHADER, source: VERTEX_SHADER },
        { stage: GL.FRAGMENT_SHADER, source: fragmentShader },
      ],
      samplers: [{ name: "source", at: 0 }],
      uniforms: [
        { name: "u_source", at: InternalUniform.SOURCE },
        { name: "u_destination", at: InternalUniform.DESTINATION },
        { name: "u_extent", at: InternalUniform.EXTENT },
        { name: "u_options", at: InternalUniform.OPTIONS },
      ],
    });
    this.useProgram(key);
  }

  uniform(slot: number, x: number, y: number, z: number, w: number): void {
    this.#host.encoder.uniform4f(this.#program, slot, x, y, z, w);
  }

  /** Binds a resource's texture, or a texture by name, for sampling on unit 0 without its own sampler parameters. */
  source(glTarget: number, name: number, linear: boolean, skipDecode = false): void {
    const { bindings } = this.#host;
    bindings.texture(0, glTarget, name);
    bindings.sampler(0, this.#sampler(linear, skipDecode));
  }

  /** Covers the viewport. */
  draw(): void {
    const { bindings, encoder, names } = this.#host;
    if (this.#vertexArray === 0) {
      this.#vertexArray = names.vertexArray.allocateOwn();
      encoder.createVertexArray(this.#vertexArray);
    }
    bindings.vertexArray(this.#vertexArray);
    encoder.drawArrays(GL.TRIANGLE_FAN, 0, 4);
  }

  /** Texture parameters for our own sampling: a range of levels, the given swizzle (GL_RED…), depth or stencil part. */
  parameters(
    glTarget: number,
    name: number,
    format: FormatRow,
    firstLevel: number,
    lastLevel: number,
    swizzle: readonly number[],
    stencil: boolean,
  ): void {
    const { bindings, encoder, caps } = this.#host;
    bindings.textureForEdit(glTarget, name);
    encoder.texParameteri(glTarget, GL.TEXTURE_BASE_LEVEL, firstLevel);
    encoder.texParameteri(glTarget, GL.TEXTURE_MAX_LEVEL, lastLevel);
    for (let i = 0; i < 4; i++) encoder.texParameteri(glTarget, GL.TEXTURE_SWIZZLE_R + i, swizzle[i]!);
    if (format.isDepth && format.isStencil && caps.features.stencilTexturing) {
      encoder.texParameteri(glTarget, GL.DEPTH_STENCIL_TEXTURE_MODE, stencil ? GL.STENCIL_INDEX : GL.DEPTH_COMPONENT);
    }
  }

  /**
   * A texture of ours, one level, 2D, of zeros: where GL refuses the pass that should fill it, it shows nobody's bytes. Between begin- and
   * endInternal; leaves the draw framebuffer of ours bound. The caller deletes it.
   */
  temporary(format: TemporaryFormat, width: number, height: number): number {
    const { bindings, encoder, names, state } = this.#host;
    const name = names.texture.allocateOwn();
    encoder.createTexture(name);
    bindings.textureForEdit(GL.TEXTURE_2D, name);
    encoder.texStorage2D(GL.TEXTURE_2D, 1, format.internalFormat, width, height);
    state.bindDrawFramebuffer(this.drawFramebuffer);
    const attachment = attachmentPoint({ format });
    encoder.framebufferTexture2D(GL.DRAW_FRAMEBUFFER, attachment, GL.TEXTURE_2D, name, 0);
    unrestrictedWrites(this.#host);
    clearAttachment(encoder, format);
    detach(this.#host, GL.DRAW_FRAMEBUFFER, attachment);
    return name;
  }

  /** Deletes what `temporary` made. */
  deleteTemporary(name: number): void {
    const { bindings, encoder, names } = this.#host;
    bindings.forgetTexture(name);
    encoder.deleteTexture(name);
    names.texture.free(name);
  }

  /** Leaves nothing attached to our framebuffers, bound to `binding`. */
  detachAll(binding: number): void {
    detach(this.#host, binding, GL.COLOR_ATTACHMENT0);
    detach(this.#host, binding, GL.DEPTH_STENCIL_ATTACHMENT);
  }

  #newFramebuffer(): number {
    const name = this.#host.names.framebuffer.allocateOwn();
    this.#host.encoder.createFramebuffer(name);
    return name;
  }

  #sampler(linear: boolean, skipDecode: boolean): number {
    const index = (linear ? 1 : 0) | (skipDecode ? 2 : 0);
    const known = this.#samplers[index]!;
    if (known !== 0) return known;
    const { encoder, names } = this.#host;
    const name = names.sampler.allocateOwn();
    this.#samplers[index] = name;
    encoder.createSampler(name);
    const filter = linear ? GL.LINEAR : GL.NEAREST;
    encoder.samplerParameteri(name, GL.TEXTURE_MAG_FILTER, filter);
    encoder.samplerParameteri(
      name,
      GL.TEXTURE_MIN_FILTER,
      linear ? GL.LINEAR_MIPMAP_NEAREST : GL.NEAREST_MIPMAP_NEAREST,
    );
    for (const wrap of [GL.TEXTURE_WRAP_S, GL.TEXTURE_WRAP_T, GL.TEXTURE_WRAP_R]) {
      encoder.samplerParameteri(name, wrap, GL.CLAMP_TO_EDGE);
    }
    if (skipDecode) encoder.samplerParameteri(name, GL.TEXTURE_SRGB_DECODE_EXT, GL.SKIP_DECODE_EXT);
    return name;
  }
}
