// What does the renderer ask of GL? A guest's stream goes in, the GL calls come out in words. Needs no GPU: the GL here
// is the one for tests, which records and draws nothing.
import { silentLogger } from "@virtgpu/core/base";
import { GlEncoder } from "@virtgpu/core/gl";
import { CopyLedger } from "@virtgpu/core/memory";
import { GlesRenderer } from "@virtgpu/core/renderer/gles";
import { LoopbackServer, RecordingGl, StreamBuilder } from "@virtgpu/core/testing";
import { VirglFormat } from "@virtgpu/core/virgl";

const gl = new RecordingGl();
const renderer = new GlesRenderer({
  gl,
  encoder: new GlEncoder(gl),
  ledger: new CopyLedger(),
  logger: silentLogger,
});

// vtest messages (virglrenderer, vtest_protocol.h): length in dwords, id, payload.
const CREATE_RENDERER = 8;
const RESOURCE_CREATE = 2;
const SUBMIT_CMD = 6;
const TEXTURE_2D = 2;
const BIND_RENDER_TARGET = 2;

const server = new LoopbackServer(renderer);
server.send(4, CREATE_RENDERER, 0x006f6d65); // "emo", a name of four bytes
server.send(10, RESOURCE_CREATE, 1, TEXTURE_2D, VirglFormat.R8G8B8A8_UNORM, BIND_RENDER_TARGET, 64, 64, 1, 1, 0, 0);

const stream = new StreamBuilder()
  .createSubContext(1)
  .setSubContext(1)
  .createSurface(10, 1, VirglFormat.R8G8B8A8_UNORM)
  .setFramebuffer([10])
  .clear(4, [1, 0.5, 0, 1])
  .build();
server.send(stream.length, SUBMIT_CMD, ...stream);

renderer.flush();
for (const line of gl.ops) console.log(line);
