import type { MemorySpan } from "./backing.js";
import type { Segment } from "./segment.js";

/** One region of guest RAM, as a VMM announces it (vhost-user: SET_MEM_TABLE, ADD_MEM_REG). Addresses are below 2^53. */
export interface MemoryRegion {
  /** First guest physical address. */
  readonly guestAddress: number;
  readonly sizeBytes: number;
  /** First address in the front-end's own address space: vhost-user gives ring addresses in it. */
  readonly userAddress: number;
  /** Our mapping. */
  readonly segment: Segment;
  /** Where the region begins in the segment. */
  readonly segmentOffsetBytes: number;
}

/** JavaScript numbers are exact up to here; no guest has an address above it. */
const MAX_ADDRESS = 2 ** 53 - 1;

/** Reads a little-endian u64 as a number, or -1 when it exceeds 2^53 - 1: no such address is ever announced. */
export function readAddress(view: DataView, offsetBytes: number): number {
  const value = view.getUint32(offsetBytes + 4, true) * 2 ** 32 + view.getUint32(offsetBytes, true);
  return value > MAX_ADDRESS ? -1 : value;
}

/**
 * Guest RAM as a set of disjoint regions that come, change and go. Nothing outside an announced region is ever touched:
 * every look-up takes a length and answers null unless the whole range lies inside.
 */
export class GuestMemory {
  #regions: readonly MemoryRegion[] = [];
  /** Goes up whenever the regions change: spans found before are void. */
  generation = 0;

  get regions(): readonly MemoryRegion[] {
    return this.#regions;
  }

  /** Replaces all regions. @returns false, with nothing changed, when two of them overlap or one leaves its segment. */
  replace(regions: readonly MemoryRegion[]): boolean {
    const sorted = regions.toSorted((a, b) => a.guestAddress - b.guestAddress);
    let end = 0;
    for (const region of sorted) {
      if (region.guestAddress < end || !isSane(region)) return false;
      end = region.guestAddress + region.sizeBytes;
    }
    this.#regions = sorted;
    this.generation++;
    return true;
  }

  /** The region that holds all of [guestAddress, guestAddress + lengthBytes), or null. */
  region(guestAddress: number, lengthBytes: number): MemoryRegion | null {
    for (const region of this.#regions) {
      const inside = guestAddress - region.guestAddress;
      if (inside >= 0 && inside < region.sizeBytes) return lengthBytes <= region.sizeBytes - inside ? region : null;
    }
    return null;
  }

  /** The memory behind a guest range that lies in one region, or null. A range over two regions is not contiguous in ours. */
  span(guestAddress: number, lengthBytes: number): MemorySpan | null {
    const region = this.region(guestAddress, lengthBytes);
    if (region === null) return null;
    const offsetBytes = region.segmentOffsetBytes + (guestAddress - region.guestAddress);
    return { segment: region.segment, offsetBytes, lengthBytes };
  }

  /** As `span`, for an address in the front-end's address space. */
  userSpan(userAddress: number, lengthBytes: number): MemorySpan | null {
    for (const region of this.#regions) {
      const inside = userAddress - region.userAddress;
      if (inside < 0 || inside >= region.sizeBytes) continue;
      if (lengthBytes > region.sizeBytes - inside) return null;
      return { segment: region.segment, offsetBytes: region.segmentOffsetBytes + inside, lengthBytes };
    }
    return null;
  }
}

function isSane(region: MemoryRegion): boolean {
  return (
    region.guestAddress >= 0 &&
    region.sizeBytes > 0 &&
    region.guestAddress + region.sizeBytes <= MAX_ADDRESS &&
    region.userAddress >= 0 &&
    region.userAddress + region.sizeBytes <= MAX_ADDRESS &&
    region.segmentOffsetBytes >= 0 &&
    region.segmentOffsetBytes + region.sizeBytes <= region.segment.bytes.length
  );
}
