/** Memory of a process as the kernel counts it. Source: Linux Documentation/filesystems/proc.rst, smaps_rollup. */
import { readFileSync } from "node:fs";

export interface ProcessMemory {
  /** Resident pages, shared ones in full. */
  readonly rssBytes: number;
  /** Resident pages, shared ones divided among the processes that share them. */
  readonly pssBytes: number;
  /** Of that: memory of no file (heap, driver), files (programs), and shared memory (guest memory, clients' buffers). */
  readonly pssAnonymousBytes: number;
  readonly pssFileBytes: number;
  /** However often this process has mapped a page of guest memory, it counts once here. */
  readonly pssSharedBytes: number;
}

const FIELDS = {
  rssBytes: "Rss",
  pssBytes: "Pss",
  pssAnonymousBytes: "Pss_Anon",
  pssFileBytes: "Pss_File",
  pssSharedBytes: "Pss_Shmem",
} as const;

/** Null when the process is gone or not ours. The kernel walks its pages: milliseconds for large processes. */
export function processMemory(pid: number): ProcessMemory | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/smaps_rollup`, "latin1");
  } catch {
    return null;
  }
  const bytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1] ?? 0) * 1024;
  return Object.fromEntries(
    Object.entries(FIELDS).map(([key, name]) => [key, bytes(name)]),
  ) as unknown as ProcessMemory;
}
