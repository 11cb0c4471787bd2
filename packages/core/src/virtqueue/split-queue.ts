/**
 * The device side of a split virtqueue. Spec: virtio 1.3, Split Virtqueues. All fields are little-endian.
 * The rings live in guest memory: indices are loaded with `Atomics` (acquire) and stored with `Atomics` (release),
 * because the driver writes them from another CPU; descriptors are read once, into locals.
 */
import { type GuestMemory, type MemorySpan, readAddress } from "../memory/index.js";
import {
  type DescriptorChain,
  VIRTQ_DESC_BYTES,
  VIRTQ_DESC_F_INDIRECT,
  VIRTQ_DESC_F_NEXT,
  VIRTQ_DESC_F_WRITE,
} from "./descriptor-chain.js";

/** Spec: virtio 1.3, Virtqueues: the largest queue size. */
export const VIRTQ_SIZE_MAX = 32768;

/**
 * Descriptors of one chain, and pieces of memory that they come to; a larger queue has longer chains. Spec: virtio 1.3, Indirect
 * Descriptors: no chain is longer than its queue. Linux does not keep to it: what a program sends lies page by page in an indirect table
 * (`vmalloc_to_sgt` in virtgpu_vq.c), so 16 MiB, the longest stream that our device takes, are 4,096 descriptors and a few. QEMU stops at
 * 1,024 (`VIRTQUEUE_MAX_SIZE` in hw/virtio/virtio.h).
 */
export const CHAIN_MAX = 4160;

/** In the available ring's flags: the driver does not want to be notified. */
const VIRTQ_AVAIL_F_NO_INTERRUPT = 1;

/** Ring memory, found by the transport, with the negotiated ring features. */
export interface SplitQueueConfig {
  /** Number of descriptors: a power of two, at most `VIRTQ_SIZE_MAX`. */
  readonly size: number;
  /** 16 × size bytes. */
  readonly descriptors: MemorySpan;
  /** 6 + 2 × size bytes, 2-byte aligned. */
  readonly available: MemorySpan;
  /** 6 + 8 × size bytes, 4-byte aligned. */
  readonly used: MemorySpan;
  /** VIRTIO_F_EVENT_IDX was negotiated. */
  readonly hasEventIndex: boolean;
  /** VIRTIO_F_INDIRECT_DESC was negotiated. */
  readonly hasIndirect: boolean;
  /** Index where the device goes on (vhost-user: SET_VRING_BASE). */
  readonly nextAvailable: number;
}

/** Bytes of the three parts for a queue of `size` descriptors, event index fields included. */
export function splitQueueBytes(size: number): { descriptors: number; available: number; used: number } {
  return { descriptors: VIRTQ_DESC_BYTES * size, available: 6 + 2 * size, used: 6 + 8 * size };
}

/** Why a queue cannot be used as configured, or null. Check before constructing a `SplitQueue`. */
export function checkSplitQueue(config: SplitQueueConfig): string | null {
  const { size } = config;
  if (size < 1 || size > VIRTQ_SIZE_MAX || (size & (size - 1)) !== 0)
    return `queue size ${size} is not a power of two up to 32768`;
  const need = splitQueueBytes(size);
  if (config.descriptors.lengthBytes < need.descriptors) return "descriptor table outside guest memory";
  if (config.available.lengthBytes < need.available) return "available ring outside guest memory";
  if (config.used.lengthBytes < need.used) return "used ring outside guest memory";
  if (byteAddress(config.available) % 2 !== 0) return "available ring is not 2-byte aligned";
  if (byteAddress(config.used) % 4 !== 0) return "used ring is not 4-byte aligned";
  return null;
}

/**
 * Takes the driver's requests and gives them back. Every index, length and chain of the guest is checked; a broken ring stops the queue (`fault`)
 * and touches nothing else. Not for two threads.
 */
export class SplitQueue {
  readonly size: number;
  readonly #memory: GuestMemory;
  readonly #descriptors: DataView;
  readonly #available: Uint16Array;
  readonly #used16: Uint16Array;
  readonly #used32: Uint32Array;
  readonly #hasEventIndex: boolean;
  readonly #hasIndirect: boolean;
  #nextAvailable: number;
  #nextUsed: number;
  /** Used index at the driver's last notification; -1 before the first. */
  #notifiedUsed = -1;
  /** Why the queue is broken; it answers nothing any more until reset. */
  #fault: string | null = null;

