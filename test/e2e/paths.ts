/** Where things lie in the checkout, found from the compiled file's own place. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The directory that holds the workspace's package-lock.json. */
export function repositoryRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, "package-lock.json"))) {
    const parent = dirname(directory);
    if (parent === directory) throw new Error("not inside the repository");
    directory = parent;
  }
  return directory;
}

/** For built test programs and kept recordings; ignored by git. */
export function buildDir(): string {
  return join(repositoryRoot(), "build");
}
