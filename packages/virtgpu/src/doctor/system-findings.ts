/** What the system offers: Node, the addon, sealed memory, GPUs, udmabuf, and whether it tells where memory lies. */
import { accessSync, constants, existsSync, readdirSync, readFileSync } from "node:fs";
import { HostError } from "@virtgpu/core/base";
import { addon } from "../native/addon.js";
import { closeFd, createMemfd, Mapping, pageFrames, Seal } from "../native/index.js";
import { heapWords, type FoundHeap } from "../import/host-heaps.js";
import type { UdmabufFindings } from "../probe/probe-udmabuf.js";
import { bad, good, type Finding } from "./finding.js";

const OLDEST_NODE = [20, 19] as const;
const PAGE_BYTES = 4096;
const MEBIBYTE = 2 ** 20;
/** Beyond these, udmabuf holds what a 4K screen of scattered pages needs. */
const AMPLE_RANGES = 8640;
const AMPLE_MEBIBYTES = 128;

export function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  const detail = `Node ${process.version} on ${process.arch}`;
  if (isNewEnough) return good("node", "needed", detail);
  return bad("node", "needed", detail, `install Node ${OLDEST_NODE.join(".")} or newer`);
}

/** The first call loads the addon, whichever it is. */
export function addonLoads(): Finding {
  try {
    closeFd(createMemfd("virtgpu-doctor", PAGE_BYTES));
    return good("addon", "needed", "the native addon loads");
  } catch (error) {
    return bad("addon", "needed", messageOf(error), cureOf(error) ?? "run npm run setup");
  }
}

/** memfds that can be sealed against shrinking: who shrinks one would crash the driver. */
export function sealedMemory(): Finding {
  const name = "shared memory";
  try {
    const fd = createMemfd("virtgpu-doctor", MEBIBYTE);
    const seals = addon().fileSeals(fd);
    Mapping.map(fd, 0, MEBIBYTE).release();
    closeFd(fd);
    if ((seals & Seal.SHRINK) !== 0) return good(name, "needed", "memfds can be sealed against shrinking and mapped");
    return bad(name, "needed", "memfds cannot be sealed against shrinking", "use Linux 3.17 or newer");
  } catch (error) {
    return bad(name, "needed", messageOf(error), cureOf(error) ?? "use Linux 3.17 or newer, with memfd_create allowed");
  }
}

export function renderNodes(): Finding {
  const name = "render nodes";
  const nodes = existsSync("/dev/dri") ? readdirSync("/dev/dri").filter((file) => file.startsWith("renderD")) : [];
  if (nodes.length === 0) {
    const cure = "load the GPU's kernel driver; in a container pass the node through (--device /dev/dri)";
    return bad(name, "wanted", "no /dev/dri/renderD*: drawing is done by the processor", cure);
  }
  const closed = nodes.filter((node) => !isOpenable(`/dev/dri/${node}`));
  if (closed.length !== 0)
    return bad(name, "wanted", `no permission for ${closed.join(", ")}`, "add this user to the group render");
  return good(name, "wanted", nodes.map((node) => `/dev/dri/${node}`).join(", "));
}

export function udmabuf({ isPresent, failure, rules, needsSeal }: UdmabufFindings): Finding {
  const name = "udmabuf";
  const path = "/dev/udmabuf";
  if (!isPresent) {
    const cure = kernelHasUdmabuf() ? "modprobe udmabuf" : "use a kernel with CONFIG_UDMABUF=y (Debian 6.12 has it)";
    return bad(name, "wanted", `${path} is missing: guest memory cannot become dma-bufs`, cure);
  }
  if (failure === "no permission")
    return bad(name, "wanted", `no permission for ${path}`, "add this user to its group (kvm): usermod -aG kvm USER");
  if (rules === null)
    return bad(name, "wanted", `${path}: ${failure}`, "see dmesg; memfds must be allowed and sealed against shrinking");
  const mebibytes = rules.sizeLimitBytes / MEBIBYTE;
  const seal = needsSeal === true ? "; memory must be sealed against shrinking (memory-backend-memfd is)" : "";
  const detail = `${path} takes ${rules.listLimit} ranges and ${mebibytes} MiB${seal}`;
  if (rules.listLimit >= AMPLE_RANGES && mebibytes >= AMPLE_MEBIBYTES) return good(name, "wanted", detail);
  const cure = `boot with udmabuf.list_limit=16384 udmabuf.size_limit_mb=512, or write /sys/module/udmabuf/parameters/*`;
  return bad(name, "info", `${detail}: large or scattered pictures are copied`, cure);
}

/** Whether the kernel tells where pages lie, for `--dma-bits`. */
export function pageAddresses(): Finding {
  const name = "page addresses";
  const fd = createMemfd("virtgpu-doctor", PAGE_BYTES);
  const frames = pageFrames(fd, 0, PAGE_BYTES);
  closeFd(fd);
  if (frames !== null && frames.unknownPages === 0) {
    const highest = `0x${frames.highestAddress.toString(16)}`;
    return good(name, "info", `known (/proc/self/pagemap): a new page ends at ${highest}`);
  }
  const cure = "for GPUs that reach 32 bits only: give the process CAP_SYS_ADMIN, else --dma-bits=32 copies everything";
  return bad(name, "info", "not known: whether memory lies within a GPU's reach cannot be told", cure);
}

/** Where the host can allocate what guests map (HOST3D blobs), and whether that lies within the GPU's reach. */
export function heaps(found: readonly FoundHeap[], addressBits: number | null): Finding {
  const name = "dma-heaps";
  const words =
    found.length === 0 ? "none: host blobs are memory files, which may lie anywhere" : found.map(heapWords).join("; ");
  const isLimited = addressBits !== null && addressBits < 64;
  const weight = isLimited ? "wanted" : "info";
  if (found.some(({ isCma, isOpen }) => isCma && isOpen) || (found.length > 0 && !isLimited))
    return good(name, weight, words);
  const region =
    "reserve memory below it and make it a heap: CONFIG_DMABUF_HEAPS_CMA, cma=64M@0-4G (docs/32-bit-dma.md)";
  if (isLimited) return bad(name, weight, `${words}; the GPU reaches ${addressBits} bits`, region);
  return bad(name, weight, words, `none needed here; where a GPU reaches few bits: ${region}`);
}

function kernelHasUdmabuf(): boolean {
  try {
    const release = readFileSync("/proc/sys/kernel/osrelease", "latin1").trim();
    return /\/udmabuf\.ko/.test(readFileSync(`/lib/modules/${release}/modules.dep`, "latin1"));
  } catch {
    return false;
  }
}

function isOpenable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function cureOf(error: unknown): string | undefined {
  return error instanceof HostError ? error.cure : undefined;
}
