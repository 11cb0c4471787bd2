import { asciiDwords, doubleBits, floatBits } from "../wire/index.js";
import * as p from "../virgl/index.js";

/** What DRAW_VBO carries; everything but `count` has a default. */
export interface DrawParameters {
  readonly count: number;
  readonly start?: number;
  /** PIPE_PRIM_…; default triangles. */
  readonly mode?: number;
  readonly isIndexed?: boolean;
  readonly instances?: number;
  readonly indexBias?: number;
  readonly startInstance?: number;
  readonly restartIndex?: number;
}

/** One vertex element of a VERTEX_ELEMENTS object. */
export interface VertexElement {
  readonly offsetBytes: number;
  readonly divisor?: number;
  readonly buffer: number;
  /** A `VirglFormat`. */
  readonly format: number;
}

/** Two shaders that draw to one surface, everything else as plain as can be. */
export interface PlainPipeline {
  /** Sub-context that is created for it. */
  readonly subContext: number;
  readonly target: number;
  /** Of the target, a `VirglFormat`. */
  readonly format: number;
  /** How many 4-float attributes lie one behind the other in vertex buffer 0. */
  readonly attributes: number;
  /** TGSI texts. */
  readonly vertex: string;
  readonly fragment: string;
}

/** Box and layout of TRANSFER3D and its kin; texels and bytes. */
export interface TransferParameters {
  readonly resource: number;
  readonly level?: number;
  readonly stride?: number;
  readonly layerStride?: number;
  readonly box: readonly [x: number, y: number, z: number, w: number, h: number, d: number];
}

/** What a vertex shader writes to stream output. */
export interface StreamOutputs {
  /** Dwords per vertex of each of the 4 buffers. */
  readonly strides: readonly [number, number, number, number];
  /** VIRGL_OBJ_SHADER_SO_OUTPUT… words. */
  readonly outputs: readonly number[];
}
const NO_OUTPUTS: StreamOutputs = { strides: [0, 0, 0, 0], outputs: [] };

/**
 * Builds virgl streams, as a guest driver would: for tests, examples and fuzzing. Methods append one command each and
 * return the builder. `command` takes anything, also what no driver would send.
 */
export class StreamBuilder {
  #words = new Uint32Array(256);
  #count = 0;

  get lengthDwords(): number {
    return this.#count;
  }

  /** The stream so far. A copy. */
  build(): Uint32Array {
    return this.#words.slice(0, this.#count);
  }

  reset(): this {
    this.#count = 0;
    return this;
  }

  /** Any command: header and payload. */
  command(command: number, payload: readonly number[] | Uint32Array, objectType = 0): this {
    return this.raw(p.VIRGL_CMD0(command, objectType, payload.length)).append(payload);
  }

  /** One dword, as it is. */
  raw(word: number): this {
    this.#reserve(1);
    this.#words[this.#count++] = word;
    return this;
  }

  append(words: readonly number[] | Uint32Array): this {
    this.#reserve(words.length);
    this.#words.set(words, this.#count);
    this.#count += words.length;
    return this;
  }

  createSubContext(id: number): this {
    return this.command(p.VIRGL_CCMD_CREATE_SUB_CTX, [id]);
  }

  setSubContext(id: number): this {
    return this.command(p.VIRGL_CCMD_SET_SUB_CTX, [id]);
  }

  destroySubContext(id: number): this {
    return this.command(p.VIRGL_CCMD_DESTROY_SUB_CTX, [id]);
  }

  createObject(type: number, payload: readonly number[]): this {
    return this.command(p.VIRGL_CCMD_CREATE_OBJECT, payload, type);
  }

  bindObject(type: number, handle: number): this {
    return this.command(p.VIRGL_CCMD_BIND_OBJECT, [handle], type);
  }

  destroyObject(type: number, handle: number): this {
    return this.command(p.VIRGL_CCMD_DESTROY_OBJECT, [handle], type);
  }

  /** No blending; all channels written unless `colorMask` says less. */
  createBlend(handle: number, colorMask = p.PIPE_MASK_RGBA, targetBits = 0): this {
    const target = (((colorMask << 27) >>> 0) | targetBits) >>> 0;
    return this.createObject(p.VIRGL_OBJECT_BLEND, [handle, 0, 0, ...new Array<number>(8).fill(target)]);
  }

  /** No culling, filled, half-pixel centres; `s0` adds flags. */
  createRasterizer(handle: number, s0 = 0): this {
    const base = (1 << 1) | (1 << 29); // depth clip, half pixel centre
    const words = [handle, (base | s0) >>> 0, floatBits(1), 0, 0, floatBits(1), 0, 0, 0];
    return this.createObject(p.VIRGL_OBJECT_RASTERIZER, words);
  }

