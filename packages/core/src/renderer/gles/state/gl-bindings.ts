import type { GlEncoder } from "../../../gl/index.js";
import * as gl from "./gl-enum.js";

/** Texture targets have separate bindings on every unit; this many of them. */
const TARGETS = 8;
const UNKNOWN = -1;
const MAX_ATTRIBS = 32;

function targetIndex(target: number): number {
  switch (target) {
    case gl.TEXTURE_2D:
      return 0;
    case gl.TEXTURE_3D:
      return 1;
    case gl.TEXTURE_CUBE_MAP:
      return 2;
    case gl.TEXTURE_2D_ARRAY:
      return 3;
    case gl.TEXTURE_CUBE_MAP_ARRAY:
      return 4;
    case gl.TEXTURE_2D_MULTISAMPLE:
      return 5;
    case gl.TEXTURE_2D_MULTISAMPLE_ARRAY:
      return 6;
    default:
      return 7;
  }
}

/** Packs a vertex attribute's format into one number that compares by value. */
export function attributeCode(size: number, glType: number, normalized: boolean, integer: boolean): number {
  return size | (normalized ? 8 : 0) | (integer ? 16 : 0) | (glType << 5);
}

/**
 * The shadow of object bindings: textures and samplers by unit, uniform buffers by slot, the vertex array's attributes and
 * buffers. As in `GlState`, setters encode only what differs and never allocate. Whoever deletes a GL object calls the
 * matching `forget…` first, because its index may be handed out again.
 */
export class GlBindings {
  readonly #encoder: GlEncoder;
  /** Bindings for uploads and other edits use this unit, so that drawing state is not touched. */
  readonly editUnit: number;
  readonly #textures: Int32Array;
  readonly #samplers: Int32Array;
  #activeUnit = UNKNOWN;

  readonly #uniformName: Int32Array;
  readonly #uniformOffset: Float64Array;
  readonly #uniformSize: Float64Array;

  #vertexArray = UNKNOWN;
  #arrayBuffer = UNKNOWN;
  #elementBuffer = UNKNOWN;
  readonly #attribEnabled = new Int8Array(MAX_ATTRIBS).fill(UNKNOWN);
  readonly #attribBuffer = new Int32Array(MAX_ATTRIBS).fill(UNKNOWN);
  readonly #attribCode = new Int32Array(MAX_ATTRIBS).fill(UNKNOWN);
  readonly #attribStride = new Float64Array(MAX_ATTRIBS).fill(UNKNOWN);
  readonly #attribOffset = new Float64Array(MAX_ATTRIBS).fill(UNKNOWN);
  readonly #attribDivisor = new Float64Array(MAX_ATTRIBS).fill(UNKNOWN);

  constructor(encoder: GlEncoder, units: number, uniformSlots: number) {
    this.#encoder = encoder;
    this.editUnit = units - 1;
    this.#textures = new Int32Array(units * TARGETS).fill(UNKNOWN);
    this.#samplers = new Int32Array(units).fill(UNKNOWN);
    this.#uniformName = new Int32Array(uniformSlots).fill(UNKNOWN);
    this.#uniformOffset = new Float64Array(uniformSlots);
    this.#uniformSize = new Float64Array(uniformSlots);
  }

  #activate(unit: number): void {
    if (this.#activeUnit === unit) return;
    this.#activeUnit = unit;
    this.#encoder.activeTexture(gl.TEXTURE0 + unit);
  }

