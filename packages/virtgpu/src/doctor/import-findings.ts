/** Whether guest memory can be used in place, by which paths and within which rules: the probe's results as causes and cures. */
import { fourccCode, type HostProfile, type ImageRules } from "@virtgpu/core/memory";
import { describePlatform, type PlatformFindings, type ProbeReport } from "../probe/probe-host.js";
import type { Multiple } from "../probe/find-multiple.js";
import type { ImageFindings } from "../probe/probe-images.js";
import { bad, good, type Finding } from "./finding.js";

const GIB = 2 ** 30;
const ALIGNED =
  "run virtgpu probe: serve then offers guests widths that fit (--modes=aligned); other guests' rows are put right by one pass of the GPU";
/** What screens and textures of guests are made of. */
const USUAL_FORMATS = ["XR24", "AR24", "AB24", "RG16", "R8  "] as const;
const USUAL_SIDE = 4096;

export function importFindings(report: ProbeReport): readonly Finding[] {
  const { platforms, profile } = report;
  const best = platforms.find(({ images }) => images !== null);
  const display = wrongDisplay(platforms, best);
  const shown = display === null ? [] : [display];
  if (best === undefined || best.images === null) return [...shown, noImports(platforms), ...paths(report)];
  const { images } = best;
  return [...shown, imports(best, images), bounces(images, profile), ...rules(images), ...paths(report)];
}

/** On Mesa 25, "surfaceless" takes a DRM device where there is one; software drawing for it (kms_swrast) imports nothing, or crashes. */
function wrongDisplay(platforms: readonly PlatformFindings[], best: PlatformFindings | undefined): Finding | null {
  const [first] = platforms;
  const node = first?.opened?.device?.deviceFile ?? "";
  if (first === undefined || first === best || node === "") return null;
  const detail = `${first.platform} takes the device ${node}, with which ${first.opened?.renderer} imports nothing (${first.failure})`;
  const cure =
    best === undefined
      ? "use the GPU's own driver, or hide the device from this process"
      : `run virtgpu probe: serve then opens ${describePlatform(best.platform, best.software)}, which imports`;
  return bad("EGL display", "wanted", detail, cure);
}

function imports({ platform, software }: PlatformFindings, { rules: images, memory }: ImageFindings): Finding {
  const what = memory === "memfd" ? "plain shared memory" : "dma-bufs of guest memory";
  const where = describePlatform(platform, software);
  if (!images.bounces) return good("import of guest memory", "zero-copy", `${what} as textures, by ${where}`);
  return bad("import of guest memory", "zero-copy", `accepted, but bounced, by ${where}`, "see bounce buffering");
}

function noImports(platforms: readonly PlatformFindings[]): Finding {
  const name = "import of guest memory";
  const opened = platforms.filter((platform) => platform.opened !== null);
  const [first] = opened;
  if (first === undefined) return bad(name, "zero-copy", "there is no GL driver to ask", "see the EGL platforms above");
  const { failure, errors, crashes } = first;
  if (/EGL_EXT_image_dma_buf_import/.test(failure)) {
    const cure =
      "use a driver with EGL_EXT_image_dma_buf_import; without a GPU: Mesa 25 or newer (Debian 12: libegl-mesa0 from bookworm-backports)";
    return bad(name, "zero-copy", failure, cure);
  }
  if (crashes > 0)
    return bad(
      name,
      "zero-copy",
      `the driver crashes in imports (${failure})`,
      "use another EGL platform or a newer driver",
    );
  const cure = "EGL_BAD_ACCESS" in errors || "EGL_BAD_ALLOC" in errors ? REFUSED_CURE : "use a newer driver";
  return bad(name, "zero-copy", failure, cure);
}

const REFUSED_CURE =
  "the driver takes no memory of the system's: it may want its own allocations (dma-heap, GBM), or memory below 4 GiB (docs/32-bit-dma.md)";

function bounces({ rules: images, reach }: ImageFindings, { dma }: HostProfile): Finding {
  const name = "bounce buffering";
  if (!images.bounces) {
    if (dma.addressBits === null) return good(name, "zero-copy", "none: what either side writes, the other sees");
    const detail = `above ${dma.addressBits} bits of address, imports are bounced or refused`;
    const cure =
      "place guest memory lower, or let the host allocate: HOST3D blobs from a CMA heap (docs/32-bit-dma.md); serve copies what lies above";
    return bad(name, "wanted", detail, cure);
  }
  const { highestWorking, lowestFailing, isKnown } = reach;
  const lies = !isKnown
    ? "; where its memory lies is not known"
    : lowestFailing !== null && highestWorking === null && lowestFailing >= 4 * GIB
      ? `; all memory that was tried lies above 4 GiB (from 0x${lowestFailing.toString(16)})`
      : "";
  const detail = `imports succeed, but the driver works on a copy of its own: later writes of the guest are not seen${lies}`;
  const cure =
    "a GPU behind 32-bit addressing bounces what lies above 4 GiB: place guest memory below (docs/32-bit-dma.md) and probe again; until then serve copies, as --zero-copy=never";
  return bad(name, "zero-copy", detail, cure);
}

