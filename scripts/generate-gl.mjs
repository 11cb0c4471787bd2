// Writes everything that follows from the table of GL operations (packages/core/src/gl/ops.ts) and Khronos' gl.xml:
// the encoder, the constants, the addon's function table, replay switch and trace stubs. `--check` writes nothing and fails when
// a generated file is stale.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { constantsSource, encoderSource } from "./generate-gl/typescript.mjs";
import { abiSource, replaySource, traceSource } from "./generate-gl/c.mjs";
import { parseRegistry } from "./generate-gl/registry.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const registryPath = process.env.KHRONOS_GL_XML ?? "/usr/share/khronos-api/gl.xml";

/** The table, compiled by itself: the layer it belongs to needs the files written here. */
async function loadLayouts() {
  const directory = mkdtempSync(join(tmpdir(), "virtgpu-gl-"));
  try {
    writeFileSync(join(directory, "package.json"), '{"type":"module"}');
    const source = join(root, "packages/core/src/gl/layout.ts");
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const flags = [
      "--ignoreConfig",
      "--module",
      "nodenext",
      "--target",
      "es2023",
      "--types",
      "",
      "--strict",
      "--outDir",
      directory,
    ];
    execFileSync(process.execPath, [tsc, ...flags, source], { stdio: ["ignore", "inherit", "inherit"] });
    const layout = await import(pathToFileURL(join(directory, "layout.js")).href);
    const ops = await import(pathToFileURL(join(directory, "ops.js")).href);
    return { layouts: layout.GL_OP_LAYOUTS, kinds: ops.GL_OBJECT_KINDS };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function main() {
  if (!existsSync(registryPath)) {
    console.error(`generate-gl: ${registryPath} is missing: apt-get install khronos-api`);
    process.exit(3);
  }
  const registry = parseRegistry(readFileSync(registryPath, "utf8"));
  const { layouts, kinds } = await loadLayouts();
  const outputs = {
    "packages/core/src/gl/generated/encoder.ts": encoderSource(layouts),
    "packages/core/src/gl/generated/constants.ts": constantsSource(registry),
    "packages/virtgpu/addon/generated/gl-abi.h": abiSource(layouts, kinds, registry),
    "packages/virtgpu/addon/generated/gl-replay.c": replaySource(layouts, registry),
    "packages/virtgpu/addon/generated/gl-trace.c": traceSource(layouts, registry),
  };
  let stale = 0;
  for (const [path, text] of Object.entries(outputs)) {
    const file = join(root, path);
    if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
    stale++;
    if (process.argv.includes("--check")) {
      console.error(`generate-gl: ${path} is stale: npm run generate:gl`);
    } else {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
      console.log(`wrote ${path}`);
    }
  }
  if (stale > 0 && process.argv.includes("--check")) process.exit(1);
}

await main();
