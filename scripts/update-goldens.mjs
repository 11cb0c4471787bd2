// Rewrites test/golden/shaders: the shaders made from the opcode table, then what every golden becomes.
// `git diff test/golden` shows the change; commit it with the change that caused it.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "./lib/run.mjs";

const run = (args, env = {}) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } }).status;

// An error elsewhere in the tree does not keep the shader tests from being emitted.
if (run([join(root, "node_modules/typescript/bin/tsc"), "-b", "test/tsconfig.json"]) !== 0)
  console.error("the tree has errors; going on");
process.exitCode = run(["test/dist/shader-gl/write-opcode-shaders.js"]);
process.exitCode ||= run(["--test", "--test-reporter=dot", "test/dist/shader-gl/goldens.test.js"], {
  VIRTGPU_UPDATE_GOLDENS: "1",
});
