import { fstatSync } from "node:fs";
import type { SharedFile } from "@virtgpu/core/memory";
import { addon } from "../native/addon.js";
import { Seal } from "../native/memory.js";

/** F_SEAL_FUTURE_WRITE, `fcntl(2)`. */
const FUTURE_WRITE = 16;

/**
 * The file behind a mapping, as the import ladder wants to know it. Seals it against shrinking where its owner left that open: whoever
 * shares memory with a GPU must not take pages away. Undefined for files that know no seals (they are only ever copied from).
 * @param fd stays open as long as the segment is registered
 * @param offsetBytes where in the file the segment begins
 */
export function sharedFile(fd: number, offsetBytes: number): SharedFile | undefined {
  const native = addon();
  let seals = native.fileSeals(fd);
  if (seals < 0) return undefined;
  if ((seals & Seal.SHRINK) === 0 && native.addSeals(fd, Seal.SHRINK) === 0) seals |= Seal.SHRINK;
  // The size is asked for after sealing: it cannot become smaller.
  const sizeBytes = native.fdSize(fd);
  if (sizeBytes < 0) return undefined;
  return {
    fd,
    offsetBytes,
    sizeBytes,
    isSealed: (seals & Seal.SHRINK) !== 0,
    isWriteSealed: (seals & (Seal.WRITE | FUTURE_WRITE)) !== 0,
    pageBytes: native.filePageBytes(fd),
    identity: identityOf(fd),
  };
}

/** Inode numbers of memory files come from a counter: while one is in use, and long after, no other file has its number. */
function identityOf(fd: number): string {
  const { dev, ino } = fstatSync(fd, { bigint: true });
  return `${dev}:${ino}`;
}
