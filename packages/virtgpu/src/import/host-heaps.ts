/** dma-heaps of this host (Linux Documentation/driver-api/dma-buf: DMABUF heaps): where memory comes from that a GPU can be sure to reach. */
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import { HostError } from "@virtgpu/core/base";

const HEAPS = "/dev/dma_heap";
/** One folder per CMA area of the kernel, where it tells (CONFIG_CMA_SYSFS). */
const CMA_AREAS = "/sys/kernel/mm/cma";
/** What kernels call the heap over their default CMA area (drivers/dma-buf/heaps/cma_heap.c), in the order in which they are tried. */
const CMA_NAMES: readonly string[] = ["linux,cma", "reserved", "default_cma_region"];

/** A folder entry of /dev/dma_heap, whether it may be opened or not. */
export interface FoundHeap {
  readonly name: string;
  readonly path: string;
  /** We may allocate from it. */
  readonly isOpen: boolean;
  /** Contiguous memory of a reserved area: it lies where board or command line put it. Others take pages from anywhere. */
  readonly isCma: boolean;
}

/** What a heap is good for, in words. */
export function heapWords({ name, isOpen, isCma }: FoundHeap): string {
  const use = isCma
    ? `reserved memory, for host blobs within a GPU's reach: --host-heap=${name} where its region lies low`
    : `pages from anywhere, for drivers that take dma-bufs only: --host-heap=${name}`;
  return `${name}${isOpen ? "" : " (no permission)"}: ${use}`;
}

/** A heap that host blobs come from. */
export interface HostHeap {
  readonly name: string;
  readonly path: string;
  /** It is a CMA heap that was named: whoever did vouches that it lies within the GPU's reach. */
  readonly isTrusted: boolean;
}

/** Where heaps are looked for. */
export interface HeapFolders {
  readonly heaps: string;
  readonly cmaAreas: string;
}

const FOLDERS: HeapFolders = { heaps: HEAPS, cmaAreas: CMA_AREAS };

/** Every heap of the host, by name. */
export function findHeaps(folders: HeapFolders = FOLDERS): readonly FoundHeap[] {
  if (!existsSync(folders.heaps)) return [];
  return readdirSync(folders.heaps)
    .toSorted()
    .map((name) => describeHeap(join(folders.heaps, name), folders));
}

function describeHeap(path: string, folders: HeapFolders): FoundHeap {
  const name = basename(path);
  const isCma = CMA_NAMES.includes(name) || existsSync(join(folders.cmaAreas, name));
  return { name, path, isOpen: isOpenable(path), isCma };
}

/**
 * The heap that `--host-heap` means. `auto`: a CMA heap, where there is one and the GPU's reach is limited. `none`: none. Else a name in
 * /dev/dma_heap, or a path.
 * @param isLimited the GPU does not reach all addresses
 * @throws {HostError} HOST_HEAP_MISSING, HOST_HEAP_CLOSED: a heap that was named cannot be had
 */
export function chooseHeap(setting: string, isLimited: boolean, folders: HeapFolders = FOLDERS): HostHeap | null {
  if (setting === "none") return null;
  if (setting === "auto") {
    if (!isLimited) return null;
    const found = findHeaps(folders).filter(({ isOpen, isCma }) => isOpen && isCma);
    const rank = ({ name }: FoundHeap): number =>
      (CMA_NAMES.indexOf(name) + CMA_NAMES.length + 1) % (CMA_NAMES.length + 1);
    const [best] = found.toSorted((a, b) => rank(a) - rank(b));
    return best === undefined ? null : { name: best.name, path: best.path, isTrusted: false };
  }
  const path = isAbsolute(setting) ? setting : join(folders.heaps, setting);
  if (!existsSync(path)) {
    const names = findHeaps(folders).map(({ name }) => name);
    const cure =
      names.length === 0
        ? "use a kernel with CONFIG_DMABUF_HEAPS, or --host-heap=none"
        : `heaps here: ${names.join(", ")}`;
    throw new HostError("HOST_HEAP_MISSING", `there is no dma-heap ${path}`, { cure });
  }
  const heap = describeHeap(path, folders);
  if (!heap.isOpen)
    throw new HostError("HOST_HEAP_CLOSED", `no permission for ${path}`, { cure: "give this user read access to it" });
  return { name: heap.name, path, isTrusted: heap.isCma };
}

function isOpenable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
