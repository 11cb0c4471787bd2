import { HostError, type Logger } from "@virtgpu/core/base";
import type { SegmentId } from "@virtgpu/core/memory";
import type { Fd, MappedRegion, VhostUserPort } from "@virtgpu/core/vhost-user";
import { sharedFile } from "../../import/shared-file.js";
import { closeFd, Mapping } from "../../native/memory.js";
import type { SegmentRegistry } from "../session-memory.js";

const PAGE_BYTES = 4096;

/** Maps the front-end's memory files and makes them known to the GL back end. */
export class RegionMapper implements VhostUserPort {
  readonly #registry: SegmentRegistry;
  readonly #logger: Logger;
  readonly #live = new Set<Mapping>();

  constructor(registry: SegmentRegistry, logger: Logger) {
    this.#registry = registry;
    this.#logger = logger;
  }

  mapRegion(fd: Fd, offsetBytes: number, sizeBytes: number): MappedRegion | null {
    const inPage = offsetBytes % PAGE_BYTES;
    let isKept = false;
    try {
      const mapping = Mapping.map(fd, offsetBytes - inPage, sizeBytes + inPage);
      const id = this.#registry.registerSegment(mapping.bytes);
      if (id === 0) {
        mapping.release();
        return null;
      }
      this.#live.add(mapping);
      const release = (): void => {
        this.#live.delete(mapping);
        this.#registry.unregisterSegment(id);
        mapping.release();
        if (isKept) closeFd(fd);
      };
      // Stays open as long as the mapping: the import ladder hands the file on.
      const file = sharedFile(fd, offsetBytes - inPage);
      isKept = file !== undefined;
      const segment = { id: id as SegmentId, bytes: mapping.bytes, ...(file === undefined ? {} : { file }) };
      return { segment, offsetBytes: inPage, release };
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      this.#logger.error("guest memory cannot be mapped", { reason: error.message, cure: error.cure, sizeBytes });
      return null;
    } finally {
      if (!isKept) closeFd(fd);
    }
  }

  closeFd(fd: Fd): void {
    closeFd(fd);
  }

  /** Whether the front-end took pages of its memory file away: its guest reads zeros there, and so do we. */
  get isDamaged(): boolean {
    for (const mapping of this.#live) if (mapping.isDamaged) return true;
    return false;
  }
}
