/** Which rungs of the ladder can serve an image, worked out before any driver is asked. */
import type { Backing } from "../backing.js";
import type { HostAllocation } from "../segment.js";
import { filePieces, toPages, type FilePiece, type PagedPieces } from "./file-pieces.js";
import type { HostProfile, ImageRules, UdmabufRules } from "./host-profile.js";
import { SAMPLE_COST_LIMIT, strideMultipleFor } from "./host-profile.js";
import { ImportPath, type ImportPathCode } from "./import-path.js";
import type { ImportPolicy } from "./import-policy.js";
import { IMPORT_REASONS, ImportReason, type ImportReasonCode } from "./import-reason.js";
import { fourccName, ImportUse, spanBytesOf, type ImportRequest } from "./import-request.js";
import type { VerdictDraft } from "./import-verdict.js";
import type { MemoryImporter } from "./memory-importer.js";

/** EGL takes offset and stride as 32-bit signed numbers. */
const EGL_INT_MAX = 2 ** 31 - 1;

/** One rung, ready to be tried: a buffer of these pieces with the picture at `offsetBytes`. */
export interface ImagePlan {
  readonly path: ImportPathCode;
  readonly pieces: readonly FilePiece[];
  /** Of the first texel, from the start of the buffer. */
  readonly offsetBytes: number;
}

/** What may be tried for a picture; no plans: nothing, the draft says why. */
export interface PlannedImage {
  /** Best first. */
  readonly plans: readonly ImagePlan[];
  /** The memory as it lies; empty where it could not be told. */
  readonly pieces: readonly FilePiece[];
}

/** Plans an import and writes every step that is out of the question into `draft`. */
export function planImage(
  request: ImportRequest,
  backing: Backing,
  policy: ImportPolicy,
  importer: MemoryImporter,
  draft: VerdictDraft,
): PlannedImage {
  const { profile } = importer;
  const lengthBytes = isWithinReason(request) ? spanBytesOf(request) : Number.NaN;
  const found = filePieces(backing, request.offsetBytes, lengthBytes);
  const pieces = typeof found === "number" ? [] : found;
  const images = profile.images;
  if (!isWanted(request, policy, profile, draft) || images === null) return { plans: [], pieces };
  if (!isShapeImportable(request, draft) || !isWithinRules(request, images, draft)) return { plans: [], pieces };
  if (typeof found === "number") {
    draft.refuse(draft.first, found);
    return { plans: [], pieces };
  }
  noteMissedHeap(found, draft);
  if (!isInReach(found, policy, importer, draft)) return { plans: [], pieces };
  const plans: ImagePlan[] = [];
  planFile(request, found, images, policy, draft, plans);
  if (draft.first !== ImportPath.HOST_HEAP) planUdmabuf(request, found, profile, policy, draft, plans);
  return { plans, pieces };
}

function noteMissedHeap(pieces: readonly FilePiece[], draft: VerdictDraft): void {
  const missed = pieces[0]?.file.host?.missedHeap;
  if (missed === undefined) return;
  const cure = "a larger region, or fewer host blobs in the guest";
  draft.refuse(ImportPath.HOST_HEAP, ImportReason.SYSTEM_REFUSED, `the heap ${missed} had no memory left for it`, cure);
}

/** The best step that memory could take, by what it is. */
export function firstPathOf(backing: Backing): ImportPathCode {
  const host = backing.spans[0]?.segment.file?.host;
  if (host === undefined) return ImportPath.MEMFD;
  return host.heap === null ? ImportPath.HOST_MEMFD : ImportPath.HOST_HEAP;
}

/** Numbers that later arithmetic holds exactly. */
function isWithinReason({ width, height, strideBytes, bytesPerPixel, offsetBytes }: ImportRequest): boolean {
  const areWhole = [width, height, strideBytes, bytesPerPixel, offsetBytes].every((n) => Number.isSafeInteger(n));
  return areWhole && width >= 1 && height >= 1 && offsetBytes >= 0 && strideBytes >= width * bytesPerPixel;
}

