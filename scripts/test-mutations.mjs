// `npm run test:mutations [-- WORD...]`: breaks the product on purpose, one small edit at a time, and demands that the named test finds it.
// Works in a copy of the checkout; the rows are in test/mutations/*.mjs. A row: { name, edits: [{ file, from, to }], run: arguments of
// node, finds: what the failing run must print, or null where it must pass all the same }. With words: only the rows whose name has one.
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { capture, root, tool } from "./lib/run.mjs";

const words = process.argv.slice(2);
const rows = [];
for (const file of readdirSync(join(root, "test/mutations"))
  .filter((name) => name.endsWith(".mjs"))
  .sort()) {
  const { mutations } = await import(join(root, "test/mutations", file));
  rows.push(...mutations.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word))));
}
if (rows.length === 0) {
  console.error(`no mutation's name has ${words.join(" or ")}`);
  process.exit(2);
}

const copy = mkdtempSync(join(tmpdir(), "virtgpu-mutations-"));
const results = [];
try {
  copyCheckout();
  const problem = build();
  if (problem !== "") {
    console.error(`the checkout does not build as it is:\n${problem}`);
    process.exit(1);
  }
  for (const [index, row] of rows.entries()) {
    const outcome = attempt(row);
    results.push(outcome);
    const mark = outcome.isRight ? "ok  " : "FAIL";
    console.log(`${mark} ${String(index + 1).padStart(2)}/${rows.length} ${row.name}: ${outcome.words}`);
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
const wrong = results.filter(({ isRight }) => !isRight).length;
console.log(`\n${results.length - wrong} passed, ${wrong} failed, 0 skipped`);
process.exitCode = wrong === 0 ? 0 : 1;

/** Everything that git does not ignore, and what was built. Packages of our own must be the copy's. */
function copyCheckout() {
  const files = capture("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).stdout.split("\0");
  const built = ["packages/core/dist", "packages/virtgpu/dist", "packages/virtgpu/build", "test/dist", "bench/dist"];
  for (const path of [...files, ...built]) {
    const source = join(root, path);
    if (path === "" || !existsSync(source)) continue;
    cpSync(source, join(copy, path), { recursive: true, preserveTimestamps: true });
  }
  const modules = join(copy, "node_modules");
  mkdirSync(join(modules, "@virtgpu"), { recursive: true });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name === "@virtgpu" || name === "virtgpu") continue;
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  symlinkSync("../../packages/core", join(modules, "@virtgpu/core"));
  symlinkSync("../packages/virtgpu", join(modules, "virtgpu"));
}

/** Applies a row, builds, runs, takes it back. */
function attempt({ edits, run, finds }) {
  const before = new Map();
  for (const { file, from, to } of edits) {
    const path = join(copy, file);
    const text = readFileSync(path, "utf8");
    if (!before.has(path)) before.set(path, text);
    if (text.split(from).length !== 2) {
      restore(before);
      return { isRight: false, words: `${file} does not hold exactly once: ${from}` };
    }
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
  }
  const problem = build();
  const result = problem === "" ? start(process.execPath, run) : null;
  restore(before);
  if (result === null) return { isRight: false, words: `it does not build: ${problem}` };
  const ending = result.signal ?? `status ${result.status}`;
  if (result.status === 0)
    return { isRight: finds === null, words: finds === null ? "passes, as it must" : "NOT FOUND" };
  const output = `${ending}\n${result.stdout}${result.stderr}`;
  if (finds === null) return { isRight: false, words: `${ending}, but must pass: ${output.slice(0, 600)}` };
  const found = finds.exec(output);
  if (found === null)
    return { isRight: false, words: `${ending}, but not by what was looked for: ${output.slice(0, 600)}` };
  return { isRight: true, words: `found (${found[0].slice(0, 90)})` };
}

function restore(before) {
  for (const [path, text] of before) writeFileSync(path, text);
}

/** @returns "", or what the compilers say */
function build() {
  for (const [command, args] of [
    [process.execPath, ["scripts/build-addon.mjs"]],
    [tool("tsc"), ["-b"]],
  ]) {
    const result = start(command, args);
    if (result.status !== 0) return `${result.stdout}${result.stderr}`.slice(0, 400);
  }
  return "";
}

function start(command, args) {
  const env = { ...process.env, LIBGL_ALWAYS_SOFTWARE: "1" };
  return spawnSync(command, args, { cwd: copy, env, encoding: "utf8", maxBuffer: 64 << 20 });
}
