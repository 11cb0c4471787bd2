/** Which rungs of the ladder can serve a buffer: memory whose address the driver takes. */
import type { Backing } from "../backing.js";
import { filePieces, toPages, type FilePiece, type PagedPieces } from "./file-pieces.js";
import { ImportPath } from "./import-path.js";
import type { ImportPolicy } from "./import-policy.js";
import { ImportReason } from "./import-reason.js";
import type { ImportRequest } from "./import-request.js";
import type { VerdictDraft } from "./import-verdict.js";
import type { MemoryImporter } from "./memory-importer.js";

/** In `auto`, smaller buffers are copied: each import costs a call into the driver, and its end a wait for the GPU. */
export const PINNED_MIN_BYTES = 16_384;

const PAGE_BYTES = 4096;

/** How a buffer may be imported: in one piece, by pages, or, with neither, not at all. */
export interface PlannedBuffer {
  /** The memory where it lies in one piece of our address space: its address is taken. */
  readonly piece: FilePiece | null;
  /** Else its pages, to be made contiguous. */
  readonly pages: PagedPieces | null;
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
  const none = { piece: null, pages: null, pieces };
  const { pinned } = importer.profile;
  const path = ImportPath.PINNED;
  if (policy.zeroCopy === "never") draft.refuse(path, ImportReason.POLICY_NEVER);
  else if (pinned === null) draft.refuse(path, ImportReason.DESKTOP_GL_ONLY);
  else if (request.hasContents) draft.refuse(path, ImportReason.HAS_CONTENTS);
  else if (policy.zeroCopy === "auto" && request.width < PINNED_MIN_BYTES) draft.refuse(path, ImportReason.SMALL);
  else if (typeof found === "number") draft.refuse(path, found);
  else return choose(pieces, pinned.addressMultipleBytes, policy, draft);
  return none;
}

function choose(
  pieces: readonly FilePiece[],
  addressMultipleBytes: number,
  policy: ImportPolicy,
  draft: VerdictDraft,
): PlannedBuffer {
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
  else return { piece, pages, pieces };
  return { piece, pages: null, pieces };
}
