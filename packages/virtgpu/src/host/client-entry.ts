/** Which file a client process runs: the bundle, which starts twice as fast, or the modules when it is missing or older. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MODULES = fileURLToPath(new URL("./client-main.js", import.meta.url));
const BUNDLE = fileURLToPath(new URL("./client-bundle.js", import.meta.url));
/** Inputs of the bundle as [path relative to this folder, modification time in ms]; a published package has none. */
const STAMP = new URL("./client-bundle.stamp.json", import.meta.url);

/** @returns absolute path. Costs one stat per module of the client process; ask once per server. */
export function clientEntry(): string {
  if (!existsSync(BUNDLE)) return MODULES;
  if (!existsSync(STAMP)) return BUNDLE;
  const inputs = JSON.parse(readFileSync(STAMP, "utf8")) as readonly (readonly [string, number])[];
  const isCurrent = inputs.every(([file, modifiedMs]) => {
    const stat = statSync(new URL(file, import.meta.url), { throwIfNoEntry: false });
    return stat?.mtimeMs === modifiedMs;
  });
  return isCurrent ? BUNDLE : MODULES;
}
