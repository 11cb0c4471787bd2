import { silentLogger, type Logger } from "../base/index.js";
import type { FdMapper, MappedMemory, VtestUpstream } from "../capture/index.js";
import { CopyLedger, type SegmentId } from "../memory/index.js";
import type { Renderer } from "../renderer/index.js";
import {
  fixedPayloadDwords,
  variablePayloadBytes,
  VtestSession,
  VTEST_HDR_BYTES,
  type PrivateMemory,
  type SessionEnd,
  type SessionMemory,
  type SharedMemory,
  type VtestChannel,
  type VtestLimits,
} from "../vtest/index.js";

/** Session memory out of plain arrays. "Descriptors" are numbers that `mapper` understands. */
export class ArrayMemory implements SessionMemory {
  readonly #shared = new Map<number, Uint8Array>();
  #nextId = 1;
  /** Living pieces: for leak tests. */
  liveShared = 0;
  livePrivate = 0;
  /** The next `createShared` calls fail. */
  isExhausted = false;

  createShared(sizeBytes: number): SharedMemory | null {
    if (this.isExhausted) return null;
    const id = this.#nextId++;
    const bytes = new Uint8Array(sizeBytes);
    this.#shared.set(id, bytes);
    this.liveShared += 1;
    return {
      segment: { id: id as SegmentId, bytes },
      fd: id,
      closeFd: () => {},
      release: () => {
        this.liveShared -= 1;
        this.#shared.delete(id);
      },
    };
  }

  createPrivate(sizeBytes: number): PrivateMemory | null {
    if (this.isExhausted) return null;
    this.livePrivate += 1;
    const bytes = new Uint8Array((sizeBytes + 3) & ~3);
    return { segment: { id: this.#nextId++ as SegmentId, bytes }, release: () => void (this.livePrivate -= 1) };
  }

  get mapper(): FdMapper {
    return {
      map: (fd: number): MappedMemory | null => {
        const bytes = this.#shared.get(fd);
        return bytes === undefined ? null : { bytes, release: () => {} };
      },
      close: () => {},
    };
  }
}

/** Growing byte queue. */
class ByteQueue {
  #bytes = new Uint8Array(1024);
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  push(source: Uint8Array): void {
    if (this.#end + source.length > this.#bytes.length) {
      const grown = new Uint8Array((this.length + source.length) * 2);
      grown.set(this.#bytes.subarray(this.#start, this.#end));
      this.#end -= this.#start;
      this.#start = 0;
      this.#bytes = grown;
    }
    this.#bytes.set(source, this.#end);
    this.#end += source.length;
  }

  /** A copy of up to `length` bytes, not taken out. */
  peek(length: number): Uint8Array {
    return this.#bytes.slice(this.#start, Math.min(this.#end, this.#start + length));
  }

  take(target: Uint8Array, offset: number, length: number): number {
    const count = Math.min(length, this.length);
    target.set(this.#bytes.subarray(this.#start, this.#start + count), offset);
    this.#start += count;
    return count;
  }
}

/**
 * A whole vtest server in memory, without sockets and threads: what is written to it is served at once by a real
 * `VtestSession`, and its answers wait to be read. Usable as the upstream of recorders and players, and directly.
 */
export class LoopbackServer implements VtestUpstream {
  readonly session: VtestSession;
  readonly memory: ArrayMemory;
  /** What the session itself counts. */
  readonly ledger = new CopyLedger();
  readonly #input = new ByteQueue();
  readonly #output = new ByteQueue();
  readonly #fds: number[] = [];
  end: SessionEnd | null = null;

  constructor(
    renderer: Renderer,
    options: { readonly memory?: ArrayMemory; readonly logger?: Logger; readonly limits?: Partial<VtestLimits> } = {},
  ) {
    this.memory = options.memory ?? new ArrayMemory();
    const channel: VtestChannel = {
      readExact: (target, offset, length) => this.#input.take(target, offset, length),
      write: (source, offset, length) => (this.#output.push(source.subarray(offset, offset + length)), true),
      writeWithFd: (source, offset, length, fd) => {
        this.#output.push(source.subarray(offset, offset + length));
        this.#fds.push(fd);
        return true;
      },
    };
    const logger = options.logger ?? silentLogger;
    const { memory, ledger } = this;
    this.session = new VtestSession({ channel, renderer, memory, logger, ledger, limits: options.limits ?? {} });
  }

  write(source: Uint8Array, offsetBytes: number, lengthBytes: number): boolean {
    if (this.end !== null) return false;
    this.#input.push(source.subarray(offsetBytes, offsetBytes + lengthBytes));
    while (this.end === null && this.#hasWholeMessage()) this.end = this.session.step();
    return true;
  }

  /** Writes words, little-endian. */
  send(...words: readonly number[]): boolean {
    return this.write(new Uint8Array(Uint32Array.from(words).buffer), 0, words.length * 4);
  }

  readExact(target: Uint8Array, offsetBytes: number, lengthBytes: number): number {
    return this.#output.take(target, offsetBytes, lengthBytes);
  }

  /** Answers that wait, as words; they are taken out. */
  receive(): Uint32Array {
    const bytes = new Uint8Array((this.#output.length + 3) & ~3);
    this.#output.take(bytes, 0, this.#output.length);
    return new Uint32Array(bytes.buffer);
  }

  receiveFd(): number {
    const one = new Uint8Array(1);
    if (this.#output.take(one, 0, 1) < 1) return -1;
    return this.#fds.shift() ?? -1;
  }

  /** The client hangs up: what was sent so far is all there is. */
  close(): SessionEnd {
    while (this.end === null) this.end = this.session.step();
    this.session.release();
    return this.end;
  }

  #hasWholeMessage(): boolean {
    const header = this.#input.peek(VTEST_HDR_BYTES + 64);
    if (header.length < VTEST_HDR_BYTES) return false;
    const words = new Uint32Array(32);
    new Uint8Array(words.buffer).set(header);
    const fixed = fixedPayloadDwords(words[1]!);
    // What cannot be framed must reach the session to be refused.
    if (fixed < 0) return true;
    if (this.#input.length < VTEST_HDR_BYTES + fixed * 4) return false;
    const variable = variablePayloadBytes(words[1]!, words[0]!, words.subarray(2));
    return variable > 1 << 28 || this.#input.length >= VTEST_HDR_BYTES + fixed * 4 + variable;
  }
}
