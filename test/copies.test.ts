/** docs/copies.md is the truth: every place that counts moved bytes is in it, and no place moves any that is not. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";
import { COPY_REASON_NAMES, CopyReason } from "@virtgpu/core/memory";
import { repositoryRoot } from "./e2e/paths.js";

const packages = join(repositoryRoot(), "packages");
const SOURCES = ["core/src", "virtgpu/src", "virtgpu/addon"];
/** What defines or only prints reasons; tests and their kits; code that runs before a device does. */
const NO_PLACES =
  /\.test\.ts$|\/testing[/.]|\/generated\/|render-tests\/|memory\/copy-ledger\.ts|renderer\/introspection\.ts|host\/copy-cures\.ts|core\/src\/shader\//;

/** Calls that move bytes: GL ops that carry data, block copies between arrays, and memcpy. */
const MOVES =
  /encoder\.(?:texSubImage[23]D|compressedTexSubImage[23]D|bufferSubData|bufferData|readPixels|copyBytes|getBufferSubData|uniform4u?[if]v)\(|\.copyWithin\(|\.set\(\s*(?:new Uint8Array|[\w.#]*\b(?:bytes|payload|pixels|staging)\b|[\w.#]+\.subarray\()|\bmem(?:cpy|move)\(/;

interface Source {
  readonly file: string;
  readonly text: string;
}

function sources(): Source[] {
  return SOURCES.flatMap((folder) =>
    readdirSync(join(packages, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(?:ts|c)$/.test(name))
      .map((name) => join(packages, folder, name))
      .map((path) => ({ file: relative(packages, path), text: readFileSync(path, "utf8") }))
      .filter(({ file }) => !NO_PLACES.test(file)),
  );
}

/** Cells of the table under `heading`. */
function tableUnder(heading: string): string[][] {
  const text = readFileSync(join(repositoryRoot(), "docs/copies.md"), "utf8");
  const section = text.split(/^## /m).find((part) => part.startsWith(heading));
  assert.ok(section !== undefined, `docs/copies.md has no section "${heading}"`);
  return section
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")))
    .map((cells) => cells.slice(1, -1));
}

const counted = tableUnder("Places that count");
const excused = tableUnder("Places that move bytes and do not count");

/** Reasons named in code that is no import: `CopyReason.UPLOAD`, or a reason that is passed on. */
function reasonsIn(text: string): Set<string> {
  const reasons = new Set<string>();
  for (const [, key] of text.matchAll(/\bCopyReason\.([A-Z_]+)/g)) {
    const code = CopyReason[key as keyof typeof CopyReason];
    assert.ok(code !== undefined, `CopyReason.${key}`);
    reasons.add(COPY_REASON_NAMES[code]);
  }
  if (/edger\.count\(reason,/.test(text) && !/CopyReason\.READBACK/.test(text)) reasons.add("as asked");
  return reasons;
}

test("every reason is explained, in the order of the code", () => {
  assert.deepEqual(
    tableUnder("Reasons").map(([reason]) => reason),
    [...COPY_REASON_NAMES],
  );
});

test("every place that counts is listed, and every listed place counts", () => {
  const inCode = sources().flatMap(({ file, text }) => [...reasonsIn(text)].map((reason) => `${file}: ${reason}`));
  const inDocs = counted.map(([file, reason]) => `${file}: ${reason}`);
  assert.deepEqual(inDocs.toSorted(), inCode.toSorted());
});

test("every file that moves bytes counts them or is excused, and every excused file moves some", () => {
  const moving = sources()
    .filter(({ text }) => MOVES.test(text))
    .map(({ file }) => file);
  const known = new Set([...counted, ...excused].map(([file]) => file ?? ""));
  assert.deepEqual(
    moving.filter((file) => !known.has(file)),
    [],
    "these move bytes: count them, or excuse them in docs/copies.md",
  );
  const stale = excused.flatMap(([file]) => (file !== undefined && !moving.includes(file) ? [file] : []));
  assert.deepEqual(stale, [], "these are excused but move nothing");
});

test("the search finds moves", () => {
  for (const line of [
    "encoder.bufferSubData(target, 0, segment, at, n);",
    "target.set(span.segment.bytes.subarray(from, to), done);",
    "staging.copyWithin(0, 4, 8);",
    "this.staging.set(bytes, at);",
    "memcpy(data.bytes, mapped, data.length);",
  ])
    assert.match(line, MOVES);
  for (const line of ["this.#map.set(id, resource);", "grown.set(this.#free);"]) assert.doesNotMatch(line, MOVES);
});
