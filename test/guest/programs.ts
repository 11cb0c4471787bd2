/** Our own small C programs, for guests and for the host's side of QEMU: compiled with headers that are unpacked, not installed. */
import { existsSync, readFileSync, renameSync, rmSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DebianSuite, unpack } from "./debian.js";
import { cacheFolder } from "./paths.js";
import { run } from "./run.js";

/** The sources are not copied to dist. */
const SOURCES = fileURLToPath(new URL("../../guest/programs/", import.meta.url));

const DRM = { headers: ["usr/include", "usr/include/libdrm"], libraries: ["drm.so.2"], packages: ["libdrm-dev"] };

interface Needs {
  /** Folders with headers, in the packages. */
  readonly headers: readonly string[];
  readonly libraries: readonly string[];
  readonly packages: readonly string[];
  readonly flags?: readonly string[];
}

const PROGRAMS = {
  "console-font": { headers: [], libraries: [], packages: [] },
  hold: { headers: [], libraries: [], packages: [], flags: ["-shared", "-fPIC"] },
  "kms-cursor": DRM,
  "kms-heads": DRM,
  "kms-paint": DRM,
  "only-mode": { ...DRM, libraries: [], flags: ["-shared", "-fPIC", "-D_GNU_SOURCE"] },
} as const satisfies Readonly<Record<string, Needs>>;

export type ProgramName = keyof typeof PROGRAMS;

/** @returns the path of the executable (or library) on this machine; made again when its source changes */
export function prepareProgram(name: ProgramName): string {
  const needs: Needs = PROGRAMS[name];
  const source = join(SOURCES, `${name}.c`);
  const texts = [readFileSync(source), readFileSync(join(SOURCES, "kms-common.h")), JSON.stringify(needs)];
  const hash = createHash("sha256");
  for (const text of texts) hash.update(text);
  const folder = cacheFolder("programs", hash.digest("hex").slice(0, 12));
  const binary = join(folder, name);
  if (existsSync(binary)) return binary;
  const root = needs.packages.length === 0 ? "" : developmentFiles(needs.packages);
  const headers = needs.headers.map((path) => `-I${join(root, path)}`);
  const libraries = needs.libraries.map((library) => `-l:lib${library}`);
  const flags = ["-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", ...(needs.flags ?? [])];
  run(process.env["CC"] ?? "cc", [...flags, ...headers, source, "-o", `${binary}.new`, ...libraries]);
  renameSync(`${binary}.new`, binary);
  return binary;
}

/** Headers of bookworm, whose libraries are also the oldest that a guest has. */
function developmentFiles(packages: readonly string[]): string {
  const debs = DebianSuite.open("bookworm").downloadAlone(packages);
  const key = createHash("sha256").update(debs.join()).digest("hex").slice(0, 12);
  const root = join(cacheFolder("development"), key);
  if (existsSync(root)) return root;
  rmSync(`${root}.new`, { recursive: true, force: true });
  unpack(debs, `${root}.new`);
  renameSync(`${root}.new`, root);
  return root;
}
