import type { Logger } from "../base/index.js";
import type { CopyLedger, GuestMemory, Segment } from "../memory/index.js";
import type { Renderer } from "../renderer/index.js";
import type { CursorState, Display, ScanoutImage } from "./display.js";

/** One `struct virtio_gpu_mem_entry`. */
export interface BackingEntry {
  readonly guestAddress: number;
  readonly lengthBytes: number;
}

/** What the device keeps of a resource; the pixels are the renderer's. */
export interface DeviceResource {
  readonly id: number;
  readonly format: number;
  readonly width: number;
  readonly height: number;
  /** Bit n: scanout n shows it. */
  scanoutMask: number;
  /** The guest's own words for its backing, to find the memory again when regions change; null: detached. */
  backing: readonly BackingEntry[] | null;
  uuid: Uint8Array | null;
}

/** Limits against guests that ask for everything. Each is above what any known driver needs. */
export interface DeviceLimits {
  readonly resources: number;
  readonly contexts: number;
  /** Entries of one RESOURCE_ATTACH_BACKING: 65,536 single pages hold an 8K frame. */
  readonly backingEntries: number;
  /** Bytes of one SUBMIT_3D; Mesa's largest is about 270 KB, others may send more. */
  readonly submitBytes: number;
}

export const defaultDeviceLimits: DeviceLimits = {
  resources: 65_536,
  contexts: 1_024,
  backingEntries: 131_072,
  submitBytes: 16 << 20,
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
  readonly limits?: DeviceLimits;
  /** Told of every frame that is shown. */
  readonly ledger?: CopyLedger;
}

/** The mutable state of one device. */
export class DeviceState {
  readonly resources = new Map<number, DeviceResource>();
  readonly contexts = new Set<number>();
  readonly scanouts: (ScanoutImage | null)[];
  readonly cursors: (CursorState | null)[];
  readonly limits: DeviceLimits;
  readonly parts: DeviceParts;

  constructor(parts: DeviceParts) {
    this.parts = parts;
    this.limits = parts.limits ?? defaultDeviceLimits;
    const count = parts.display.modes().length;
    this.scanouts = new Array<ScanoutImage | null>(count).fill(null);
    this.cursors = new Array<CursorState | null>(count).fill(null);
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
