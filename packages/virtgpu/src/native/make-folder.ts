import { mkdirSync, mkdtempSync, rmdirSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { HostError } from "@virtgpu/core/base";

/**
 * Makes the folder `path` and those above it that are missing; nothing happens to one that is there. Not `recursive` of Node's own mkdir,
 * which up to Node 20 runs for ever where the system says ENOENT though the parent is there, as it does in /proc.
 * @param mode permission bits of those that are made, less the umask
 * @throws {Error} the system's, of the first folder that cannot be made
 */
export function makeFolder(path: string, mode = 0o777): void {
  const missing: string[] = [];
  for (let at = resolve(path); !isFolder(at); at = dirname(at)) missing.push(at);
  for (const folder of missing.toReversed()) {
    try {
      mkdirSync(folder, { mode });
    } catch (error) {
      // Somebody else has made it meanwhile.
      if (!isFolder(folder)) throw error;
    }
  }
}

/**
 * The same, and proves that files can be made there.
 * @param purpose what is to be written, or the flag that names the folder
 * @throws {HostError} FOLDER_UNUSABLE with purpose, path, reason and a cure
 */
export function makeOutputFolder(path: string, purpose: string): void {
  try {
    makeFolder(path);
    rmdirSync(mkdtempSync(join(path, ".virtgpu-")));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HostError("FOLDER_UNUSABLE", `${purpose}: no files can be written to the folder ${path}: ${reason}`, {
      cause,
      cure: "give a folder that you may make and write to",
    });
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