  /** `config` must have passed `checkSplitQueue`. */
  constructor(memory: GuestMemory, config: SplitQueueConfig) {
    this.size = config.size;
    this.#memory = memory;
    this.#descriptors = dataView(config.descriptors);
    this.#available = new Uint16Array(
      config.available.segment.bytes.buffer,
      byteAddress(config.available),
      3 + config.size,
    );
    this.#used16 = new Uint16Array(config.used.segment.bytes.buffer, byteAddress(config.used), 3 + 4 * config.size);
    this.#used32 = new Uint32Array(config.used.segment.bytes.buffer, byteAddress(config.used), 1 + 2 * config.size);
    this.#hasEventIndex = config.hasEventIndex;
    this.#hasIndirect = config.hasIndirect;
    this.#nextAvailable = config.nextAvailable & 0xffff;
    this.#nextUsed = Atomics.load(this.#used16, 1);
  }

  /** What broke the queue, or null. Spec: a device that meets an invalid ring needs a reset. */
  get fault(): string | null {
    return this.#fault;
  }

  /** The index to give back on stop (vhost-user: GET_VRING_BASE). */
  get nextAvailable(): number {
    return this.#nextAvailable;
  }

  /**
   * Takes the next request into `chain`. @returns false when there is none, or when the ring is broken (see `fault`).
   * A chain that breaks the rules (loop, outside memory, too long) breaks the queue: its head cannot be trusted either.
   */
  pop(chain: DescriptorChain): boolean {
    if (this.#fault !== null) return false;
    const ready = (Atomics.load(this.#available, 1) - this.#nextAvailable) & 0xffff;
    if (ready === 0) return false;
    if (ready > this.size) return this.#break(`available index is ${ready} ahead in a queue of ${this.size}`);
    const head = this.#available[2 + (this.#nextAvailable & (this.size - 1))]!;
    if (head >= this.size) return this.#break(`descriptor ${head} in a queue of ${this.size}`);
    chain.reset(head);
    const refusal = this.#walk(chain, head);
    if (refusal !== null) return this.#break(refusal);
    this.#nextAvailable = (this.#nextAvailable + 1) & 0xffff;
    return true;
  }

  /** Gives a request back. `writtenBytes`: how much of its device-writable part was written, from its start. */
  push(head: number, writtenBytes: number): void {
    const at = 1 + 2 * (this.#nextUsed & (this.size - 1));
    this.#used32[at] = head;
    this.#used32[at + 1] = writtenBytes;
    this.#nextUsed = (this.#nextUsed + 1) & 0xffff;
    Atomics.store(this.#used16, 1, this.#nextUsed);
  }

  /**
   * Whether the driver wants to hear about what was pushed since this was last asked with the answer true.
   * Asking changes the next answer. Spec: virtio 1.3, Used Buffer Notification Suppression.
   */
  needsNotification(): boolean {
    if (!this.#hasEventIndex) return (Atomics.load(this.#available, 0) & VIRTQ_AVAIL_F_NO_INTERRUPT) === 0;
    const before = this.#notifiedUsed;
    if (before === this.#nextUsed) return false;
    const wanted = Atomics.load(this.#available, 2 + this.size);
    const passed = (this.#nextUsed - wanted - 1) & 0xffff;
    this.#notifiedUsed = this.#nextUsed;
    return before < 0 || passed < ((this.#nextUsed - before) & 0xffff);
  }

  /** Asks the driver to notify us of the next request. @returns true when one came meanwhile: pop again before waiting. */
  enableNotification(): boolean {
    if (this.#hasEventIndex) Atomics.store(this.#used16, 2 + 4 * this.size, this.#nextAvailable);
    return Atomics.load(this.#available, 1) !== this.#nextAvailable;
  }

  #break(reason: string): false {
    this.#fault = reason;
    return false;
  }

  /** Follows a chain, with at most one indirect table at its end. @returns a reason for refusal, or null. */
  #walk(chain: DescriptorChain, head: number): string | null {
    let table = this.#descriptors;
    let count = this.size;
    let index = head;
    let isIndirect = false;
    const most = Math.max(this.size, CHAIN_MAX);
    for (let steps = 0; ; steps++) {
      if (steps >= count) return `a chain longer than its table of ${count}: a loop`;
      if (steps >= most) return `a chain of more than ${most} descriptors`;
      const at = index * VIRTQ_DESC_BYTES;
      const address = readAddress(table, at);
      const length = table.getUint32(at + 8, true);
      const flags = table.getUint16(at + 12, true);
      const next = table.getUint16(at + 14, true);
      if (address < 0) return "an address above 2^53";
      if ((flags & VIRTQ_DESC_F_INDIRECT) !== 0) {
        if (isIndirect || !this.#hasIndirect) return "an indirect descriptor where none is allowed";
        if ((flags & VIRTQ_DESC_F_NEXT) !== 0) return "an indirect descriptor with a successor";
        if (length === 0 || length % VIRTQ_DESC_BYTES !== 0) return `an indirect table of ${length} bytes`;
        const span = this.#memory.span(address, length);
        if (span === null) return "an indirect table outside guest memory";
        table = dataView(span);
        // The table may be longer than its chain: only that is bounded.
        count = length / VIRTQ_DESC_BYTES;
        index = 0;
        steps = -1;
        isIndirect = true;
        continue;
      }
      const refusal = chain.add(this.#memory, address, length, (flags & VIRTQ_DESC_F_WRITE) !== 0);
      if (refusal !== null) return refusal;
      // A buffer over neighbouring regions is a piece in each.
      if (chain.spans > most) return `a chain of more than ${most} pieces`;
      if ((flags & VIRTQ_DESC_F_NEXT) === 0) return null;
      if (next >= count) return `descriptor ${next} in a table of ${count}`;
      index = next;
    }
  }
}

function byteAddress(span: MemorySpan): number {
  return span.segment.bytes.byteOffset + span.offsetBytes;
}

function dataView(span: MemorySpan): DataView {
  return new DataView(span.segment.bytes.buffer, byteAddress(span), span.lengthBytes);
}
