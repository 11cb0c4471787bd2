import { type GuestMemory, type MemorySpan, type Segment, type SegmentId } from "../memory/index.js";
import {
  type SplitQueueConfig,
  VIRTQ_DESC_BYTES,
  VIRTQ_DESC_F_INDIRECT,
  VIRTQ_DESC_F_NEXT,
  VIRTQ_DESC_F_WRITE,
  splitQueueBytes,
} from "../virtqueue/index.js";

/** One buffer of a request, by guest physical address. */
export interface DriverBuffer {
  readonly address: number;
  readonly lengthBytes: number;
  readonly isWritable: boolean;
}

/** One raw descriptor, for tests that break the rules. */
export interface RawDescriptor {
  readonly address: number;
  readonly lengthBytes: number;
  readonly flags: number;
  readonly next: number;
}

/** Where a driver's rings lie, as guest physical addresses. */
export interface DriverLayout {
  readonly descriptors: number;
  readonly available: number;
  readonly used: number;
}

/**
 * The driver side of a split virtqueue, for testing device sides: builds descriptor chains in guest memory and reads the used
 * ring. Shipped, so that other projects can test their devices. Spec: virtio 1.3, Split Virtqueues.
 */
export class VirtqueueDriver {
  readonly size: number;
  readonly layout: DriverLayout;
  readonly #memory: GuestMemory;
  #nextDescriptor = 0;
  #availableIndex = 0;
  #usedIndex = 0;

  /** Lays the rings out from `guestAddress` (4-byte aligned) on; `endAddress` is the first free byte after them. */
  constructor(memory: GuestMemory, guestAddress: number, size: number) {
    const bytes = splitQueueBytes(size);
    const available = guestAddress + bytes.descriptors;
    const used = Math.ceil((available + bytes.available) / 4) * 4;
    this.size = size;
    this.layout = { descriptors: guestAddress, available, used };
    this.#memory = memory;
  }

  get endAddress(): number {
    return this.layout.used + splitQueueBytes(this.size).used;
  }

  /** The configuration to hand to the device side. */
  config(options: { hasEventIndex?: boolean; hasIndirect?: boolean } = {}): SplitQueueConfig {
    const bytes = splitQueueBytes(this.size);
    return {
      size: this.size,
      descriptors: this.#span(this.layout.descriptors, bytes.descriptors),
      available: this.#span(this.layout.available, bytes.available),
      used: this.#span(this.layout.used, bytes.used),
      hasEventIndex: options.hasEventIndex ?? false,
      hasIndirect: options.hasIndirect ?? false,
      nextAvailable: 0,
    };
  }

  /** Offers a request. @returns its head. Descriptors are used round robin: keep fewer in flight than the queue holds. */
  offer(buffers: readonly DriverBuffer[]): number {
    const head = this.#nextDescriptor;
    buffers.forEach((buffer, i) => {
      const isLast = i === buffers.length - 1;
      const flags = (buffer.isWritable ? VIRTQ_DESC_F_WRITE : 0) | (isLast ? 0 : VIRTQ_DESC_F_NEXT);
      const index = (head + i) % this.size;
      this.writeDescriptor(index, { ...buffer, flags, next: (index + 1) % this.size });
    });
    this.#nextDescriptor = (head + buffers.length) % this.size;
    this.publish(head);
    return head;
  }

  /** Offers a request through an indirect table that is written at `tableAddress`. @returns its head. */
  offerIndirect(buffers: readonly DriverBuffer[], tableAddress: number): number {
    buffers.forEach((buffer, i) => {
      const flags = (buffer.isWritable ? VIRTQ_DESC_F_WRITE : 0) | (i === buffers.length - 1 ? 0 : VIRTQ_DESC_F_NEXT);
      this.#writeDescriptorAt(tableAddress + i * VIRTQ_DESC_BYTES, { ...buffer, flags, next: i + 1 });
    });
    const head = this.#nextDescriptor;
    const lengthBytes = buffers.length * VIRTQ_DESC_BYTES;
    this.writeDescriptor(head, { address: tableAddress, lengthBytes, flags: VIRTQ_DESC_F_INDIRECT, next: 0 });
    this.#nextDescriptor = (head + 1) % this.size;
    this.publish(head);
    return head;
  }

  /** Starts from empty rings, as a driver does after it reset the device. */
  reset(): void {
    const bytes = splitQueueBytes(this.size);
    this.#view(this.layout.available, bytes.available).setUint32(0, 0, true);
    this.#view(this.layout.used, bytes.used).setUint32(0, 0, true);
    this.#nextDescriptor = 0;
    this.#availableIndex = 0;
    this.#usedIndex = 0;
  }

  writeDescriptor(index: number, descriptor: RawDescriptor): void {
    this.#writeDescriptorAt(this.layout.descriptors + index * VIRTQ_DESC_BYTES, descriptor);
  }

  /** Puts a head into the available ring. */
  publish(head: number): void {
    const ring = this.#view(this.layout.available, splitQueueBytes(this.size).available);
    ring.setUint16(4 + 2 * (this.#availableIndex % this.size), head, true);
    this.setAvailableIndex(this.#availableIndex + 1);
  }

  get availableIndex(): number {
    return this.#availableIndex;
  }

  /** Overwrites the available index. */
  setAvailableIndex(index: number): void {
    this.#availableIndex = index & 0xffff;
    this.#view(this.layout.available, 4).setUint16(2, this.#availableIndex, true);
  }

  /** Sets the used index at which the driver wants to be notified (event index negotiated). */
  setUsedEvent(index: number): void {
    this.#view(this.layout.available + 4 + 2 * this.size, 2).setUint16(0, index & 0xffff, true);
  }

  /** Asks to be notified of the next request that the device gives back. Check `takeUsed` once more before waiting. */
  expectUsed(): void {
    this.setUsedEvent(this.#usedIndex);
  }

  /** The next request that the device gave back, or null. */
  takeUsed(): { head: number; writtenBytes: number } | null {
    const ring = this.#view(this.layout.used, splitQueueBytes(this.size).used);
    if (ring.getUint16(2, true) === this.#usedIndex) return null;
    const at = 4 + 8 * (this.#usedIndex % this.size);
    this.#usedIndex = (this.#usedIndex + 1) & 0xffff;
    return { head: ring.getUint32(at, true), writtenBytes: ring.getUint32(at + 4, true) };
  }

  #writeDescriptorAt(guestAddress: number, descriptor: RawDescriptor): void {
    const view = this.#view(guestAddress, VIRTQ_DESC_BYTES);
    view.setUint32(0, descriptor.address % 2 ** 32, true);
    view.setUint32(4, Math.floor(descriptor.address / 2 ** 32), true);
    view.setUint32(8, descriptor.lengthBytes, true);
    view.setUint16(12, descriptor.flags, true);
    view.setUint16(14, descriptor.next, true);
  }

  #span(guestAddress: number, lengthBytes: number): MemorySpan {
    const span = this.#memory.span(guestAddress, lengthBytes);
    if (span === null) throw new RangeError(`test memory has no ${lengthBytes} bytes at ${guestAddress}`);
    return span;
  }

  #view(guestAddress: number, lengthBytes: number): DataView {
    const span = this.#span(guestAddress, lengthBytes);
    const bytes = span.segment.bytes;
    return new DataView(bytes.buffer, bytes.byteOffset + span.offsetBytes, lengthBytes);
  }
}

/** A segment over fresh zeroed memory, for tests without a GL back end. */
export function testSegment(id: number, sizeBytes: number): Segment {
  return { id: id as SegmentId, bytes: new Uint8Array(sizeBytes) };
}
