// What guests' shaders may cost, and the driver's fault that one of them would meet, taken out one by one. See scripts/test-mutations.mjs.
const TEXTS = "packages/core/src/renderer/gles/objects/shader-texts.ts";
const SHADER = "packages/core/src/renderer/gles/objects/shader-object.ts";
const CAPS = "packages/core/src/gl/build-caps.ts";

const texts = ["--test", "packages/core/dist/renderer/gles/objects/shader-texts.test.js"];
const sampling = ["--test", "packages/virtgpu/dist/render-tests/sampling-survives.gpu.test.js"];
const finds = /^not ok/m;

export const mutations = [
  {
    name: "shader texts: no limit for a context",
    edits: [
      { file: TEXTS, from: "context.shaderBytes + bytes > CONTEXT_BYTES_MAX ||", to: "CONTEXT_BYTES_MAX < 0 ||" },
    ],
    run: texts,
    finds,
  },
  {
    name: "shader texts: no limit for the device",
    edits: [{ file: TEXTS, from: "this.#heldBytes + bytes > DEVICE_BYTES_MAX", to: "DEVICE_BYTES_MAX < 0" }],
    run: texts,
    finds,
  },
  {
    name: "shader texts: a small shader costs its text only",
    edits: [{ file: TEXTS, from: "const OVERHEAD_BYTES = 1024;", to: "const OVERHEAD_BYTES = 0;" }],
    run: texts,
    finds,
  },
  {
    name: "shader texts: a shader that is wrong is never given back",
    edits: [{ file: SHADER, from: "if (code !== GuestError.NONE) shader.release(host);", to: "" }],
    run: texts,
    finds,
  },
  {
    name: "shader texts: a tree that gave way is not made again",
    edits: [{ file: TEXTS, from: "this.parse(shader);", to: "" }],
    run: texts,
    finds,
  },
  {
    name: "anisotropy is used where the driver dies of it",
    edits: [
      {
        file: CAPS,
        from: "if (diesOfAnisotropy(renderer, versionText)) features",
        to: 'if (diesOfAnisotropy(renderer, versionText) && versionText === "") features',
      },
    ],
    run: sampling,
    finds,
  },
];
