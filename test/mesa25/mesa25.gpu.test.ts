import assert from "node:assert/strict";
import { test } from "node:test";
import { mesa25Refusal } from "./mesa25.js";
import { runWithMesa25 } from "./run-script.js";

test(
  "Mesa 25 is unpacked beside the system's Mesa and takes dma-bufs",
  { skip: mesa25Refusal() ?? false },
  async () => {
    const result = await runWithMesa25(new URL("./describe-driver.js", import.meta.url));
    assert.equal(result.status, 0, result.stderr);
    const driver = JSON.parse(result.stdout) as { detail: string; extensions: string };
    assert.match(driver.detail, /Mesa 25\..*llvmpipe/);
    assert.match(driver.extensions, /\bEGL_EXT_image_dma_buf_import\b/);
  },
);
