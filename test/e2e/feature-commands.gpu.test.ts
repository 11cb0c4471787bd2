/**
 * The other half of feature-clients: with a command taken out of the table, the clients that need it must fail. Otherwise
 * their success would show nothing about the command. VIRTGPU_TEST_REMOVE_COMMAND names what the server refuses.
 */
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { compareRecords } from "../clients/records.js";
import { buildClients, clientNames, runClient, type ClientRun } from "../clients/run-clients.js";
import { Bench, sandboxRefusal } from "./harness.js";

const skip = (await sandboxRefusal()) ?? false;

/** Command (or object type) → the client of its feature. */
const CASES: readonly (readonly [command: string, client: string])[] = [
  ["BEGIN_QUERY", "queries"],
  ["END_QUERY", "queries"],
  ["GET_QUERY_RESULT", "queries"],
  ["CREATE_OBJECT(QUERY)", "queries"],
  ["SET_STREAMOUT_TARGETS", "transform-feedback"],
  ["CREATE_OBJECT(STREAMOUT_TARGET)", "transform-feedback"],
  ["SET_UNIFORM_BUFFER", "uniform-buffers"],
  ["SET_CONSTANT_BUFFER", "shader-arithmetic"],
  ["BLIT", "blits"],
  ["BLIT", "msaa"],
  ["RESOURCE_COPY_REGION", "map-buffer"],
  ["SET_SAMPLE_MASK", "msaa"],
  ["TRANSFER3D", "texture-streaming"],
  ["COPY_TRANSFER3D", "map-buffer"],
  ["SET_SAMPLER_VIEWS", "textures-shapes"],
  ["CREATE_OBJECT(SAMPLER_VIEW)", "formats-sample"],
  ["BIND_SAMPLER_STATES", "samplers"],
  ["CREATE_OBJECT(SAMPLER_STATE)", "shadow"],
  ["SET_FRAMEBUFFER_STATE", "layered-attachments"],
  ["CREATE_OBJECT(SURFACE)", "draw-buffers"],
  ["CLEAR", "formats-render"],
  ["DRAW_VBO", "instancing"],
  ["SET_INDEX_BUFFER", "primitive-restart"],
  ["SET_VERTEX_BUFFERS", "vertex-inputs"],
  ["CREATE_OBJECT(VERTEX_ELEMENTS)", "vertex-inputs"],
  ["SET_STENCIL_REF", "stencil"],
  ["CREATE_OBJECT(DSA)", "stencil"],
  ["SET_BLEND_COLOR", "blend"],
  ["CREATE_OBJECT(BLEND)", "blend"],
  ["SET_SCISSOR_STATE", "fixed-functions"],
  ["SET_VIEWPORT_STATE", "fixed-functions"],
  ["CREATE_OBJECT(RASTERIZER)", "fragment-inputs"],
  ["BIND_OBJECT", "gles2"],
  ["DESTROY_OBJECT", "frames"],
  ["CREATE_OBJECT(SHADER)", "texture-functions"],
  ["BIND_SHADER", "srgb"],
  ["SET_SUB_CTX", "contexts-interleaved"],
  ["CREATE_SUB_CTX", "contexts-many"],
  ["DESTROY_SUB_CTX", "contexts-many"],
  ["DRAW_VBO", "bulk"],
  ["TRANSFER3D", "compressed-textures"],
  ["BLIT", "copy-texture"],
  ["DRAW_VBO", "extensions-drawing"],
  ["DRAW_VBO", "extensions-state"],
  ["BLIT", "extensions-textures"],
  ["TRANSFER3D", "pixel-buffers"],
  ["SET_CONSTANT_BUFFER", "uniforms"],
];

describe("without its command, a feature's client fails", { skip, concurrency: 2 }, () => {
  const references = new Map<string, ClientRun>();
  let native: Bench;

  before(async () => {
    await buildClients();
    native = await Bench.create({});
  });
  after(async () => {
    await native?.[Symbol.asyncDispose]();
  });

  test("every client is named", () => {
    const named = new Set(CASES.map(([, client]) => client));
    assert.deepEqual(
      clientNames().filter((name) => !named.has(name)),
      [],
    );
  });

  for (const [command, client] of CASES) {
    test(`${client} without ${command}`, async () => {
      await using ours = await Bench.create({
        server: { kind: "ours", env: { VIRTGPU_TEST_REMOVE_COMMAND: command }, args: ["--spares=0"] },
      });
      const expected = references.get(client) ?? (await runClient(native, client));
      references.set(client, expected);
      assert.equal(expected.failure, undefined, expected.stderr);
      const run = await runClient(ours, client, 8_000);
      const { differences, notOffered } = compareRecords(expected.records, run.records);
      const failed = run.failure !== undefined || differences.length > 0 || notOffered.length > 0;
      assert.ok(failed, `${client} gives the native results without ${command}`);
    });
  }
});
