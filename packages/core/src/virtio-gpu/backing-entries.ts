import { appendSpan, Backing, type GuestMemory, type MemorySpan, readAddress } from "../memory/index.js";
import type { DescriptorChain } from "../virtqueue/index.js";
import type { BackingEntry } from "./device-state.js";
import { VIRTIO_GPU_MEM_ENTRY_BYTES } from "./protocol.js";

/**
 * Reads `count` memory entries into private memory; the caller has bounded `count`. Entries without bytes are not kept: the specification
 * gives them no meaning. Null: fewer were sent, or an address is above 2^53.
 */
export function readEntries(chain: DescriptorChain, offsetBytes: number, count: number): BackingEntry[] | null {
  const lengthBytes = count * VIRTIO_GPU_MEM_ENTRY_BYTES;
  if (chain.readableBytes < offsetBytes + lengthBytes) return null;
  const bytes = new Uint8Array(lengthBytes);
  chain.read(offsetBytes, bytes);
  const view = new DataView(bytes.buffer);
  const entries: BackingEntry[] = [];
  for (let at = 0; at < lengthBytes; at += VIRTIO_GPU_MEM_ENTRY_BYTES) {
    const guestAddress = readAddress(view, at);
    if (guestAddress < 0) return null;
    const entryBytes = view.getUint32(at + 8, true);
    if (entryBytes > 0) entries.push({ guestAddress, lengthBytes: entryBytes });
  }
  return entries;
}

/** The memory behind the entries, neighbours joined. Null: part of it is outside guest memory. */
export function findBacking(memory: GuestMemory, entries: readonly BackingEntry[]): Backing | null {
  const spans: MemorySpan[] = [];
  for (const { guestAddress, lengthBytes } of entries) {
    const span = memory.span(guestAddress, lengthBytes);
    if (span === null) return null;
    appendSpan(spans, span);
  }
  return new Backing(spans);
}
