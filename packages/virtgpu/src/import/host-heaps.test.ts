import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { HostError } from "@virtgpu/core/base";
import { heaps as heapsFinding } from "../doctor/system-findings.js";
import { PlainRegistry } from "../transport/session-memory.js";
import { HeapMemory } from "./heap-memory.js";
import { chooseHeap, findHeaps, heapWords, type HeapFolders } from "./host-heaps.js";

/** Folders as a host with these heaps and CMA areas has them. Files stand for devices: nothing is allocated of them. */
function host(t: TestContext, heaps: readonly string[], areas: readonly string[] = []): HeapFolders {
  const root = mkdtempSync(join(tmpdir(), "virtgpu-heaps-"));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  const folders = { heaps: join(root, "dma_heap"), cmaAreas: join(root, "cma") };
  mkdirSync(folders.heaps);
  for (const name of heaps) writeFileSync(join(folders.heaps, name), "");
  for (const name of areas) mkdirSync(join(folders.cmaAreas, name), { recursive: true });
  return folders;
}

const failure = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof HostError) return `${error.code}; ${error.cure}`;
    throw error;
  }
  return "none";
};

test("auto takes a CMA heap where the reach is limited, by the kernel's own names first, and trusts it not", (t) => {
  const folders = host(t, ["reserved", "linux,cma", "system", "camera"], ["camera"]);
  assert.equal(chooseHeap("auto", false, folders), null, "every address is reached");
  assert.deepEqual(chooseHeap("auto", true, folders), {
    name: "linux,cma",
    path: join(folders.heaps, "linux,cma"),
    isTrusted: false,
  });
  assert.equal(chooseHeap("auto", true, host(t, ["system", "camera"], ["camera"]))?.name, "camera");
  assert.equal(chooseHeap("auto", true, host(t, ["system"])), null, "pages from anywhere help nobody");
  assert.equal(chooseHeap("auto", true, { heaps: "/nonexistent", cmaAreas: "/nonexistent" }), null);
});

test("a heap that was named is taken: a CMA heap is vouched for, another is not", (t) => {
  const folders = host(t, ["default_cma_region", "system", "camera"], ["camera"]);
  const trust = (name: string): boolean | undefined => chooseHeap(name, true, folders)?.isTrusted;
  assert.deepEqual(["default_cma_region", "camera", "system"].map(trust), [true, true, false]);
  assert.equal(chooseHeap(join(folders.heaps, "system"), false, folders)?.name, "system");
  assert.equal(chooseHeap("none", true, folders), null);
  assert.match(
    failure(() => chooseHeap("video", true, folders)),
    /HOST_HEAP_MISSING; heaps here: camera, default/,
  );
});

test("a heap that may not be opened is told, and passed over by auto", (t) => {
  const folders = host(t, ["linux,cma"]);
  chmodSync(dirname(folders.heaps), 0o755);
  chmodSync(join(folders.heaps, "linux,cma"), 0);
  // In a process of its own: root opens everything.
  const script = `
    import { chooseHeap } from ${JSON.stringify(new URL("./host-heaps.js", import.meta.url))};
    if (process.getuid() === 0) { process.setgid(65534); process.setuid(65534); }
    const folders = ${JSON.stringify(folders)};
    console.log(chooseHeap("auto", true, folders));
    try { chooseHeap("linux,cma", true, folders); } catch (error) { console.log(error.code); }
  `;
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
  assert.equal(child.stdout, "null\nHOST_HEAP_CLOSED\n", child.stderr);
});

test("doctor says what each heap is good for, and what is missing", (t) => {
  const found = findHeaps(host(t, ["system", "linux,cma"]));
  assert.deepEqual(
    found.map(({ name, isCma }) => [name, isCma]),
    [
      ["linux,cma", true],
      ["system", false],
    ],
  );
  assert.match(heapWords(found[0]!), /--host-heap=linux,cma/);
  assert.equal(heapsFinding(found, 32).ok, true);
  const [system] = found.slice(1);
  assert.equal(heapsFinding([system!], null).ok, true);
  const limited = heapsFinding([system!], 32);
  assert.deepEqual([limited.ok, limited.weight], [false, "wanted"]);
  assert.match(limited.cure!, /CONFIG_DMABUF_HEAPS_CMA/);
  assert.equal(heapsFinding([], null).weight, "info");
});

test("a file that is no heap gives nothing, and the failure is counted", (t) => {
  const folders = host(t, ["system"]);
  const memory = new HeapMemory(chooseHeap("system", false, folders)!, new PlainRegistry(), 1 << 20);
  assert.deepEqual([memory.create(4096), memory.create(2 << 20), memory.failures], [null, null, 2]);
  memory.close();
  assert.match(
    failure(() => new HeapMemory({ name: "x", path: "/nonexistent", isTrusted: false }, new PlainRegistry())),
    /HOST_HEAP_CLOSED/,
  );
});
