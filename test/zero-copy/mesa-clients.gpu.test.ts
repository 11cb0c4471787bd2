/** Real Mesa clients on a host that imports: everything that can be imported is, and the pictures are those of a host that copies. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { compareRecords } from "../clients/records.js";
import { buildClients, clientNames, runClient } from "../clients/run-clients.js";
import { Bench, sandboxRefusal } from "../e2e/harness.js";
import { mesa25Environment, mesa25Refusal } from "../mesa25/mesa25.js";

const skip = mesa25Refusal() ?? (await sandboxRefusal()) ?? false;
const wanted = process.env["VIRTGPU_TEST_CLIENTS"];
/** Those that render to, upload to, read and copy textures. */
const TEXTURE_CLIENTS = [
  "blits",
  "copy-texture",
  "formats-render",
  "frames",
  "gles2",
  "map-buffer",
  "msaa",
  "pixel-buffers",
  "srgb",
  "texture-streaming",
  "textures-shapes",
];

/** Those that stream vertices, indices and uniforms: buffers are imported on desktop GL. */
const BUFFER_CLIENTS = [
  "instancing",
  "map-buffer",
  "pixel-buffers",
  "primitive-restart",
  "transform-feedback",
  "uniform-buffers",
  "vertex-inputs",
];

for (const hostGl of [false, true]) {
  const name = hostGl ? "desktop GL" : "GLES";
  test(`feature clients see the same pictures with --zero-copy=always and never, ${name}`, { skip }, async (t) => {
    await buildClients();
    const mesa = await mesa25Environment();
    const host = (policy: string): Promise<Bench> =>
      Bench.create({ server: { kind: "ours", hostGl, env: { ...mesa, VIRTGPU_ZERO_COPY: policy } } });
    await using copying = await host("never");
    await using importing = await host("always");
    for (const client of wanted === "all" ? clientNames() : hostGl ? BUFFER_CLIENTS : TEXTURE_CLIENTS) {
      await t.test(client, async () => {
        const expected = await runClient(copying, client);
        const run = await runClient(importing, client);
        assert.equal(expected.failure, undefined, expected.stderr);
        assert.equal(run.failure, undefined, run.stderr);
        const { differences } = compareRecords(expected.records, run.records);
        assert.deepEqual(differences, []);
      });
    }
  });
}
