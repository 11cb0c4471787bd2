// How streams are looked at before they run, made wrong one by one. See scripts/test-mutations.mjs.
const TARGETS = "packages/core/src/renderer/gles/stream-targets.ts";

const held = ["--test", "packages/virtgpu/dist/render-tests/held-streams.gpu.test.js"];
const finds = /^not ok/m;

export const mutations = [
  {
    name: "stream targets: a sub-context that never was is looked at",
    edits: [{ file: TARGETS, from: "if (sub === undefined) return null;", to: "" }],
    run: held,
    finds,
  },
  {
    name: "stream targets: no limit of sub-contexts",
    edits: [{ file: TARGETS, from: "this.#made >= MAX_SUB_CONTEXTS", to: "MAX_SUB_CONTEXTS < 0" }],
    run: held,
    finds,
  },
  {
    name: "stream targets: what is ended stays current",
    edits: [
      {
        file: TARGETS,
        from: "if (gone === look) look = looks.get(0)!;",
        to: "if (gone === look) look.areVisited = false;",
      },
    ],
    run: held,
    finds,
  },
  {
    name: "stream targets: what is bound anew is not visited",
    edits: [{ file: TARGETS, from: "look.areVisited = false;", to: "" }],
    run: held,
    finds,
  },
];
