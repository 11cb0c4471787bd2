/** Which bytes a backing is, told by its files: mappings come and go, the bytes stay. */
import type { Backing } from "./backing.js";

interface FileRange {
  /** `SharedFile.identity`. */
  readonly file: string;
  readonly offsetBytes: number;
  readonly lengthBytes: number;
}

/** Ranges of files in the order of the backing, neighbours joined. */
export type MemoryIdentity = readonly FileRange[];

/** Null: part of it is in no file that would be known again. */
export function memoryIdentity(backing: Backing): MemoryIdentity | null {
  const ranges: FileRange[] = [];
  for (const { segment, offsetBytes, lengthBytes } of backing.spans) {
    const file = segment.file?.identity;
    if (segment.file === undefined || file === undefined) return null;
    const at = segment.file.offsetBytes + offsetBytes;
    const last = ranges.at(-1);
    if (last !== undefined && last.file === file && last.offsetBytes + last.lengthBytes === at)
      ranges[ranges.length - 1] = { ...last, lengthBytes: last.lengthBytes + lengthBytes };
    else ranges.push({ file, offsetBytes: at, lengthBytes });
  }
  return ranges;
}

/** Whether both are the same bytes. What is not known is never the same. */
export function isSameMemory(a: MemoryIdentity | null, b: MemoryIdentity | null): boolean {
  if (a === null || b === null || a.length !== b.length) return false;
  return a.every(({ file, offsetBytes, lengthBytes }, i) => {
    const other = b[i]!;
    return file === other.file && offsetBytes === other.offsetBytes && lengthBytes === other.lengthBytes;
  });
}

/** Whether both are the same bytes of the same mappings: nothing has to be told anybody. */
export function hasSameSpans(a: Backing, b: Backing): boolean {
  if (a.spans.length !== b.spans.length) return false;
  return a.spans.every(({ segment, offsetBytes, lengthBytes }, i) => {
    const other = b.spans[i]!;
    return segment === other.segment && offsetBytes === other.offsetBytes && lengthBytes === other.lengthBytes;
  });
}
