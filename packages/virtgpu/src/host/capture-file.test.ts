import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { HostError } from "@virtgpu/core/base";
import { CaptureFileWriter, readCaptureFile } from "./capture-file.js";

for (const name of ["stream.vgs", "stream.vgs.gz"]) {
  test(`what is written to ${name} is read back, over several gzip members`, () => {
    const folder = mkdtempSync(join(tmpdir(), "virtgpu-capture-"));
    try {
      const path = join(folder, name);
      const piece = Uint8Array.from({ length: 1_000_003 }, (_, i) => (i * 7) & 0xff);
      const writer = new CaptureFileWriter(path);
      for (let i = 0; i < 9; i++) writer.write(piece);
      writer.close();
      const back = readCaptureFile(path);
      assert.equal(back.length, 9 * piece.length);
      for (let i = 0; i < 9; i++)
        assert.ok(Buffer.from(piece).equals(back.subarray(i * piece.length, (i + 1) * piece.length)));
      assert.equal(writer.writtenBytes, back.length);
      assert.equal(readFileSync(path).length < back.length / 2, name.endsWith(".gz"));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

test("a missing file is a host error with its path", () => {
  assert.throws(
    () => readCaptureFile("/nonexistent/x"),
    (error: unknown) => error instanceof HostError && error.message.includes("/nonexistent/x"),
  );
});
