// Compiles every client beside this file into build/clients, skipping those that are newer than their sources.
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const sourceDirectory = dirname(fileURLToPath(import.meta.url));
export const clientDirectory = join(sourceDirectory, "../../build/clients");

/** The clients' names, which are their source files' names without `.c`, in alphabetical order. */
export function clientNames() {
  return readdirSync(sourceDirectory)
    .filter((file) => file.endsWith(".c"))
    .map((file) => file.slice(0, -2))
    .sort();
}

const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Builds what is out of date and returns the names that were compiled; throws with the compiler's messages. */
export async function buildClients() {
  mkdirSync(clientDirectory, { recursive: true });
  const shared = Math.max(modified(join(sourceDirectory, "common.h")), modified(fileURLToPath(import.meta.url)));
  const stale = clientNames().filter(
    (name) => modified(join(clientDirectory, name)) < Math.max(shared, modified(join(sourceDirectory, `${name}.c`))),
  );
  const queue = [...stale];
  const compile = promisify(execFile);
  const worker = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      const output = join(clientDirectory, name);
      // -O0: the clients do nothing worth optimising, and the whole set must compile in seconds.
      await compile(process.env.CC ?? "cc", [
        "-std=c11",
        "-D_GNU_SOURCE",
        "-O0",
        "-Wall",
        "-Wextra",
        "-Werror",
        "-Wno-unused-function",
        "-o",
        output,
        join(sourceDirectory, `${name}.c`),
        "-lEGL",
        "-lGLESv2",
        "-lm",
      ]);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return stale;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const built = await buildClients();
  console.log(`${clientNames().length} clients, ${built.length} compiled`);
}
