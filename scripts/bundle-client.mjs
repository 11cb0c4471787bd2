// Packs what a client process needs into packages/virtgpu/dist/host/client-bundle.js: loading 220 modules one by one costs
// Node more than starting itself and opening the GL driver together. Beside it goes a stamp of the inputs, by which the
// server sees whether the bundle is older than the build. Quick when nothing changed.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "packages/virtgpu/dist/host");
const output = join(folder, "client-bundle.js");
const stampPath = join(folder, "client-bundle.stamp.json");

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampPath, "utf8"));
  } catch {
    return null;
  }
}

const isCurrent = ([file, modified]) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs === modified;

async function bundle() {
  const stamp = readStamp();
  if (stamp !== null && stamp.length > 1 && stamp.every(isCurrent) && statSync(output, { throwIfNoEntry: false }))
    return;
  const result = await build({
    entryPoints: [join(folder, "client-main.js")],
    outfile: output,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
    metafile: true,
    absWorkingDir: root,
  });
  const inputs = Object.keys(result.metafile.inputs).map((input) => {
    const file = join(root, input);
    return [relative(folder, file), statSync(file).mtimeMs];
  });
  writeFileSync(stampPath, JSON.stringify(inputs));
}

await bundle();