/** Rules are no faults: told with what becomes of what breaks them. */
function rules({ rules: images, strides, offset, strideErrors, offsetErrors }: ImageFindings): readonly Finding[] {
  const multiples = [...strides].map(([bytes, { multiple }]) => [bytes, multiple] as const);
  const [, first] = multiples[0] ?? [1, 1];
  const areSame = multiples.every(([, multiple]) => multiple === first);
  const each = multiples.map(([bytes, multiple]) => `${multiple} bytes for ${bytes}-byte texels`).join(", ");
  const stride = multiples.every(([, multiple]) => multiple <= 4)
    ? good("stride", "info", "any")
    : bad("stride", "info", `multiples of ${areSame ? `${first} bytes` : each}${others(strideErrors)}`, ALIGNED);
  return [stride, offsetRule(offset, offsetErrors), formats(images), size(images)];
}

function offsetRule(offset: Multiple | null, errors: readonly string[]): Finding {
  if (offset !== null && offset.multiple <= 4) return good("offset", "info", "any");
  const text = offset === null ? "only 0" : `multiples of ${offset.multiple} bytes`;
  const cure = "none needed: pictures are read from the nearest offset before, by one pass of the GPU";
  return bad("offset", "info", `${text}${others(errors)}`, cure);
}

function others(errors: readonly string[]): string {
  return errors.length === 0 ? "" : ` (others: ${errors.join(", ")})`;
}

function formats({ formats: taken }: ImageRules): Finding {
  const missing = USUAL_FORMATS.filter((name) => !taken.some(({ fourcc }) => fourcc === fourccCode(name)));
  const names = taken.map(({ fourcc }) => Buffer.from(Uint32Array.of(fourcc).buffer).toString("latin1").trim());
  if (missing.length === 0) return good("formats", "info", names.join(" "));
  const cure = "none needed for screens: 8-bit colours are read through another format; other textures are copied";
  return bad("formats", "info", `${names.join(" ")}; not ${missing.join(" ")}`, cure);
}

function size({ maxWidth, maxHeight }: ImageRules): Finding {
  const text = `up to ${maxWidth}×${maxHeight}`;
  if (maxWidth >= USUAL_SIDE && maxHeight >= USUAL_SIDE) return good("size", "info", text);
  return bad("size", "info", text, "larger screens are copied: offer smaller modes");
}

function paths({ profile, udmabuf }: ProbeReport): readonly Finding[] {
  const { images, pinned, buffers } = profile;
  const works = images !== null && !images.bounces;
  const path = (name: string, isOpen: boolean, what: string, cure: string): Finding =>
    isOpen ? good(`path ${name}`, "info", what) : bad(`path ${name}`, "info", `closed: ${what}`, cure);
  const noUdmabuf = udmabuf.isUsable ? "see import of guest memory" : "see udmabuf";
  const hasUdmabuf = works && images.acceptsUdmabuf === true;
  return [
    path(
      "memfd",
      works && images.acceptsMemfd,
      "contiguous guest memory by its file",
      "use udmabuf, or a software driver (Mesa 25)",
    ),
    path("udmabuf", hasUdmabuf, "contiguous guest memory as a dma-buf", noUdmabuf),
    path("udmabuf-list", hasUdmabuf, "scattered guest memory as a dma-buf", noUdmabuf),
    path("destride", works, "rows that do not fit, by one pass of the GPU", "see import of guest memory"),
    path(
      "pinned",
      pinned !== null,
      "vertex and index data in guest memory, with --host-gl",
      "use a driver with GL_AMD_pinned_memory (llvmpipe, radeonsi)",
    ),
    path(
      "memory-object",
      buffers?.memoryObjects === true,
      buffers?.memoryObjects === true ? "vertex and index data as a dma-buf" : (buffers?.refusal ?? "not tried"),
      "udmabuf, and a driver that takes dma-bufs as memory objects (GL_EXT_memory_object_fd)",
    ),
  ];
}
