// Runs every generator, scripts/generate-*.mjs. With --check each one only says whether its files are fresh.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { must, root } from "./lib/run.mjs";

const flags = process.argv.slice(2);
for (const name of readdirSync(join(root, "scripts")).sort()) {
  if (/^generate-.*\.mjs$/.test(name)) must(process.execPath, [`scripts/${name}`, ...flags]);
}
