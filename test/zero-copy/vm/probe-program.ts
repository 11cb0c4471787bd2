/**
 * Runs inside a VM whose kernel has /dev/udmabuf: what `virtgpu probe` finds of it and of Mesa 25's software driver, with dma-bufs that are
 * real. Its trials run in processes of their own, from the bundle beside this one.
 */
import assert from "node:assert/strict";
import { probeHost } from "virtgpu/probe";
import { check } from "../report.js";

const { profile, udmabuf } = await probeHost({ eglPlatform: "surfaceless", api: "gles" });

check("probe: udmabuf takes as many ranges and bytes as the kernel's defaults say, of sealed memory only", () => {
  assert.deepEqual(udmabuf.rules, { listLimit: 1024, sizeLimitBytes: 64 << 20, pageBytes: 4096 });
  assert.equal(udmabuf.needsSeal, true);
});

check("probe: llvmpipe has memory objects, takes none but its own, and that ends in a refusal", () => {
  const { buffers } = profile;
  assert.equal(buffers?.memoryObjects, false);
  assert.match(buffers.refusal, /^the driver (died|refused|works on a copy)/);
  return buffers.refusal;
});

check("probe: dma-bufs and plain memory files are imported in place, at any stride and offset", () => {
  const { images } = profile;
  assert.ok(images !== null);
  assert.deepEqual([images.acceptsUdmabuf, images.acceptsMemfd], [true, true]);
  assert.deepEqual([images.strideMultipleBytes, images.offsetMultipleBytes], [1, 1]);
  assert.deepEqual([images.bounces, images.isCoherent], [false, true]);
  return `sampling in place takes ${images.sampleCostRatio} times as long`;
});
