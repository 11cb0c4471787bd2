import type { GuestMemory, Segment } from "../memory/index.js";

/** A file descriptor that came in a message. Whoever holds it must close it or hand it on. */
export type Fd = number & { readonly __brand: "Fd" };

/** A mapped memory region. */
export interface MappedRegion {
  /** Covers `mmapOffset + size` bytes of the file, from its start or from a page at or before the offset. */
  readonly segment: Segment;
  /** Where the region begins in the segment. */
  readonly offsetBytes: number;
  /** Ends the mapping. Nothing may refer to the segment any more. */
  release(): void;
}

/** What a session needs of the host. */
export interface VhostUserPort {
  /**
   * Maps `sizeBytes` of the file at `offsetBytes`. Takes the descriptor over, also on failure.
   * @returns null when the file is shorter than that or cannot be mapped.
   */
  mapRegion(fd: Fd, offsetBytes: number, sizeBytes: number): MappedRegion | null;
  closeFd(fd: Fd): void;
}

/** A queue, ready to run. Descriptors belong to the queue from here on. */
export interface VringStart {
  readonly index: number;
  /** Signalled by the driver; null: the driver expects polling. */
  readonly kick: Fd | null;
}

/** A shared memory region of the device (virtio 1.3, Shared Memory Regions). */
export interface SharedMemoryRegion {
  /** Below 256. */
  readonly shmId: number;
  readonly sizeBytes: number;
}

/** What the session drives: the device with its queues. */
export interface VhostUserDevice {
  readonly queueCount: number;
  /** Device features beside the transport's. */
  readonly deviceFeatures: bigint;
  /** The configuration space. */
  readConfig(): Uint8Array;
  writeConfig(offsetBytes: number, bytes: Uint8Array): void;
  setFeatures(features: bigint): void;
  /** A ring has all it needs and is enabled or disabled by `isEnabled`. Called again when anything changes. */
  updateVring(index: number, vring: VringState): void;
  /** The ring must not be touched any more. @returns the index to continue from. */
  stopVring(index: number): number;
  /**
   * Guest memory is about to become `next` (borrowed); old mappings go right after. No span of them may be kept, and nothing may reach
   * what is not in `next`.
   */
  memoryChanges(next: GuestMemory): void;
  /** Regions that host memory is mapped into, through the back-end channel. Without one, SHMEM is not offered. */
  readonly sharedMemory: readonly SharedMemoryRegion[];
  /** Whether resources can be had by UUID; without, SHARED_OBJECT is not offered. */
  readonly sharesObjects: boolean;
  /** The memory of the object with this UUID (16 bytes, borrowed), or null. The descriptor stays the device's. */
  sharedObject(uuid: Uint8Array): Fd | null;
  setGpuSocket(fd: Fd): void;
  setBackendChannel(fd: Fd): void;
  /** All state goes, as after power on. */
  reset(): void;
}

/** A ring as the front-end described it. */
export interface VringState {
  size: number;
  /** Addresses in the front-end's address space; -1: not given. */
  descriptorAddress: number;
  availableAddress: number;
  usedAddress: number;
  /** The first available index to serve. */
  base: number;
  kick: Fd | null;
  call: Fd | null;
  error: Fd | null;
  /** After the first kick descriptor, until GET_VRING_BASE. */
  isStarted: boolean;
  isEnabled: boolean;
}
