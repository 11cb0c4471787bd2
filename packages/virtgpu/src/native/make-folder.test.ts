import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { makeFolder, makeOutputFolder } from "./make-folder.js";

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), "virtgpu-folder-"));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

test("folders are made with all those above, and one that is there stays as it is", (t) => {
  const path = folder(t);
  makeFolder(join(path, "a/b/c"), 0o700);
  for (const made of ["a", "a/b", "a/b/c"]) assert.equal(statSync(join(path, made)).mode & 0o777, 0o700, made);
  chmodSync(join(path, "a"), 0o750);
  symlinkSync("a", join(path, "link"));
  makeFolder(join(path, "link/d"));
  makeFolder(path);
  assert.deepEqual(readdirSync(join(path, "a")).toSorted(), ["b", "d"]);
  assert.equal(statSync(join(path, "a")).mode & 0o777, 0o750);
});

test("files can be written to an output folder; nothing is left in it", (t) => {
  const path = join(folder(t), "frames");
  makeOutputFolder(path, "frames");
  makeOutputFolder(path, "frames");
  assert.deepEqual(readdirSync(path), []);
});

test("a folder that cannot be had is an error with path, reason and cure, and never a hang", (t) => {
  const file = join(folder(t), "file");
  writeFileSync(file, "");
  for (const [path, reason] of [
    ["/proc/nowhere", "ENOENT"],
    ["/proc/nowhere/frames", "ENOENT"],
    // It is there, but takes no files.
    ["/proc", "ENOENT"],
    [file, "EEXIST"],
    [join(file, "frames"), "EEXIST"],
  ] as const)
    assert.throws(
      () => makeOutputFolder(path, "frames"),
      (error: Error & { code: string; cure: string }) =>
        error.code === "FOLDER_UNUSABLE" &&
        error.message.includes(`frames: no files can be written to the folder ${path}: ${reason}`) &&
        /a folder that you may make/.test(error.cure),
      path,
    );
});