function isWanted(request: ImportRequest, policy: ImportPolicy, profile: HostProfile, draft: VerdictDraft): boolean {
  const path = draft.first;
  if (policy.zeroCopy === "never") draft.refuse(path, ImportReason.POLICY_NEVER);
  else if (policy.present === "snapshot" && request.use === ImportUse.SCANOUT)
    draft.refuse(path, ImportReason.SNAPSHOT);
  else if (profile.images === null)
    draft.refuse(path, ImportReason.NOT_ON_THIS_HOST, "the driver imports no memory as textures");
  else if (profile.images.bounces && !(path === ImportPath.HOST_HEAP && profile.images.acceptsHeap === true))
    draft.refuse(path, ImportReason.BOUNCES);
  else if (request.hasContents) draft.refuse(path, ImportReason.HAS_CONTENTS);
  else if (request.use === ImportUse.TEXTURE && policy.zeroCopy === "auto" && request.isBlob !== true)
    return isFastToSample(profile.images.sampleCostRatio, draft);
  else return true;
  return false;
}

function isFastToSample(ratio: number | null, draft: VerdictDraft): boolean {
  if (ratio === null) draft.refuse(draft.first, ImportReason.NOT_MEASURED);
  else if (ratio > SAMPLE_COST_LIMIT)
    draft.refuse(
      draft.first,
      ImportReason.SLOWER_TO_SAMPLE,
      `imported textures take ${ratio.toFixed(2)} times as long to sample as the host's own (limit ${SAMPLE_COST_LIMIT})`,
    );
  else return true;
  return false;
}

function isShapeImportable(request: ImportRequest, draft: VerdictDraft): boolean {
  const path = draft.first;
  if (request.samples > 1) draft.refuse(path, ImportReason.SAMPLES);
  else if (request.layers !== 1) draft.refuse(path, ImportReason.LAYERS, `it has ${request.layers} layers`);
  else if (!request.isFlat) draft.refuse(path, ImportReason.KIND);
  else if (request.levels !== 1)
    draft.refuse(path, ImportReason.LEVELS, `it has ${request.levels} mipmap levels, packed behind each other`);
  else if (request.fourcc === 0)
    draft.refuse(path, ImportReason.FORMAT, `there is no dma-buf format for ${request.formatName}`);
  else return true;
  return false;
}

function isWithinRules(request: ImportRequest, images: ImageRules, draft: VerdictDraft): boolean {
  const path = draft.first;
  const { width, height, strideBytes, fourcc } = request;
  if (!isWithinReason(request) || strideBytes > EGL_INT_MAX) {
    draft.refuse(path, ImportReason.BACKING_TOO_SMALL, "its numbers describe no picture");
    return false;
  }
  if (width > images.maxWidth || height > images.maxHeight) {
    const detail = `${width}×${height} is larger than the driver imports (${images.maxWidth}×${images.maxHeight})`;
    draft.refuse(path, ImportReason.TOO_LARGE, detail);
    return false;
  }
  const multipleBytes = strideMultipleFor(images, request.bytesPerPixel);
  if (strideBytes % multipleBytes !== 0) {
    draft.refuse(path, ImportReason.STRIDE, ...strideWords(request, multipleBytes));
    return false;
  }
  if (!isRenderable(request, images, draft)) return false;
  const rule = images.formats.find((row) => row.fourcc === fourcc);
  const needsRender = request.use === ImportUse.RENDER_TARGET;
  const isTaken = rule === undefined ? images.formats.length === 0 : needsRender ? rule.canRender : rule.canSample;
  if (!isTaken) {
    const verb = rule === undefined ? "import" : needsRender ? "render to imported" : "sample imported";
    draft.refuse(path, ImportReason.FORMAT_REFUSED, `the driver does not ${verb} ${fourccName(fourcc)}`);
    return false;
  }
  return true;
}

/** Software rasterisers write whole blocks back: what lies beside the picture would be written too, while others write there. */
export function isWholeBlocks({ width, height }: ImportRequest, { renderBlock }: ImageRules): boolean {
  return renderBlock === undefined || (width % renderBlock.width === 0 && height % renderBlock.height === 0);
}