  /** No tests unless the words say so (see VIRGL_OBJ_DSA_S0_… and S1). */
  createDepthStencilAlpha(handle: number, s0 = 0, front = 0, back = 0, alphaRef = 0): this {
    return this.createObject(p.VIRGL_OBJECT_DSA, [handle, s0, front, back, floatBits(alphaRef)]);
  }

  createVertexElements(handle: number, elements: readonly VertexElement[]): this {
    const payload = [handle];
    for (const { offsetBytes, divisor, buffer, format } of elements)
      payload.push(offsetBytes, divisor ?? 0, buffer, format);
    return this.createObject(p.VIRGL_OBJECT_VERTEX_ELEMENTS, payload);
  }

  createSurface(handle: number, resource: number, format: number, level = 0, firstLayer = 0, lastLayer = 0): this {
    return this.createObject(p.VIRGL_OBJECT_SURFACE, [handle, resource, format, level, firstLayer | (lastLayer << 16)]);
  }

  /** Identity swizzle. */
  createSamplerView(handle: number, resource: number, format: number, lastLevel = 0, lastLayer = 0): this {
    const swizzle = 0 | (1 << 3) | (2 << 6) | (3 << 9);
    const words = [handle, resource, format, (lastLayer << 16) >>> 0, lastLevel << 8, swizzle];
    return this.createObject(p.VIRGL_OBJECT_SAMPLER_VIEW, words);
  }

  /** Nearest, clamped to the edge, unless `s0` says otherwise. */
  createSamplerState(handle: number, s0 = 0x92 | (p.PIPE_TEX_MIPFILTER_NONE << 11)): this {
    return this.createObject(p.VIRGL_OBJECT_SAMPLER_STATE, [handle, s0, 0, 0, 0, 0, 0, 0, 0]);
  }

  createQuery(handle: number, type: number, resource: number, offsetBytes = 0): this {
    return this.createObject(p.VIRGL_OBJECT_QUERY, [handle, type, offsetBytes, resource]);
  }

  createStreamoutTarget(handle: number, resource: number, offsetBytes: number, sizeBytes: number): this {
    return this.createObject(p.VIRGL_OBJECT_STREAMOUT_TARGET, [handle, resource, offsetBytes, sizeBytes]);
  }

  /**
   * A shader of ASCII TGSI text. `maxTextDwords` splits it into continuation packets, as a guest does whose buffer is
   * nearly full.
   */
  createShader(
    handle: number,
    stage: number,
    text: string,
    maxTextDwords = 60_000,
    captures: StreamOutputs = NO_OUTPUTS,
  ): this {
    const count = captures.outputs.length;
    const header = p.VIRGL_OBJ_SHADER_HDR_SIZE(count);
    const sizeBytes = text.length + 1;
    const words = asciiDwords(text);
    for (let at = 0; at < words.length; at += maxTextDwords) {
      const part = words.subarray(at, at + maxTextDwords);
      const offset = at === 0 ? sizeBytes : (at * 4 + p.VIRGL_OBJ_SHADER_OFFSET_CONT) >>> 0;
      const payload = new Uint32Array(header + part.length);
      payload.set([handle, stage, offset, 300, count]);
      if (count > 0) payload.set([...captures.strides, ...captures.outputs.flatMap((output) => [output, 0])], 5);
      payload.set(part, header);
      this.command(p.VIRGL_CCMD_CREATE_OBJECT, payload, p.VIRGL_OBJECT_SHADER);
    }
    return this;
  }

  bindShader(handle: number, stage: number): this {
    return this.command(p.VIRGL_CCMD_BIND_SHADER, [handle, stage]);
  }

  /** A sub-context in which everything is bound but viewport, vertex buffers and what the shaders read. Handles 1 to 7 are taken. */
  createPlainPipeline({ subContext, target, format, attributes, vertex, fragment }: PlainPipeline): this {
    const elements = Array.from({ length: attributes }, (_, index) => ({
      offsetBytes: 16 * index,
      buffer: 0,
      format: p.VirglFormat.R32G32B32A32_FLOAT,
    }));
    return this.createSubContext(subContext)
      .setSubContext(subContext)
      .createSurface(1, target, format)
      .setFramebuffer([1])
      .createBlend(2)
      .bindObject(p.VIRGL_OBJECT_BLEND, 2)
      .createRasterizer(3)
      .bindObject(p.VIRGL_OBJECT_RASTERIZER, 3)
      .createDepthStencilAlpha(4)
      .bindObject(p.VIRGL_OBJECT_DSA, 4)
      .createVertexElements(5, elements)
      .bindObject(p.VIRGL_OBJECT_VERTEX_ELEMENTS, 5)
      .createShader(6, p.PIPE_SHADER_VERTEX, vertex)
      .createShader(7, p.PIPE_SHADER_FRAGMENT, fragment)
      .bindShader(6, p.PIPE_SHADER_VERTEX)
      .bindShader(7, p.PIPE_SHADER_FRAGMENT);
  }

