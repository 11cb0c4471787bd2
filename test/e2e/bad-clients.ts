/** What hostile or broken clients do, one thing each, and what must come of it. */
import { StreamBuilder } from "@virtgpu/core/testing";
import { VirglFormat } from "@virtgpu/core/virgl";
import { createResource2Message, message, VCMD, type VtestClient } from "./vtest-client.js";

export interface BadClient {
  readonly name: string;
  /** `closed`: the server ends the connection. `open`: it answers, or drops the context, and goes on reading. */
  readonly expect: "closed" | "open";
  /** The counter that must rise; none for the control. */
  readonly counter?: string;
  /** What the log must say. */
  readonly log: RegExp;
  misbehave(client: VtestClient): Promise<void>;
}

// virglrenderer, virgl_protocol.h: a command's header is length << 16 | object type << 8 | command.
const header = (command: number, objectType: number, lengthDwords: number): number =>
  ((lengthDwords << 16) | (objectType << 8) | command) >>> 0;
const CREATE_OBJECT = 1;
const BIND_OBJECT = 2;
const OBJECT_BLEND = 1;
const OBJECT_SHADER = 4;
const BIND_SHADER = 31;
const SHADER_FRAGMENT = 1;

async function submit(client: VtestClient, dwords: readonly number[]): Promise<void> {
  await client.handshake("bad client");
  client.send(message(VCMD.SUBMIT_CMD, dwords));
  await client.sync();
}

const TARGET = { target: 2, format: VirglFormat.R8G8B8A8_UNORM, bind: 2, width: 16, height: 16, dataSize: 0 };

/** A stream that draws into resource 1. */
function target(): StreamBuilder {
  return new StreamBuilder()
    .createSubContext(1)
    .setSubContext(1)
    .createSurface(10, 1, VirglFormat.R8G8B8A8_UNORM)
    .setFramebuffer([10])
    .setViewport(16, 16);
}

/** Makes resource 1, then submits. */
async function submitStream(client: VtestClient, stream: StreamBuilder): Promise<void> {
  await client.handshake("bad client");
  client.send(createResource2Message(1, TARGET));
  client.send(message(VCMD.SUBMIT_CMD, [...stream.build()]));
  await client.sync();
}

function textDwords(text: string): number[] {
  const bytes = Buffer.from(text.padEnd(Math.ceil((text.length + 1) / 4) * 4, "\0"));
  return Array.from({ length: bytes.length / 4 }, (_, index) => bytes.readUInt32LE(index * 4));
}

/** Does nothing wrong; every counter stays 0. */
export const CONTROL_CLIENT: BadClient = {
  name: "control: a client that says hello and leaves raises nothing",
  expect: "open",
  log: /^/,
  async misbehave(client) {
    await client.handshake("good client");
    client.send(createResource2Message(1, { target: 2, format: 67, bind: 8, width: 4, height: 4, dataSize: 64 }));
    await client.read(1);
    await client.sync();
  },
};