function isRenderable(request: ImportRequest, images: ImageRules, draft: VerdictDraft): boolean {
  const { width, height, use } = request;
  const { renderBlock } = images;
  if (use !== ImportUse.RENDER_TARGET || renderBlock === undefined || isWholeBlocks(request, images)) return true;
  const wide = Math.ceil(width / renderBlock.width) * renderBlock.width;
  const high = Math.ceil(height / renderBlock.height) * renderBlock.height;
  const detail = `${width}×${height} is not made of blocks of ${renderBlock.width}×${renderBlock.height}, in which the driver renders`;
  draft.refuse(draft.first, ImportReason.RENDER_BLOCK, detail, `use ${wide}×${high}`);
  return false;
}

/** What is wrong with a stride, and the nearest width whose stride is good. */
export function strideWords(request: ImportRequest, multipleBytes: number): [detail: string, cure: string] {
  const { strideBytes, bytesPerPixel, width } = request;
  let wider = width;
  while ((wider * bytesPerPixel) % multipleBytes !== 0) wider++;
  return [`stride ${strideBytes} is not a multiple of ${multipleBytes}`, `use width ${wider}, or --modes=aligned`];
}

/** The limit that host or policy set to physical addresses, in bits; 64: none. */
export function addressBits(policy: ImportPolicy, profile: HostProfile): number {
  return policy.dmaBits ?? profile.dma.addressBits ?? 64;
}

/** Whether memory may be given to a device: false, with a reason, for everything that is not known to lie within its reach. */
export function isInReach(
  pieces: readonly FilePiece[],
  policy: ImportPolicy,
  importer: MemoryImporter,
  draft: VerdictDraft,
): boolean {
  const bits = addressBits(policy, importer.profile);
  if (bits >= 64) return true;
  const reach = importer.dmaReach(pieces, bits);
  if (reach === "below") return true;
  const host = pieces[0]?.file.host;
  const cure = reachCure(host, bits, importer.mapsHostMemory === true);
  if (reach === "above") {
    draft.refuse(draft.first, ImportReason.DMA_REACH, `some of its pages lie above ${bits} bits`, cure);
    return false;
  }
  const heap = host?.heap ?? null;
  const privilege = IMPORT_REASONS[ImportReason.DMA_REACH_UNKNOWN]!.cure;
  if (heap === null) draft.refuse(draft.first, ImportReason.DMA_REACH_UNKNOWN, "", `${privilege}; or ${cure}`);
  else
    draft.refuse(
      draft.first,
      ImportReason.DMA_REACH_UNKNOWN,
      `the kernel does not tell where memory of the heap ${heap} lies`,
      cure,
    );
  return false;
}

/** What would bring memory within reach. The host can place what it allocates itself, where the guest can map that. */
function reachCure(host: HostAllocation | undefined, bits: number, mapsHostMemory: boolean): string {
  if (host !== undefined) return `--host-heap=NAME of a CMA heap below ${bits} bits (docs/32-bit-dma.md)`;
  const below = `keep guest memory below ${bits} bits (docs/32-bit-dma.md)`;
  return mapsHostMemory ? `allocate it on the host, as a HOST3D blob (with --host-heap), or ${below}` : below;
}

/** The memory's own file: a memory file where the driver takes such, or a dma-buf of a heap. */
function planFile(
  request: ImportRequest,
  pieces: readonly FilePiece[],
  images: ImageRules,
  policy: ImportPolicy,
  draft: VerdictDraft,
  plans: ImagePlan[],
): void {
  const path = draft.first;
  const first = pieces[0]!;
  const isDmaBuf = path === ImportPath.HOST_HEAP;
  if (policy.refused.has(path)) draft.refuse(path, ImportReason.FAULT_INJECTED);
  else if (isDmaBuf && images.acceptsHeap === false)
    draft.refuse(path, ImportReason.NOT_ON_THIS_HOST, "the driver does not take memory of this heap");
  else if (!isDmaBuf && !images.acceptsMemfd)
    draft.refuse(path, ImportReason.NOT_ON_THIS_HOST, "the driver takes dma-bufs only", "use /dev/udmabuf");
  else if (pieces.length > 1) draft.refuse(path, ImportReason.SCATTERED, scatteredWords(pieces));
  else if (first.offsetBytes + spanBytesOf(request) > EGL_INT_MAX)
    draft.refuse(path, ImportReason.OFFSET, "it lies beyond the first 2 GiB of its file, which EGL cannot name");
  else if (first.offsetBytes % images.offsetMultipleBytes !== 0)
    draft.refuse(path, ImportReason.OFFSET, offsetWords(first.offsetBytes, images));
  else plans.push({ path, pieces, offsetBytes: first.offsetBytes });
}

