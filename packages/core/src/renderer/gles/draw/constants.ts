import type { GlEncoder } from "../../../gl/index.js";
import { CopyReason } from "../../../memory/index.js";
import { Dirty } from "../dirty.js";
import type { GlesHost } from "../gles-host.js";
import * as gl from "../state/gl-enum.js";
import type { SubContext } from "../sub-context.js";
import type { Program, ProgramBlock, ProgramUniform } from "./program.js";

/** Largest block that a guest can declare (virgl_protocol.h has no limit; Mesa's is 64 KiB). */
const ZERO_BUFFER_BYTES = 65536 + 256;

/** Words of a draw from the binding of its constant blocks on: those, transform feedback, primitive restart, the index buffer, the draw. */
const LAST_WORDS = 256;
/** Constant buffer 0 of each stage. */
const RING_BLOCKS = 2;

/** From here to the draw nothing may flush, or C refuses the bindings into the ring. May flush itself. */
export function reserveLast(encoder: GlEncoder, program: Program): void {
  encoder.reserve(LAST_WORDS, RING_BLOCKS, program.ringBytes);
}

/** Feeds the constant blocks and plain uniforms of a program. Source bytes are gathered when the batch is replayed. */
export class ConstantEmitter {
  readonly #host: GlesHost;
  /** A GL buffer of zeros, for blocks that nothing is bound to. 0 until needed. */
  #zeroBuffer = 0;
  /** By block slot: a private copy of a guest range that is shorter than the block. */
  readonly #scratch: number[] = [];

  constructor(host: GlesHost) {
    this.#host = host;
  }

  /**
   * Places and binds what `dirty` says has changed: constant buffer 0 of each stage, prefixed by system values, in this
   * batch's ring. What the draw needs from here on is reserved on return.
   */
  emitConstants(sub: SubContext, program: Program, dirty: number): void {
    const uniforms = program.uniforms;
    const { encoder } = this.#host;
    for (let i = 0; i < uniforms.length; i++) this.#emitUniform(sub, program, uniforms[i]!);
    // Uniforms are the program's in any batch; blocks go into the one that the draw will be in.
    if (uniforms.length > 0) reserveLast(encoder, program);
    const all = sub.ringBatch !== encoder.batchId;
    sub.ringBatch = encoder.batchId;
    const blocks = program.constantBlocks;
    for (let i = 0; i < blocks.length; i++) {
      const block = blocks[i]!;
      let reads = block.stage === 0 ? Dirty.CONSTANTS_VERTEX : Dirty.CONSTANTS_FRAGMENT;
      if (block.sysBytes > 0) reads |= Dirty.SYSTEM_VALUES;
      if (all || (dirty & reads) !== 0) this.#emitBlock(sub, block);
    }
  }

