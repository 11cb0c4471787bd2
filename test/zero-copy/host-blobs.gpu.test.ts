/** Host memory that a guest maps, against our own process with a front-end that has a window for it (SHMEM). */
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { runChecks } from "./checks.js";

const program = new URL("./host-blobs-program.js", import.meta.url);
const heapProgram = new URL("./host-heap-program.js", import.meta.url);
const BACK_END = fileURLToPath(new URL("../../../packages/virtgpu/dist/cli/vhost-user.js", import.meta.url));
/** Less than any page of a running system has. */
const NO_REACH = "--dma-bits=20";

for (const [name, expected, flags, refused] of [
  ["memory files", "host-memfd", [], ""],
  ["--zero-copy=never", "copied", ["--zero-copy=never"], ""],
  ["memory out of the GPU's reach", "copied", [NO_REACH], ""],
  ["a driver that takes none of it", "refused", [], "host-memfd,udmabuf"],
] as const) {
  test(`host blobs: ${name}`, async (t) => {
    const args = [BACK_END, expected, "--host-heap=none", ...flags];
    await runChecks(t, program, args, refused === "" ? {} : { VIRTGPU_REFUSE_IMPORT: refused });
  });
}

test("host blobs from a heap, on a host that is not coherent", async (t) => {
  await runChecks(t, heapProgram);
});
