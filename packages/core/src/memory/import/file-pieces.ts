import type { Backing } from "../backing.js";
import type { Segment, SharedFile } from "../segment.js";
import { ImportReason, type ImportReasonCode } from "./import-reason.js";

/** A range of a shared file. Invariant: it lies inside the file. */
export interface FilePiece {
  readonly file: SharedFile;
  /** The segment through which we see it, and where. */
  readonly segment: Segment;
  readonly segmentOffsetBytes: number;
  /** In the file. */
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/**
 * The files' ranges behind bytes [offset, offset + length) of a backing, neighbours joined. Checks everything that a hostile guest could
 * have chosen: nothing outside backing, segment or file is ever named, and files that can shrink are refused.
 */
export function filePieces(
  backing: Backing,
  offsetBytes: number,
  lengthBytes: number,
): readonly FilePiece[] | ImportReasonCode {
  if (!(offsetBytes >= 0 && lengthBytes > 0 && lengthBytes <= backing.sizeBytes - offsetBytes))
    return ImportReason.BACKING_TOO_SMALL;
  const pieces: FilePiece[] = [];
  const first = backing.find(offsetBytes);
  let skip = offsetBytes - backing.startOf(first);
  let left = lengthBytes;
  for (let i = first; i < backing.spans.length && left > 0; i++) {
    const span = backing.spans[i]!;
    const { segment } = span;
    const { file } = segment;
    if (file === undefined) return ImportReason.NO_FILE;
    if (!file.isSealed) return ImportReason.NOT_SEALED;
    const count = Math.min(span.lengthBytes - skip, left);
    const segmentOffsetBytes = span.offsetBytes + skip;
    const at = file.offsetBytes + segmentOffsetBytes;
    if (
      !(segmentOffsetBytes >= 0 && segmentOffsetBytes + count <= segment.bytes.length && at + count <= file.sizeBytes)
    )
      return ImportReason.BACKING_TOO_SMALL;
    const last = pieces.at(-1);
    if (last !== undefined && last.segment === segment && last.offsetBytes + last.lengthBytes === at)
      pieces[pieces.length - 1] = { ...last, lengthBytes: last.lengthBytes + count };
    else pieces.push({ file, segment, segmentOffsetBytes, offsetBytes: at, lengthBytes: count });
    left -= count;
    skip = 0;
  }
  return left === 0 ? pieces : ImportReason.BACKING_TOO_SMALL;
}

/** Pieces widened to whole pages, for interfaces that take nothing else, and where the first byte lies in them. */
export interface PagedPieces {
  readonly pieces: readonly FilePiece[];
  /** Of the first byte asked for, from the start of the first page. */
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/**
 * Widens the first piece to the left and the last to the right. Null: an inner boundary is not on a page, or the last page is not in the
 * file or the mapping. What else lies on those pages belongs to the same guest.
 */
export function toPages(pieces: readonly FilePiece[], pageBytes: number): PagedPieces | null {
  const paged: FilePiece[] = [];
  let sizeBytes = 0;
  let offsetBytes = 0;
  for (const [i, piece] of pieces.entries()) {
    const pageSize = Math.max(pageBytes, piece.file.pageBytes);
    const before = piece.offsetBytes % pageSize;
    const end = piece.offsetBytes + piece.lengthBytes;
    const after = (pageSize - (end % pageSize)) % pageSize;
    if ((before !== 0 && i !== 0) || (after !== 0 && i !== pieces.length - 1)) return null;
    const segmentOffsetBytes = piece.segmentOffsetBytes - before;
    const lengthBytes = piece.lengthBytes + before + after;
    if (segmentOffsetBytes < 0 || end + after > piece.file.sizeBytes) return null;
    if (i === 0) offsetBytes = before;
    paged.push({ ...piece, segmentOffsetBytes, offsetBytes: piece.offsetBytes - before, lengthBytes });
    sizeBytes += lengthBytes;
  }
  return { pieces: paged, offsetBytes, sizeBytes };
}