  #emitBlock(sub: SubContext, block: ProgramBlock): void {
    const { encoder, bindings, ledger } = this.#host;
    const stage = block.stage === 0 ? sub.vertexStage : sub.fragmentStage;
    const { sysBytes, declaredBytes } = block;
    const offset = encoder.constants(
      stage.constantsSegment,
      stage.constantsOffset,
      stage.constantsBytes,
      declaredBytes,
      sysBytes,
    );
    const ring = encoder.ringFloats;
    const values = sub.systemValues;
    const first = offset / 4;
    const count = sysBytes / 4;
    for (let i = 0; i < count; i++) ring[first + i] = values[i]!;
    bindings.uniformRing(block.slot, offset, declaredBytes);
    ledger.count(CopyReason.CONSTANTS, declaredBytes);
  }

  /** Uniforms are program state: they are sent whenever the program or the constants changed. */
  #emitUniform(sub: SubContext, program: Program, uniform: ProgramUniform): void {
    const { encoder, ledger } = this.#host;
    const { slot, sysVec4s } = uniform;
    if (sysVec4s > 0) {
      const bytes = sysVec4s * 16;
      const at = encoder.stage(bytes);
      const target = new Float32Array(encoder.staging.buffer, encoder.staging.byteOffset + at, bytes / 4);
      for (let i = 0; i < target.length; i++) target[i] = sub.systemValues[i]!;
      this.#sendUniform(program, uniform.isUint, slot, sysVec4s, encoder.stagingSegment, at);
    }
    const stage = uniform.stage === 0 ? sub.vertexStage : sub.fragmentStage;
    const count = Math.min(uniform.guestVec4s, Math.floor(stage.constantsBytes / 16));
    if (count === 0) return;
    ledger.count(CopyReason.CONSTANTS, count * 16);
    this.#sendUniform(program, uniform.isUint, slot + 1, count, stage.constantsSegment, stage.constantsOffset);
  }

  #sendUniform(program: Program, isUint: boolean, slot: number, count: number, segment: number, offset: number): void {
    const { encoder } = this.#host;
    if (isUint) encoder.uniform4uiv(program.name, slot, count, segment, offset, count * 16);
    else encoder.uniform4fv(program.name, slot, count, segment, offset, count * 16);
  }

  /** Binds guest uniform buffers. @returns true when the next draw must do it again (a range had to be copied). */
  emitUniformBuffers(sub: SubContext, program: Program): boolean {
    const { bindings } = this.#host;
    const blocks = program.bufferBlocks;
    let again = false;
    for (let i = 0; i < blocks.length; i++) {
      const block = blocks[i]!;
      const stage = block.stage === 0 ? sub.vertexStage : sub.fragmentStage;
      const resource = stage.uniformBuffers[block.guestBlock]!;
      const offset = stage.uniformOffset[block.guestBlock]!;
      if (resource === null || offset % this.#host.caps.limits.uniformBufferOffsetAlignment !== 0) {
        bindings.uniformBuffer(block.slot, this.#zeros(), 0, block.declaredBytes);
      } else if (offset + block.declaredBytes <= resource.sizeBytes) {
        bindings.uniformBuffer(block.slot, resource.name, offset, block.declaredBytes);
      } else {
        const length = Math.max(0, resource.sizeBytes - offset);
        bindings.uniformBuffer(block.slot, this.#copy(block, resource.name, offset, length), 0, block.declaredBytes);
        this.#host.ledger.count(CopyReason.HOST_CONVERT, block.declaredBytes + length, resource.id);
        again = true;
      }
    }
    return again;
  }

  #zeros(): number {
    if (this.#zeroBuffer === 0) this.#zeroBuffer = this.#createZeroed(ZERO_BUFFER_BYTES);
    return this.#zeroBuffer;
  }

  #createZeroed(bytes: number): number {
    const { encoder, names, ledger } = this.#host;
    ledger.count(CopyReason.ZERO_FILL, bytes);
    const at = encoder.stage(bytes);
    encoder.staging.fill(0, at, at + bytes);
    const name = names.buffer.allocateOwn();
    encoder.createBuffer(name);
    encoder.bindBuffer(gl.COPY_WRITE_BUFFER, name);
    encoder.bufferData(gl.COPY_WRITE_BUFFER, gl.STATIC_DRAW, encoder.stagingSegment, at, bytes);
    return name;
  }

  /** The block's private buffer, filled with the guest's range and zeros behind it. */
  #copy(block: ProgramBlock, name: number, offsetBytes: number, lengthBytes: number): number {
    const { encoder } = this.#host;
    let scratch = this.#scratch[block.slot] ?? 0;
    if (scratch === 0) {
      scratch = this.#createZeroed(ZERO_BUFFER_BYTES);
      while (this.#scratch.length <= block.slot) this.#scratch.push(0);
      this.#scratch[block.slot] = scratch;
    }
    encoder.bindBuffer(gl.COPY_READ_BUFFER, this.#zeros());
    encoder.bindBuffer(gl.COPY_WRITE_BUFFER, scratch);
    encoder.copyBufferSubData(gl.COPY_READ_BUFFER, gl.COPY_WRITE_BUFFER, 0, 0, block.declaredBytes);
    if (lengthBytes > 0) {
      encoder.bindBuffer(gl.COPY_READ_BUFFER, name);
      encoder.copyBufferSubData(gl.COPY_READ_BUFFER, gl.COPY_WRITE_BUFFER, offsetBytes, 0, lengthBytes);
    }
    return scratch;
  }
}
