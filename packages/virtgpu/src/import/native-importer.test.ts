import assert from "node:assert/strict";
import { test } from "node:test";
import { NO_IMPORTS, type FilePiece, type Segment, type SegmentId } from "@virtgpu/core/memory";
import { closeFd, createMemfd } from "../native/memory.js";
import { PlainRegistry } from "../transport/session-memory.js";
import { NativeImporter } from "./native-importer.js";
import { sharedFile } from "./shared-file.js";

const GIBIBYTE = 2 ** 30;

test("windows take no more than 8 GiB of address space together, and give it back", (t) => {
  const fd = createMemfd("ram", GIBIBYTE);
  t.after(() => closeFd(fd));
  const file = sharedFile(fd, 0)!;
  const segment: Segment = { id: 1 as SegmentId, bytes: new Uint8Array(0), file };
  const half = GIBIBYTE / 2;
  const piece = (offsetBytes: number): FilePiece => ({
    ...{ file, segment, segmentOffsetBytes: offsetBytes, offsetBytes, lengthBytes: half },
  });
  const importer = new NativeImporter(NO_IMPORTS, new PlainRegistry());
  const create = () => importer.createWindow([piece(half), piece(0)]);
  const windows = Array.from({ length: 8 }, create);
  assert.ok(windows.every((window) => window !== null));
  windows[0]!.segment.bytes[0] = 7;
  assert.equal(windows[1]!.segment.bytes[0], 7, "the same page");
  assert.equal(create(), null);
  windows[0]!.release();
  const again = create();
  assert.notEqual(again, null);
  for (const window of [...windows.slice(1), again]) window!.release();
});

test("a file is known again by every descriptor of it, and taken for no other", (t) => {
  const fds = [createMemfd("a", 4096), createMemfd("a", 4096)];
  t.after(() => fds.forEach((fd) => closeFd(fd)));
  const importer = new NativeImporter(NO_IMPORTS, new PlainRegistry());
  const copy = importer.duplicate(fds[0]!);
  const [first, second, again] = [fds[0]!, fds[1]!, copy].map((fd) => sharedFile(fd, 0)!.identity);
  closeFd(copy);
  assert.notEqual(first, undefined);
  assert.equal(first, again);
  assert.notEqual(first, second);
});
