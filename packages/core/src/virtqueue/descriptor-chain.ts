import { type GuestMemory, type MemorySpan, readSpans, writeSpans } from "../memory/index.js";

/** Descriptor flags. Spec: virtio 1.3, Split Virtqueues / The Virtqueue Descriptor Table. */
export const VIRTQ_DESC_F_NEXT = 1;
export const VIRTQ_DESC_F_WRITE = 2;
export const VIRTQ_DESC_F_INDIRECT = 4;

export const VIRTQ_DESC_BYTES = 16;

/**
 * A request: the device-readable part, then the device-writable part, each a list of spans of guest memory. Reused
 * from request to request; spans are shared with the guest, so read each field once.
 */
export class DescriptorChain {
  /** Index of the first descriptor, to be given back in the used ring. */
  head = 0;
  readonly readable: MemorySpan[] = [];
  readonly writable: MemorySpan[] = [];
  /** Guest addresses of the spans. */
  readonly #readableAt: number[] = [];
  readonly #writableAt: number[] = [];
  readableBytes = 0;
  writableBytes = 0;
  /** Spans that are counted for it while it waits; its holder's. */
  heldSpans = 0;

  reset(head: number): void {
    this.head = head;
    this.heldSpans = 0;
    this.#empty();
  }

  #empty(): void {
    this.readable.length = 0;
    this.writable.length = 0;
    this.#readableAt.length = 0;
    this.#writableAt.length = 0;
    this.readableBytes = 0;
    this.writableBytes = 0;
  }

  /** Copies from the device-readable part. @returns bytes copied: fewer than asked when the part ends. */
  read(offsetBytes: number, target: Uint8Array): number {
    return readSpans(this.readable, offsetBytes, target);
  }

  /** Copies into the device-writable part. @returns bytes copied: fewer than given when the part ends. */
  write(offsetBytes: number, source: Uint8Array): number {
    return writeSpans(this.writable, offsetBytes, source);
  }

  /**
   * Finds the same guest addresses again after memory has changed. @returns false when some of them are gone: the chain is then empty,
   * and can only be given back.
   */
  rebind(memory: GuestMemory): boolean {
    if (rebind(memory, this.readable, this.#readableAt) && rebind(memory, this.writable, this.#writableAt)) return true;
    this.#empty();
    return false;
  }

  /** Spans of both parts: what a chain takes of the heap. */
  get spans(): number {
    return this.readable.length + this.writable.length;
  }

  /**
   * Forgets the spans behind the first `readableBytes` and `writableBytes`: a guest chooses how many there are, and what waits shall keep
   * only what is still looked at.
   */
  trim(readableBytes: number, writableBytes: number): void {
    this.readableBytes = keepFirst(this.readable, this.#readableAt, readableBytes);
    this.writableBytes = keepFirst(this.writable, this.#writableAt, writableBytes);
  }

  /**
   * Adds one buffer. Spec: all device-readable buffers come first. A buffer over several regions becomes several spans.
   * @returns a reason for refusal, or null.
   */
  add(memory: GuestMemory, guestAddress: number, lengthBytes: number, isWritable: boolean): string | null {
    if (!isWritable && this.writable.length > 0) return "a device-readable buffer after a device-writable one";
    let address = guestAddress;
    let left = lengthBytes;
    while (left > 0) {
      const region = memory.region(address, 1);
      if (region === null) return `address 0x${address.toString(16)} outside guest memory`;
      const count = Math.min(left, region.guestAddress + region.sizeBytes - address);
      const span = memory.span(address, count);
      if (span === null) return `address 0x${address.toString(16)} outside guest memory`;
      (isWritable ? this.writable : this.readable).push(span);
      (isWritable ? this.#writableAt : this.#readableAt).push(address);
      address += count;
      left -= count;
    }
    if (isWritable) this.writableBytes += lengthBytes;
    else this.readableBytes += lengthBytes;
    return null;
  }
}

/** @returns bytes of the spans that stay */
function keepFirst(spans: MemorySpan[], addresses: number[], bytes: number): number {
  let kept = 0;
  let count = 0;
  while (count < spans.length && kept < bytes) kept += spans[count++]!.lengthBytes;
  spans.length = count;
  addresses.length = count;
  return kept;
}

function rebind(memory: GuestMemory, spans: MemorySpan[], addresses: readonly number[]): boolean {
  for (let i = 0; i < spans.length; i++) {
    const span = memory.span(addresses[i]!, spans[i]!.lengthBytes);
    if (span === null) return false;
    spans[i] = span;
  }
  return true;
}
