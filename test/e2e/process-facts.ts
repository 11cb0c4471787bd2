/** Resident memory and open files of a living process, from /proc (proc(5)). */
import { readdirSync, readFileSync } from "node:fs";

export interface ProcessFacts {
  readonly rssBytes: number;
  readonly openFiles: number;
}

export function factsOf(pid: number): ProcessFacts {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const rss = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return { rssBytes: Number(rss ?? 0) * 1024, openFiles: readdirSync(`/proc/${pid}/fd`).length };
}
