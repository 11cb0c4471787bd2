import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where everything from Debian is downloaded and unpacked, never installed: `$XDG_CACHE_HOME/virtgpu/guest`. */
export const guestCache = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "virtgpu", "guest");

/** A folder of the cache, made if it is missing. */
export function cacheFolder(...parts: string[]): string {
  const path = join(guestCache, ...parts);
  mkdirSync(path, { recursive: true });
  return path;
}
