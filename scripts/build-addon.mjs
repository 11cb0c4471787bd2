// Builds packages/virtgpu/addon into packages/virtgpu/build/virtgpu.node with the system's C compiler. Quick when nothing changed.
// `--sanitize` builds virtgpu.sanitized.node instead, for `npm run test:sanitized`; the other file stays as it is.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "packages/virtgpu/addon");
const build = join(root, "packages/virtgpu/build");
const isSanitized = process.argv.includes("--sanitize");
const output = join(build, isSanitized ? "virtgpu.sanitized.node" : "virtgpu.node");
const stampPath = `${output}.stamp`;
const compiler = process.env.CC ?? "cc";
const OPTIMISED = ["-O2", "-g1"];
// Besides gcc's "undefined": numbers come from JavaScript as doubles, so casts of what does not fit matter here, too. Nothing is
// switched off. The define brings in addon/planted-faults.c.
const SANITIZED = [
  "-O1",
  "-g",
  "-fno-omit-frame-pointer",
  "-fsanitize=address,undefined,float-cast-overflow,bounds-strict",
  "-fno-sanitize-recover=all",
  "-DVIRTGPU_PLANTED_FAULTS",
];
const FLAGS = [
  "-std=gnu11",
  ...(isSanitized ? SANITIZED : OPTIMISED),
  "-fPIC",
  "-fvisibility=hidden",
  "-Wall",
  "-Wextra",
  "-Werror",
  "-D_GNU_SOURCE",
];
// The table of entry points is filled through one function pointer type, as dlsym hands them out.
const QUIET = ["-Wno-cast-function-type"];

function listFiles(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .flatMap((entry) => (entry.isDirectory() ? listFiles(join(directory, entry.name)) : [join(directory, entry.name)]))
    .filter((file) => /\.[ch]$/.test(file))
    .sort();
}

function headersDirectory() {
  try {
    return join(dirname(createRequire(join(root, "package.json")).resolve("node-api-headers/package.json")), "include");
  } catch {
    console.error("build-addon: node-api-headers is missing: run npm ci");
    process.exit(3);
  }
}

/** gcc's runtime is a package of its own; the linker's words for its absence name a file only. */
function requireSanitizers() {
  for (const library of ["libasan.so", "libubsan.so"]) {
    const answer = spawnSync(compiler, [`-print-file-name=${library}`], { encoding: "utf8" });
    if (answer.error !== undefined || (answer.stdout ?? "").startsWith("/")) continue; // no compiler: `compile` says so
    const { stdout } = spawnSync(compiler, ["-dumpversion"], { encoding: "utf8" });
    const major = (stdout ?? "").trim().split(".")[0];
    console.error(`build-addon: ${compiler} has no ${library}: apt-get install gcc libgcc-${major}-dev`);
    process.exit(3);
  }
}

function compile(files, headers) {
  if (isSanitized) requireSanitizers();
  const temporary = `${output}.${process.pid}`;
  const objects = files.filter((file) => file.endsWith(".c"));
  const result = spawnSync(
    compiler,
    ["-shared", ...FLAGS, ...QUIET, `-I${headers}`, ...objects, "-o", temporary, "-lpthread", "-ldl", "-lm"],
    { stdio: "inherit" },
  );
  if (result.error !== undefined && result.error.code === "ENOENT") {
    console.error(`build-addon: no C compiler (${compiler}): apt-get install gcc libc6-dev`);
    process.exit(3);
  }
  if (result.status !== 0) process.exit(1);
  renameSync(temporary, output); // a running process keeps the old file
}

function main() {
  const headers = headersDirectory();
  const files = listFiles(source);
  const hash = createHash("sha256").update([compiler, process.arch, ...FLAGS, ...QUIET].join(" "));
  for (const file of files) hash.update(relative(root, file)).update(readFileSync(file));
  const stamp = hash.digest("hex");
  if (existsSync(output) && existsSync(stampPath) && readFileSync(stampPath, "utf8") === stamp) return;
  mkdirSync(build, { recursive: true });
  const started = Date.now();
  compile(files, headers);
  writeFileSync(stampPath, stamp);
  console.log(`built ${relative(root, output)} in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

main();
