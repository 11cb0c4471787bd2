import { constants } from "node:os";
import { HostError } from "@virtgpu/core/base";
import { addon, checked, systemError } from "./addon.js";

/** File seals, `fcntl(2)` F_ADD_SEALS. */
export const Seal = { SEAL: 1, SHRINK: 2, GROW: 4, WRITE: 8 } as const;

/** Closes a descriptor. @throws {HostError} */
export function closeFd(fd: number): void {
  checked(addon().closeFd(fd), `close descriptor ${fd}`);
}

/** A new descriptor (close-on-exec) for the same open file. @throws {HostError} */
export function duplicateFd(fd: number): number {
  return checked(addon().duplicateFd(fd), `duplicate descriptor ${fd}`);
}

/**
 * Anonymous shared memory, close-on-exec, filled with zeros, sealed SHRINK|GROW|SEAL unless told otherwise: nobody who gets the
 * descriptor can take pages away. @returns a descriptor. @throws {HostError}
 */
export function createMemfd(
  name: string,
  sizeBytes: number,
  seals: number = Seal.SHRINK | Seal.GROW | Seal.SEAL,
): number {
  return checked(addon().createMemfd(name, sizeBytes, seals), `create ${sizeBytes} bytes of shared memory`);
}

/** Size in bytes of the file behind a descriptor. @throws {HostError} */
export function fdSize(fd: number): number {
  return checked(addon().fdSize(fd), `stat descriptor ${fd}`);
}

const handleOut = new Int32Array(1);

/**
 * Memory of its own pages, mostly mapped from a descriptor (which may be closed afterwards). Lives until `release`, never until garbage collection: drop
 * the reference without releasing and it is a leak. Guarded: if a peer truncates the file, reads give zeros instead of killing the process.
 */
export class Mapping {
  /** The mapped bytes; length 0 after `release`. */
  readonly bytes: Uint8Array;
  readonly #buffer: ArrayBuffer;
  readonly #handle: number;
  #wasDamaged = false;

  private constructor(buffer: ArrayBuffer, handle: number) {
    this.#buffer = buffer;
    this.#handle = handle;
    this.bytes = new Uint8Array(buffer);
  }

  /**
   * @param offsetBytes a multiple of the page size
   * @throws {HostError} EINVAL or EOVERFLOW when the file is shorter than offset + length; ENOMEM; MAPPING_TOO_LARGE (over 4 GiB on Node 20)
   */
  static map(fd: number, offsetBytes: number, lengthBytes: number, isWritable = true): Mapping {
    const result = addon().mapFd(fd, offsetBytes, lengthBytes, isWritable, handleOut);
    if (typeof result !== "number") return new Mapping(result, handleOut[0]!);
    if (-result === constants.errno.E2BIG) {
      throw new HostError("MAPPING_TOO_LARGE", `cannot map ${lengthBytes} bytes in one piece`, {
        cure: "use Node 22 or newer",
      });
    }
    throw systemError(-result, `map ${lengthBytes} bytes of descriptor ${fd} at ${offsetBytes}`);
  }

  /** Zeroed memory of this process alone. Null: there is none. */
  static mapPrivate(lengthBytes: number): Mapping | null {
    const result = addon().mapPrivate(lengthBytes, handleOut);
    return typeof result === "number" ? null : new Mapping(result, handleOut[0]!);
  }

  /** Scattered pages as one piece: `pieces` holds fd, offset and length of each, whole pages. Null: the system refused. */
  static mapWindow(pieces: Float64Array, count: number): Mapping | null {
    const result = addon().mapWindow(pieces, count, handleOut);
    return typeof result === "number" ? null : new Mapping(result, handleOut[0]!);
  }

  /** True once a peer took pages of the file away under the mapping; zeros are there now. */
  get isDamaged(): boolean {
    if (this.#buffer.byteLength > 0) this.#wasDamaged = addon().isDamaged(this.#handle);
    return this.#wasDamaged;
  }

  /** mprotect(2) of the whole mapping. @throws {HostError} */
  protect(isWritable: boolean): void {
    if (this.#buffer.byteLength === 0) return;
    checked(addon().protect(this.#handle, isWritable), "change the protection of a mapping");
  }

  /** Unmaps. Views become empty. A segment registered with GL must be unregistered first. @throws {HostError} EBUSY if one is. */
  release(): void {
    if (this.#buffer.byteLength === 0) return;
    checked(addon().unmap(this.#buffer, this.#handle), "unmap");
  }
}

/**
 * From now on the C heap maps every block of `sizeBytes` and above by itself and unmaps it when it is freed. For processes in which pictures
 * come and go for days: glibc 2.36 does not use the hole that an aligned block has left when the next of that size is asked for (its bug
 * 14581), and software drivers align their pictures, so that each lies at a new place.
 */
export function mapBlocksFrom(sizeBytes: number): void {
  addon().setMapThreshold(sizeBytes);
}

/**
 * Gives freed memory of the C heap back to the system, wherever in it the holes are: a millisecond or so. For when much has been freed and little
 * will be wanted soon. By itself malloc keeps it, which is right between two frames (`addon.c`).
 */
export function trimHeap(): void {
  addon().trimHeap();
}

/** How many mappings live: for leak tests. */
export function mappingCount(): number {
  return addon().mappingCount();
}

/** Installs the SIGBUS handler; `Mapping.map` does so by itself. */
export function installSigbusGuard(): void {
  checked(addon().installSigbusGuard(), "install the SIGBUS guard");
}
