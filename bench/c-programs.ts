/** The C programs of the benches, compiled when their sources are newer. */
import { execFile } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildDir, repositoryRoot } from "#e2e/paths.js";

const FLAGS = ["-std=gnu11", "-D_GNU_SOURCE", "-O2", "-Wall", "-Wextra", "-Werror"];

/** The front-end's window (`hd/window.c`). @returns the path of the program */
export async function buildWindow(): Promise<string> {
  return build("hd/window", "window", [], []);
}

/** What counts a process's copies (`count-copies.c`). @returns the path of the library for LD_PRELOAD */
export async function buildCounter(): Promise<string> {
  return build("count-copies", "libcount-copies.so", ["-shared", "-fPIC", "-fno-builtin"], ["-ldl"]);
}

async function build(
  source: string,
  name: string,
  flags: readonly string[],
  libraries: readonly string[],
): Promise<string> {
  const input = join(repositoryRoot(), "bench", `${source}.c`);
  const output = join(buildDir(), "bench", name);
  const modifiedMs = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (modifiedMs(output) > modifiedMs(input)) return output;
  mkdirSync(join(buildDir(), "bench"), { recursive: true });
  await promisify(execFile)(process.env["CC"] ?? "cc", [...FLAGS, ...flags, "-o", output, input, ...libraries]);
  return output;
}
