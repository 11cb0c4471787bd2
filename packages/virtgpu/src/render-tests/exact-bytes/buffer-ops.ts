/** Ops that take bytes without a shape: buffers, copies, uniforms, the pieces of the uniform ring. For tests. */
import { GL, type GlEncoder } from "@virtgpu/core/gl";
import type { Random } from "@virtgpu/core/testing";
import type { GuardedMemory } from "./guarded-memory.js";

const BUFFER_BYTES = 4096;
const RING_BYTES = 1024;
const CANARY = 0x5a;

const VERTEX = `#version 300 es
uniform vec4 u[64];
void main() { vec4 sum = vec4(0); for (int i = 0; i < 64; i++) sum += u[i]; gl_Position = sum; }`;
const FRAGMENT = `#version 300 es
precision highp float;
out vec4 o;
void main() { o = vec4(1); }`;

/** One op that is ready to be encoded, and what must become of it. */
export interface BufferOp {
  readonly op: string;
  /** Its numbers, for people. */
  readonly text: string;
  readonly isAccepted: boolean;
  /** Encodes it. */
  run(): void;
}

/** A range of a segment: inside it, ending at its end, or beyond. */
interface Range {
  readonly offset: number;
  readonly length: number;
  readonly isInside: boolean;
}

export class BufferOps {
  readonly #encoder: GlEncoder;
  readonly #random: Random;
  readonly #memories: readonly [GuardedMemory, GuardedMemory];
  readonly #buffer: number;
  readonly #program: number;
  readonly #contents = new Uint8Array(BUFFER_BYTES);
  readonly #check = new Uint8Array(BUFFER_BYTES);
  readonly #checkSegment: number;
  #segments: number[] = [];
  #difference: () => string = () => "";

  constructor(encoder: GlEncoder, random: Random, first: GuardedMemory, second: GuardedMemory) {
    this.#encoder = encoder;
    this.#random = random;
    this.#memories = [first, second];
    this.#buffer = encoder.names.buffer.allocate();
    encoder.createBuffer(this.#buffer);
    encoder.bindBuffer(GL.COPY_WRITE_BUFFER, this.#buffer);
    encoder.bufferZeros(GL.COPY_WRITE_BUFFER, BUFFER_BYTES, GL.STATIC_DRAW);
    this.#program = encoder.names.program.allocate();
    const stages = [
      { stage: GL.VERTEX_SHADER, source: VERTEX },
      { stage: GL.FRAGMENT_SHADER, source: FRAGMENT },
    ];
    encoder.linkProgram(this.#program, { shaders: stages, uniforms: [{ name: "u", at: 3 }] });
    encoder.useProgram(this.#program);
    this.#checkSegment = encoder.registerSegment(this.#check);
  }

  next(): BufferOp {
    for (const id of this.#segments) this.#encoder.unregisterSegment(id);
    this.#segments = [];
    this.#difference = () => "";
    this.#encoder.bindBuffer(GL.COPY_WRITE_BUFFER, this.#buffer);
    switch (this.#random.below(5)) {
      case 0:
        return this.#bufferSubData();
      case 1:
        return this.#getBufferSubData();
      case 2:
        return this.#copyBytes();
      case 3:
        return this.#uniform4fv();
      default:
        return this.#ringPiece();
    }
  }

  /** What the last op that was accepted moved wrongly; "": nothing. */
  difference(): string {
    return this.#difference();
  }

  #memory(index: 0 | 1, fill: number | null): { bytes: Uint8Array; segment: number } {
    const random = this.#random;
    const length = random.oneIn(16) ? 0 : 1 + random.below(BUFFER_BYTES);
    const bytes = this.#memories[index].piece(length, random.oneIn(4) ? "before" : "behind");
    if (fill === null) for (let i = 0; i < length; i++) bytes[i] = random.u32() >>> 7;
    else bytes.fill(fill);
    const segment = this.#encoder.registerSegment(bytes);
    this.#segments.push(segment);
    return { bytes, segment };
  }

  #range(bytes: number): Range {
    const random = this.#random;
    let offset = random.oneIn(3) ? 0 : random.below(bytes + 2);
    let length = random.oneIn(2) ? Math.max(0, bytes - offset) : random.below(bytes + 2);
    if (random.oneIn(20)) offset = random.pick([0x7fffffff, 0xffffffff, 2 ** 32, 2 ** 32 + 1, 2 ** 52]);
    if (random.oneIn(20)) length = random.pick([0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff]);
    return { offset, length, isInside: offset + length <= bytes };
  }

  #bufferSubData(): BufferOp {
    const { bytes, segment } = this.#memory(0, null);
    const { offset, length, isInside } = this.#range(bytes.length);
    const at = this.#random.below(BUFFER_BYTES - Math.min(length, BUFFER_BYTES) + 1);
    this.#difference = () => {
      this.#contents.set(bytes.subarray(offset, offset + length), at);
      return this.#bufferDifference();
    };
    return {
      op: "bufferSubData",
      text: `${bytes.length} bytes, ${length} at ${offset} to ${at}`,
      isAccepted: isInside,
      run: () => this.#encoder.bufferSubData(GL.COPY_WRITE_BUFFER, at, segment, offset, length),
    };
  }

  #getBufferSubData(): BufferOp {
    const { bytes, segment } = this.#memory(0, CANARY);
    const { offset, length, isInside } = this.#range(bytes.length);
    const at = this.#random.below(BUFFER_BYTES - Math.min(length, BUFFER_BYTES) + 1);
    this.#difference = () => {
      const want = new Uint8Array(bytes.length).fill(CANARY);
      want.set(this.#contents.subarray(at, at + length), offset);
      return differenceOf(bytes, want);
    };
    return {
      op: "getBufferSubData",
      text: `${bytes.length} bytes, ${length} from ${at} to ${offset}`,
      isAccepted: isInside,
      run: () => this.#encoder.getBufferSubData(GL.COPY_WRITE_BUFFER, at, segment, offset, length),
    };
  }