  setFramebuffer(colorSurfaces: readonly number[], depthSurface = 0): this {
    return this.command(p.VIRGL_CCMD_SET_FRAMEBUFFER_STATE, [colorSurfaces.length, depthSurface, ...colorSurfaces]);
  }

  /** Maps clip space onto width × height with row 0 at the top when `isFlipped` (as window systems have it). */
  setViewport(width: number, height: number, isFlipped = false): this {
    const half = [width / 2, (isFlipped ? -height : height) / 2, 0.5, width / 2, height / 2, 0.5];
    return this.command(p.VIRGL_CCMD_SET_VIEWPORT_STATE, [0, ...half.map(floatBits)]);
  }

  setVertexBuffers(
    buffers: readonly { readonly stride: number; readonly offset: number; readonly resource: number }[],
  ): this {
    const payload = buffers.flatMap(({ stride, offset, resource }) => [stride, offset, resource]);
    return this.command(p.VIRGL_CCMD_SET_VERTEX_BUFFERS, payload);
  }

  /** Resource 0 unbinds. */
  setIndexBuffer(resource: number, sizeBytes = 2, offsetBytes = 0): this {
    return this.command(p.VIRGL_CCMD_SET_INDEX_BUFFER, resource === 0 ? [0] : [resource, sizeBytes, offsetBytes]);
  }

  setConstants(stage: number, values: readonly number[], index = 0): this {
    return this.command(p.VIRGL_CCMD_SET_CONSTANT_BUFFER, [stage, index, ...values.map(floatBits)]);
  }

  setUniformBuffer(stage: number, index: number, resource: number, offsetBytes: number, lengthBytes: number): this {
    return this.command(p.VIRGL_CCMD_SET_UNIFORM_BUFFER, [stage, index, offsetBytes, lengthBytes, resource]);
  }

  setSamplerViews(stage: number, start: number, views: readonly number[]): this {
    return this.command(p.VIRGL_CCMD_SET_SAMPLER_VIEWS, [stage, start, ...views]);
  }

  bindSamplerStates(stage: number, start: number, states: readonly number[]): this {
    return this.command(p.VIRGL_CCMD_BIND_SAMPLER_STATES, [stage, start, ...states]);
  }

  setScissor(x0: number, y0: number, x1: number, y1: number): this {
    return this.command(p.VIRGL_CCMD_SET_SCISSOR_STATE, [0, (x0 | (y0 << 16)) >>> 0, (x1 | (y1 << 16)) >>> 0]);
  }

  /** `buffers` is a mask of PIPE_CLEAR_…. */
  clear(
    buffers: number,
    color: readonly [number, number, number, number] = [0, 0, 0, 0],
    depth = 1,
    stencil = 0,
  ): this {
    return this.command(p.VIRGL_CCMD_CLEAR, [buffers, ...color.map(floatBits), ...doubleBits(depth), stencil]);
  }

  draw(draw: DrawParameters): this {
    const restart = draw.restartIndex;
    return this.command(p.VIRGL_CCMD_DRAW_VBO, [
      draw.start ?? 0,
      draw.count,
      draw.mode ?? p.PIPE_PRIM_TRIANGLES,
      draw.isIndexed === true ? 1 : 0,
      draw.instances ?? 1,
      (draw.indexBias ?? 0) >>> 0,
      draw.startInstance ?? 0,
      restart === undefined ? 0 : 1,
      restart ?? 0,
      0,
      0xffffffff,
      0,
    ]);
  }

  inlineWrite(transfer: TransferParameters, data: Uint32Array): this {
    return this.command(p.VIRGL_CCMD_RESOURCE_INLINE_WRITE, Uint32Array.from([...transferWords(transfer), ...data]));
  }

  /** `direction` is VIRGL_TRANSFER_TO_HOST or VIRGL_TRANSFER_FROM_HOST. */
  transfer(transfer: TransferParameters, offsetBytes: number, direction: number): this {
    return this.command(p.VIRGL_CCMD_TRANSFER3D, [...transferWords(transfer), offsetBytes, direction]);
  }

  copyTransfer(transfer: TransferParameters, stagingResource: number, offsetBytes: number, flags = 0): this {
    return this.command(p.VIRGL_CCMD_COPY_TRANSFER3D, [
      ...transferWords(transfer),
      stagingResource,
      offsetBytes,
      flags,
    ]);
  }

  #reserve(words: number): void {
    if (this.#count + words <= this.#words.length) return;
    const grown = new Uint32Array((this.#count + words) * 2);
    grown.set(this.#words);
    this.#words = grown;
  }
}

function transferWords({ resource, level, stride, layerStride, box }: TransferParameters): number[] {
  return [resource, level ?? 0, 0, stride ?? 0, layerStride ?? 0, ...box];
}