  texture(unit: number, target: number, name: number): void {
    const at = unit * TARGETS + targetIndex(target);
    if (this.#textures[at] === name) return;
    this.#textures[at] = name;
    this.#activate(unit);
    this.#encoder.bindTexture(target, name);
  }

  /** Binds for glTexParameter, glTexSubImage and the like, and makes its unit the active one. */
  textureForEdit(target: number, name: number): void {
    const unit = this.editUnit;
    this.#activate(unit);
    const at = unit * TARGETS + targetIndex(target);
    if (this.#textures[at] === name) return;
    this.#textures[at] = name;
    this.#encoder.bindTexture(target, name);
  }

  sampler(unit: number, name: number): void {
    if (this.#samplers[unit] === name) return;
    this.#samplers[unit] = name;
    this.#encoder.bindSampler(unit, name);
  }

  forgetTexture(name: number): void {
    const textures = this.#textures;
    for (let i = 0; i < textures.length; i++) if (textures[i] === name) textures[i] = UNKNOWN;
  }

  forgetSampler(name: number): void {
    const samplers = this.#samplers;
    for (let i = 0; i < samplers.length; i++) if (samplers[i] === name) samplers[i] = UNKNOWN;
  }

  uniformBuffer(slot: number, name: number, offsetBytes: number, sizeBytes: number): void {
    if (
      this.#uniformName[slot] === name &&
      this.#uniformOffset[slot] === offsetBytes &&
      this.#uniformSize[slot] === sizeBytes
    ) {
      return;
    }
    this.#uniformName[slot] = name;
    this.#uniformOffset[slot] = offsetBytes;
    this.#uniformSize[slot] = sizeBytes;
    this.#encoder.bindBufferRange(gl.UNIFORM_BUFFER, slot, name, offsetBytes, sizeBytes);
  }

  /** Binds this batch's ring; never filtered, as callers only come with a fresh block. */
  uniformRing(slot: number, ringOffsetBytes: number, sizeBytes: number): void {
    this.#uniformName[slot] = UNKNOWN;
    this.#encoder.bindUniformRing(slot, ringOffsetBytes, sizeBytes);
  }

  vertexArray(name: number): void {
    if (this.#vertexArray === name) return;
    this.#vertexArray = name;
    this.#elementBuffer = UNKNOWN;
    this.#attribEnabled.fill(UNKNOWN);
    this.#attribBuffer.fill(UNKNOWN);
    this.#attribDivisor.fill(UNKNOWN);
    this.#encoder.bindVertexArray(name);
  }

  elementBuffer(name: number): void {
    if (this.#elementBuffer === name) return;
    this.#elementBuffer = name;
    this.#encoder.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, name);
  }

  /** Enables attribute `index` and points it into a buffer. `code` is from `attributeCode`. */
  attribute(
    index: number,
    name: number,
    code: number,
    strideBytes: number,
    offsetBytes: number,
    divisor: number,
  ): void {
    const encoder = this.#encoder;
    if (this.#attribEnabled[index] !== 1) {
      this.#attribEnabled[index] = 1;
      encoder.enableVertexAttribArray(index);
    }
    if (this.#attribDivisor[index] !== divisor) {
      this.#attribDivisor[index] = divisor;
      encoder.vertexAttribDivisor(index, divisor);
    }
    if (
      this.#attribBuffer[index] === name &&
      this.#attribCode[index] === code &&
      this.#attribStride[index] === strideBytes &&
      this.#attribOffset[index] === offsetBytes
    ) {
      return;
    }
    this.#attribBuffer[index] = name;
    this.#attribCode[index] = code;
    this.#attribStride[index] = strideBytes;
    this.#attribOffset[index] = offsetBytes;
    if (this.#arrayBuffer !== name) {
      this.#arrayBuffer = name;
      encoder.bindBuffer(gl.ARRAY_BUFFER, name);
    }
    if ((code & 16) !== 0) encoder.vertexAttribIPointer(index, code & 7, code >> 5, strideBytes, offsetBytes);
    else encoder.vertexAttribPointer(index, code & 7, code >> 5, (code & 8) !== 0, strideBytes, offsetBytes);
  }

  disableAttribute(index: number): void {
    if (this.#attribEnabled[index] === 0) return;
    this.#attribEnabled[index] = 0;
    this.#encoder.disableVertexAttribArray(index);
  }

  /** GL takes a deleted buffer out of every binding of the context. */
  forgetBuffer(name: number): void {
    if (this.#arrayBuffer === name) this.#arrayBuffer = UNKNOWN;
    if (this.#elementBuffer === name) this.#elementBuffer = UNKNOWN;
    for (let i = 0; i < MAX_ATTRIBS; i++) if (this.#attribBuffer[i] === name) this.#attribBuffer[i] = UNKNOWN;
    const slots = this.#uniformName;
    for (let i = 0; i < slots.length; i++) if (slots[i] === name) slots[i] = UNKNOWN;
  }
}
