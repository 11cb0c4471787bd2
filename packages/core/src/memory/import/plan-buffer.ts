/** Which rungs of the ladder can serve a buffer: memory whose address the driver takes, or a dma-buf of it. */
import type { Backing } from "../backing.js";
import { filePieces, toPages, type FilePiece, type PagedPieces } from "./file-pieces.js";
import { ImportPath } from "./import-path.js";
import type { ImportPolicy } from "./import-policy.js";
import { ImportReason } from "./import-reason.js";
import type { ImportRequest } from "./import-request.js";
import { VerdictDraft } from "./import-verdict.js";
import type { MemoryImporter } from "./memory-importer.js";
import { isInReach, pagesRefusal } from "./plan-image.js";

/** In `auto`, smaller buffers are copied: each import costs a call into the driver, and its end a wait for the GPU. */
export const PINNED_MIN_BYTES = 16_384;

const PAGE_BYTES = 4096;

/** How a buffer may be imported: in one piece, by pages, or, with neither, not at all. */
export interface PlannedBuffer {
  /** The memory where it lies in one piece of our address space: its address is taken. */
  readonly piece: FilePiece | null;
  /** Else its pages, to be made contiguous. */
  readonly pages: PagedPieces | null;
  /** Else its pages as a dma-buf that becomes a memory object. */
  readonly object: PagedPieces | null;
  readonly pieces: readonly FilePiece[];
}

/** Plans an import and writes every step that is out of the question into `draft`. */
export function planBuffer(
  request: ImportRequest,
  backing: Backing,
  policy: ImportPolicy,
  importer: MemoryImporter,
  draft: VerdictDraft,
): PlannedBuffer {
  const found = filePieces(backing, 0, request.width);
  const pieces = typeof found === "number" ? [] : found;
  const none = { piece: null, pages: null, object: null, pieces };
  const { pinned, buffers } = importer.profile;
  const path = ImportPath.PINNED;
  if (policy.zeroCopy === "never") draft.refuse(path, ImportReason.POLICY_NEVER);
  else if (pinned === null && buffers?.memoryObjects !== true) {
    draft.refuse(path, ImportReason.DESKTOP_GL_ONLY);
    refuseObjects(importer, draft);
  } else if (request.hasContents) draft.refuse(path, ImportReason.HAS_CONTENTS);
  else if (policy.zeroCopy === "auto" && request.width < PINNED_MIN_BYTES) draft.refuse(path, ImportReason.SMALL);
  else if (typeof found === "number") draft.refuse(path, found);
  else {
    if (pinned === null) draft.refuse(path, ImportReason.DESKTOP_GL_ONLY);
    const chosen = pinned === null ? none : choose(pieces, pinned.addressMultipleBytes, policy, draft);
    return { ...chosen, pieces, object: planObject(pieces, policy, importer, draft) };
  }
  return none;
}

/** @returns false where the driver takes no dma-buf as a buffer, or nobody tried */
function refuseObjects({ profile }: MemoryImporter, draft: VerdictDraft): boolean {
  const { buffers } = profile;
  if (buffers?.memoryObjects === true) return true;
  const detail = buffers?.refusal ?? "whether the driver takes dma-bufs as buffers was not tried";
  const cure = buffers === undefined ? "run virtgpu probe" : "";
  draft.refuse(ImportPath.MEMORY_OBJECT, ImportReason.NOT_ON_THIS_HOST, detail, cure);
  return false;
}

/** The buffer must begin where the dma-buf does: what drivers want of offsets in memory objects is told nowhere. */
function planObject(
  pieces: readonly FilePiece[],
  policy: ImportPolicy,
  importer: MemoryImporter,
  draft: VerdictDraft,
): PagedPieces | null {
  const path = ImportPath.MEMORY_OBJECT;
  if (policy.refused.has(path)) draft.refuse(path, ImportReason.FAULT_INJECTED);
  else if (refuseObjects(importer, draft)) {
    const { udmabuf } = importer.profile;
    const paged = toPages(pieces, udmabuf?.pageBytes ?? PAGE_BYTES);
    const refusal = pagesRefusal(pieces, paged, udmabuf);
    const reach = new VerdictDraft(path);
    if (refusal !== null) draft.refuse(path, refusal.reason, refusal.detail, refusal.cure);
    else if (paged!.offsetBytes !== 0) draft.refuse(path, ImportReason.PAGE_ALIGNMENT);
    else if (isInReach(pieces, policy, importer, reach)) return paged;
    draft.refused.push(...reach.refused);
  }
  return null;
}

function choose(
  pieces: readonly FilePiece[],
  addressMultipleBytes: number,
  policy: ImportPolicy,
  draft: VerdictDraft,
): Pick<PlannedBuffer, "piece" | "pages"> {
  const first = pieces[0]!;
  let piece: FilePiece | null = null;
  if (policy.refused.has(ImportPath.PINNED)) draft.refuse(ImportPath.PINNED, ImportReason.FAULT_INJECTED);
  else if (pieces.length > 1)
    draft.refuse(ImportPath.PINNED, ImportReason.SCATTERED, `its memory lies in ${pieces.length} pieces`);
  else if (first.segmentOffsetBytes % addressMultipleBytes !== 0)
    draft.refuse(ImportPath.PINNED, ImportReason.OFFSET, `its address is no multiple of ${addressMultipleBytes}`);
  else piece = first;
  const pages = toPages(pieces, PAGE_BYTES);
  if (policy.refused.has(ImportPath.PINNED_WINDOW)) draft.refuse(ImportPath.PINNED_WINDOW, ImportReason.FAULT_INJECTED);
  else if (pages === null) draft.refuse(ImportPath.PINNED_WINDOW, ImportReason.PAGE_ALIGNMENT);
  else if (pages.offsetBytes % addressMultipleBytes !== 0) draft.refuse(ImportPath.PINNED_WINDOW, ImportReason.OFFSET);
  else return { piece, pages };
  return { piece, pages: null };
}