  #copyBytes(): BufferOp {
    const to = this.#memory(0, CANARY);
    const from = this.#memory(1, null);
    const target = this.#range(to.bytes.length);
    const source = this.#range(from.bytes.length);
    const length = this.#random.oneIn(4) ? source.length : Math.min(source.length, target.length);
    const isInside = source.offset + length <= from.bytes.length && target.offset + length <= to.bytes.length;
    const targetLength = this.#random.oneIn(8) ? target.length : length;
    this.#difference = () => {
      const want = new Uint8Array(to.bytes.length).fill(CANARY);
      want.set(from.bytes.subarray(source.offset, source.offset + length), target.offset);
      return differenceOf(to.bytes, want);
    };
    return {
      op: "copyBytes",
      text: `${length} at ${source.offset} of ${from.bytes.length} to ${targetLength} at ${target.offset} of ${to.bytes.length}`,
      isAccepted: isInside && targetLength === length,
      run: () => this.#encoder.copyBytes(to.segment, target.offset, targetLength, from.segment, source.offset, length),
    };
  }

  #uniform4fv(): BufferOp {
    const { bytes, segment } = this.#memory(0, 0);
    const { offset, length, isInside } = this.#range(bytes.length);
    const needed = this.#random.oneIn(2) ? Math.floor(length / 16) : this.#random.below(70);
    const count = this.#random.oneIn(20) ? this.#random.pick([0x10000000, 0x7fffffff, 0xffffffff]) : needed;
    return {
      op: "uniform4fv",
      text: `${count} vectors, ${length} at ${offset} of ${bytes.length}`,
      isAccepted: isInside && count * 16 <= length,
      run: () => this.#encoder.uniform4fv(this.#program, 3, count, segment, offset, length),
    };
  }

  #ringPiece(): BufferOp {
    const encoder = this.#encoder;
    const { bytes, segment } = this.#memory(0, null);
    const { offset, length, isInside } = this.#range(bytes.length);
    const size = this.#random.oneIn(4) ? RING_BYTES : Math.min(length, RING_BYTES);
    let at = 0;
    this.#difference = () => {
      if (length === 0) return "";
      encoder.getBufferSubData(GL.UNIFORM_BUFFER, at, this.#checkSegment, 0, length);
      encoder.flush();
      return differenceOf(this.#check.subarray(0, length), bytes.subarray(offset, offset + length));
    };
    return {
      op: "ring piece",
      text: `${length} at ${offset} of ${bytes.length} to a block of ${size}`,
      // Offsets of pieces are below 4 GiB; a piece that is longer than its block may not leave the ring.
      isAccepted: length === 0 || (isInside && length <= size),
      run: () => {
        encoder.reserve(64, 1, RING_BYTES);
        at = encoder.ringBlock(size);
        encoder.ringCopy(at, segment, Math.min(offset, 0xffffffff), length);
        encoder.useProgram(this.#program); // a batch has ops, or it is not replayed
      },
    };
  }

  #bufferDifference(): string {
    const encoder = this.#encoder;
    encoder.getBufferSubData(GL.COPY_WRITE_BUFFER, 0, this.#checkSegment, 0, BUFFER_BYTES);
    encoder.flush();
    return differenceOf(this.#check, this.#contents);
  }
}

function differenceOf(got: Uint8Array, want: Uint8Array): string {
  const wrong = want.findIndex((byte, index) => got[index] !== byte);
  return wrong < 0 ? "" : `byte ${wrong} of ${want.length} is ${got[wrong]}, not ${want[wrong]}`;
}