function planUdmabuf(
  request: ImportRequest,
  pieces: readonly FilePiece[],
  profile: HostProfile,
  policy: ImportPolicy,
  draft: VerdictDraft,
  plans: ImagePlan[],
): void {
  const path = pieces.length === 1 ? ImportPath.UDMABUF : ImportPath.UDMABUF_LIST;
  const { udmabuf, images } = profile;
  const paged = udmabuf === null ? null : toPages(pieces, udmabuf.pageBytes);
  const reason = udmabufRefusal(path, pieces, paged, profile, policy);
  if (reason !== null) draft.refuse(path, reason.reason, reason.detail, reason.cure);
  else if (paged!.offsetBytes + spanBytesOf(request) > EGL_INT_MAX) draft.refuse(path, ImportReason.TOO_LARGE);
  else if (paged!.offsetBytes % images!.offsetMultipleBytes !== 0)
    draft.refuse(path, ImportReason.OFFSET, offsetWords(paged!.offsetBytes, images!));
  else plans.push({ path, pieces: paged!.pieces, offsetBytes: paged!.offsetBytes });
}

/** Why udmabuf does not serve, as `VerdictDraft.refuse` takes it. */
export interface Refusal {
  readonly reason: ImportReasonCode;
  readonly detail: string;
  readonly cure: string;
}

function udmabufRefusal(
  path: ImportPathCode,
  pieces: readonly FilePiece[],
  paged: PagedPieces | null,
  { udmabuf, images }: HostProfile,
  policy: ImportPolicy,
): Refusal | null {
  if (policy.refused.has(path)) return because(ImportReason.FAULT_INJECTED);
  if (udmabuf !== null && images!.acceptsUdmabuf === false)
    return because(ImportReason.NOT_ON_THIS_HOST, "the driver does not take a udmabuf");
  return pagesRefusal(pieces, paged, udmabuf);
}

const because = (reason: ImportReasonCode, detail = "", cure = ""): Refusal => ({ reason, detail, cure });

/** Why the kernel would make no udmabuf of these pages; null: it would. */
export function pagesRefusal(
  pieces: readonly FilePiece[],
  paged: PagedPieces | null,
  udmabuf: UdmabufRules | null,
): Refusal | null {
  if (udmabuf === null) return because(ImportReason.NOT_ON_THIS_HOST, "there is no /dev/udmabuf", "modprobe udmabuf");
  if (pieces.some(({ file }) => file.isWriteSealed)) return because(ImportReason.WRITE_SEALED);
  if (paged === null) return because(ImportReason.PAGE_ALIGNMENT);
  if (paged.pieces.length > udmabuf.listLimit) {
    const { cure } = IMPORT_REASONS[ImportReason.LIST_LIMIT]!;
    return because(
      ImportReason.LIST_LIMIT,
      `its ${paged.pieces.length} pieces are more than udmabuf takes (${udmabuf.listLimit})`,
      cure,
    );
  }
  if (paged.sizeBytes > udmabuf.sizeLimitBytes)
    return because(
      ImportReason.SIZE_LIMIT,
      `its ${paged.sizeBytes} bytes are more than udmabuf takes (${udmabuf.sizeLimitBytes})`,
    );
  return null;
}

function scatteredWords(pieces: readonly FilePiece[]): string {
  return `its memory lies in ${pieces.length} pieces`;
}

function offsetWords(offsetBytes: number, images: ImageRules): string {
  return `offset ${offsetBytes} is not a multiple of ${images.offsetMultipleBytes}`;
}
