import type { Logger } from "../base/index.js";
import type { Backing, CopyLedger, GuestMemory, MemoryIdentity, Segment } from "../memory/index.js";
import type { BlobMemoryCode, Renderer } from "../renderer/index.js";
import { BlobWindow, type WindowRange } from "./blob-window.js";
import type { CursorState, Display, ScanoutImage } from "./display.js";
import { HeldFlushes } from "./held-flushes.js";
import type { HostBuffer, HostMemory, SharedObjects } from "./host-memory.js";
import { VIRTIO_GPU_MAX_SCANOUTS } from "./protocol.js";

/** One `struct virtio_gpu_mem_entry`. */
export interface BackingEntry {
  readonly guestAddress: number;
  readonly lengthBytes: number;
}

/** What makes a resource a blob. */
export interface DeviceBlob {
  readonly memory: BlobMemoryCode;
  readonly sizeBytes: number;
  /** An object of a context, with a format and an extent that the renderer knows. */
  readonly isTyped: boolean;
  readonly isMappable: boolean;
  /** The bytes, if they are memory of ours. */
  host: HostBuffer | null;
  /** Where the guest sees it; null: not mapped. */
  range: WindowRange | null;
}

/** What the device keeps of a resource; the pixels are the renderer's. Blobs have format, width and height 0. */
export interface DeviceResource {
  readonly id: number;
  readonly format: number;
  readonly width: number;
  readonly height: number;
  /** Bit n: scanout n shows it. */
  scanoutMask: number;
  /** The guest's own words for its backing, to find the memory again when regions change; null: detached. */
  backing: readonly BackingEntry[] | null;
  /** What the renderer has of it; null: detached, or some of it is not in guest memory now. */
  memory: Backing | null;
  /** Not there now: which bytes it was. */
  lostMemory: MemoryIdentity | null;
  uuid: Uint8Array | null;
  /** Other devices were told of the UUID. */
  isShared: boolean;
  readonly blob: DeviceBlob | null;
}

/** Limits against guests that ask for everything. Each is above what any known driver needs. */
export interface DeviceLimits {
  readonly resources: number;
  readonly contexts: number;
  /** Entries of one RESOURCE_ATTACH_BACKING: 65,536 single pages hold an 8K frame. */
  readonly backingEntries: number;
  /** Entries of all resources together: what we keep of each is more than the page that it may be of. */
  readonly allBackingEntries: number;
  /** Requests that wait for a fence, and requests that wait for somebody else: more than queues hold. Later ones are answered at once. */
  readonly pending: number;
  /**
   * Pieces of memory that requests keep while they wait. A driver that keeps to the specification has one or two for a request, and a queue
   * of 1,024 of them. Above it no request is taken until some were answered.
   */
  readonly waitingSpans: number;
  /** Bytes of one SUBMIT_3D; Mesa's largest is about 270 KB, others may send more. */
  readonly submitBytes: number;
  /** Bytes of one blob, and of all host blobs together. */
  readonly blobBytes: number;
  /** Host blobs: each takes a mapping of the process and up to three descriptors, which others need too. */
  readonly hostBlobs: number;
}

export const defaultDeviceLimits: DeviceLimits = {
  resources: 65_536,
  contexts: 1_024,
  backingEntries: 131_072,
  allBackingEntries: 4 << 20,
  pending: 32_768,
  waitingSpans: 65_536,
  submitBytes: 16 << 20,
  blobBytes: 1 << 30,
  hostBlobs: 2_048,
};

/** What a device is made of. */
export interface DeviceParts {
  readonly renderer: Renderer;
  readonly memory: GuestMemory;
  readonly display: Display;
  readonly logger: Logger;
  /** Private memory of at least `sizeBytes`, registered with the renderer's back end; valid until the next call. */
  readonly streamMemory: (sizeBytes: number) => Segment;
  /** 16 random bytes, once: the base of resource UUIDs. */
  readonly uuidBase: Uint8Array;
  /** Host blobs; without it the guest gets none. */
  readonly hostMemory?: HostMemory;
  /** Where UUIDs are made known; without it they are the guest's own names. */
  readonly sharedObjects?: SharedObjects;
  readonly limits?: DeviceLimits;
  /** Modes are offered only when `width × 4` is a multiple of it, so that the host can take scanouts as they are. Default: all. */
  readonly strideMultipleBytes?: number;
  /** Told of every frame that is shown. */
  readonly ledger?: CopyLedger;
  /** Milliseconds on a clock that only goes forward; without it no flush is withheld. */
  readonly clockMs?: () => number;
}

/** The mutable state of one device. */
export class DeviceState {
  readonly resources = new Map<number, DeviceResource>();
  readonly contexts = new Set<number>();
  readonly scanouts: (ScanoutImage | null)[];
  readonly cursors: (CursorState | null)[];
  readonly window = new BlobWindow();
  readonly flushes: HeldFlushes;
  readonly limits: DeviceLimits;
  readonly parts: DeviceParts;
  /** Memory of all host blobs, in whole pages. */
  hostBlobBytes = 0;
  hostBlobs = 0;
  /** Entries of all backings. */
  backingEntries = 0;
  /** Feature bits that the driver accepted. */
  features = 0n;
  #uuids = 0;

  constructor(parts: DeviceParts) {
    this.parts = parts;
    this.limits = parts.limits ?? defaultDeviceLimits;
    this.flushes = new HeldFlushes(parts.display, parts.clockMs);
    this.scanouts = new Array<ScanoutImage | null>(VIRTIO_GPU_MAX_SCANOUTS).fill(null);
    this.cursors = new Array<CursorState | null>(VIRTIO_GPU_MAX_SCANOUTS).fill(null);
  }

  /** Scanouts that the guest may use. More may come while it has not driven the device: when a VMM connects its window. */
  get scanoutCount(): number {
    return this.parts.display.modes().length;
  }

  /** The resource has another backing, or none. `memory`: what was found behind the entries. */
  setBacking(resource: DeviceResource, entries: readonly BackingEntry[] | null, memory: Backing | null): void {
    this.backingEntries += (entries?.length ?? 0) - (resource.backing?.length ?? 0);
    resource.backing = entries;
    resource.memory = memory;
    resource.lostMemory = null;
  }

  /** Whether so many entries more may be kept. */
  hasRoomFor(entries: number): boolean {
    return this.backingEntries + entries <= this.limits.allBackingEntries;
  }

  hasFeature(feature: number): boolean {
    return (this.features & (1n << BigInt(feature))) !== 0n;
  }

  /** A UUID (RFC 4122, version 4) that this device never gave before. */
  newUuid(): Uint8Array {
    const uuid = this.parts.uuidBase.slice(0, 16);
    new DataView(uuid.buffer).setUint32(12, ++this.#uuids);
    uuid[6] = (uuid[6]! & 0x0f) | 0x40;
    uuid[8] = (uuid[8]! & 0x3f) | 0x80;
    return uuid;
  }

  /** Turns off every scanout that shows the resource. */
  releaseScanouts(resource: DeviceResource): void {
    for (let id = 0; id < this.scanouts.length; id++) {
      if ((resource.scanoutMask & (1 << id)) === 0) continue;
      this.scanouts[id] = null;
      this.parts.display.setScanout(id, null);
    }
    resource.scanoutMask = 0;
  }
}