export const BAD_CLIENTS: readonly BadClient[] = [
  {
    name: "an unknown message",
    expect: "closed",
    counter: "protocolErrors",
    log: /999/,
    async misbehave(client) {
      await client.handshake();
      client.send(message(999, [1, 2, 3]));
    },
  },
  {
    name: "a submission of 16 GiB",
    expect: "closed",
    counter: "protocolErrors",
    log: /./,
    async misbehave(client) {
      await client.handshake();
      client.send(message(VCMD.SUBMIT_CMD, [0], 0xffffffff));
    },
  },
  {
    name: "a submission before the renderer is created",
    expect: "closed",
    counter: "protocolErrors",
    log: /./,
    misbehave(client) {
      client.send(message(VCMD.SUBMIT_CMD, [header(0, 0, 0)]));
      return Promise.resolve();
    },
  },
  {
    name: "a message of a wrong length",
    expect: "closed",
    counter: "protocolErrors",
    log: /./,
    async misbehave(client) {
      await client.handshake();
      client.send(message(VCMD.RESOURCE_CREATE2, [1, 2, 3]));
    },
  },
  {
    name: "an unknown virgl command",
    expect: "open",
    counter: "guestErrors",
    log: /250/,
    misbehave: (client) => submit(client, [header(250, 0, 1), 0]),
  },
  {
    name: "a command longer than its stream",
    expect: "open",
    counter: "guestErrors",
    log: /./,
    misbehave: (client) => submit(client, [header(0, 0, 0), header(CREATE_OBJECT, OBJECT_BLEND, 0xffff), 1]),
  },
  {
    name: "binding an object handle that does not exist",
    expect: "open",
    counter: "guestErrors",
    log: /./,
    misbehave: (client) => submit(client, [header(BIND_OBJECT, OBJECT_BLEND, 1), 4711]),
  },
  {
    name: "a shader that does not parse",
    expect: "open",
    counter: "guestErrors",
    log: /./,
    misbehave(client) {
      const text = "FRAG\nDCL NONSENSE[0], WRONG\n  0: FROBNICATE OUT[0]\n  1: END\n";
      const words = textDwords(text);
      // VIRGL_OBJ_SHADER_*: handle, type, offset (text length in bytes), token count, stream-output count, text.
      const payload = [7, SHADER_FRAGMENT, text.length + 1, 300, 0, ...words];
      return submit(client, [
        header(CREATE_OBJECT, OBJECT_SHADER, payload.length),
        ...payload,
        header(BIND_SHADER, 0, 2),
        7,
        SHADER_FRAGMENT,
      ]);
    },
  },
  {
    name: "a resource whose sizes overflow",
    expect: "closed",
    counter: "guestErrors",
    log: /./,
    async misbehave(client) {
      await client.handshake();
      const huge = { target: 2, format: 67, bind: 8, width: 0xffffffff, height: 0xffffffff, dataSize: 0xffffffff };
      client.send(createResource2Message(1, huge));
      await client.read(1);
    },
  },
  {
    name: "a transfer to a resource that does not exist",
    expect: "open",
    counter: "guestErrors",
    log: /4711/,
    async misbehave(client) {
      await client.handshake();
      client.send(message(VCMD.TRANSFER_PUT2, [4711, 0, 0, 0, 0, 1, 1, 1, 4, 0]));
      await client.sync();
    },
  },
  {
    name: "a transfer past the end of its memory",
    expect: "open",
    counter: "guestErrors",
    log: /./,
    async misbehave(client) {
      await client.handshake();
      client.send(createResource2Message(1, { target: 2, format: 67, bind: 8, width: 16, height: 16, dataSize: 64 }));
      await client.read(1);
      client.send(message(VCMD.TRANSFER_PUT2, [1, 0, 0, 0, 0, 16, 16, 1, 1024, 0xfffffff0]));
      await client.sync();
    },
  },
  {
    name: "a transfer over the socket whose stride holds no texel",
    expect: "open",
    counter: "guestErrors",
    log: /VCMD_TRANSFER_PUT.*BAD_VALUE|BAD_VALUE.*VCMD_TRANSFER_PUT/,
    async misbehave(client) {
      await client.handshake();
      // PIPE_TEXTURE_3D of one row and 16 layers: 64 bytes each, stride 1.
      client.send(message(VCMD.RESOURCE_CREATE, [1, 3, VirglFormat.R8G8B8A8_UNORM, 8, 16, 1, 16, 1, 0, 0]));
      const data = new Array<number>(256).fill(0xaaaaaaaa);
      client.send(message(VCMD.TRANSFER_PUT, [1, 0, 1, 64, 0, 0, 0, 16, 1, 16, 1024, ...data]));
      await client.sync();
    },
  },
  {
    name: "a submission after the context was lost to an error",
    expect: "open",
    counter: "droppedSubmissions",
    log: /./,
    async misbehave(client) {
      await submit(client, [header(250, 0, 1), 0]);
      client.send(message(VCMD.SUBMIT_CMD, [header(0, 0, 0)]));
      await client.sync();
    },
  },
  {
    name: "a draw without shaders",
    expect: "open",
    counter: "skippedDraws",
    log: /./,
    misbehave: (client) => submitStream(client, target().draw({ count: 3 })),
  },
  {
    name: "shaders whose varyings are more than the host has",
    expect: "open",
    counter: "shaderErrors",
    log: /./,
    misbehave(client) {
      const count = 60; // of 32 that llvmpipe has
      const each = (line: (index: number) => string): string =>
        Array.from({ length: count }, (_, i) => line(i)).join("");
      const vertex =
        `VERT\nDCL IN[0]\nDCL CONST[0..${count}]\nDCL OUT[0], POSITION\n${each((i) => `DCL OUT[${i + 1}], GENERIC[${i}]\n`)}` +
        `  0: MOV OUT[0], IN[0]\n${each((i) => `  ${i + 1}: MUL OUT[${i + 1}], IN[0], CONST[${i}]\n`)}  ${count + 1}: END\n`;
      const fragment =
        `FRAG\n${each((i) => `DCL IN[${i}], GENERIC[${i}], PERSPECTIVE\n`)}DCL OUT[0], COLOR\nDCL TEMP[0]\n` +
        `  0: MOV TEMP[0], IN[0]\n${each((i) => `  ${i + 1}: ADD TEMP[0], TEMP[0], IN[${i}]\n`)}` +
        `  ${count + 1}: MOV OUT[0], TEMP[0]\n  ${count + 2}: END\n`;
      const stream = target()
        .createShader(20, 0, vertex)
        .createShader(21, SHADER_FRAGMENT, fragment)
        .bindShader(20, 0)
        .bindShader(21, SHADER_FRAGMENT)
        .draw({ count: 3 });
      return submitStream(client, stream);
    },
  },
  {
    name: "more shared memory than a client may have",
    expect: "closed",
    counter: "hostErrors",
    log: /./,
    async misbehave(client) {
      await client.handshake();
      // Six times 1 GiB of memory that is never touched.
      for (let handle = 1; handle <= 6; handle++) {
        client.send(createResource2Message(handle, { ...TARGET, dataSize: 1 << 30 }));
      }
      await client.read(6);
    },
  },
  {
    name: "half a message, then gone",
    expect: "open",
    counter: "protocolErrors",
    log: /./,
    async misbehave(client) {
      await client.handshake();
      client.send(message(VCMD.SUBMIT_CMD, [0], 100));
    },
  },
];
