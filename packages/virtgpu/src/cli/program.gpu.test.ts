/** The command line as a person meets it: started through the committed launchers. */
import assert from "node:assert/strict";
import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { DoctorReport } from "../doctor/finding.js";
import { fileURLToPath } from "node:url";
import { VERBS } from "./program.js";

const BIN = join(dirname(fileURLToPath(import.meta.url)), "../../../../bin");

function run(program: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(program, args, { encoding: "utf8", timeout: 180_000 });
}
const virtgpu = (...args: readonly string[]): SpawnSyncReturns<string> => run(join(BIN, "virtgpu"), ...args);

function inFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-cli-"));
  try {
    work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("the launchers find the repository through symbolic links, from anywhere", () =>
  inFolder((folder) => {
    symlinkSync(join(BIN, "virtgpu"), join(folder, "one"));
    symlinkSync("one", join(folder, "two"));
    const result = spawnSync(join(folder, "two"), ["--help"], { encoding: "utf8", cwd: "/" });
    assert.equal(result.status, 0, result.stderr);
    assert.match(result.stdout, /^Usage: virtgpu /);
  }));

for (const name of ["virtgpu", "virtgpu-test-server"]) {
  test(`without a build, ${name} says what to do and exits 3`, () =>
    inFolder((folder) => {
      mkdirSync(join(folder, "bin"));
      copyFileSync(join(BIN, name), join(folder, "bin", name));
      const result = run(join(folder, "bin", name), "--help");
      assert.equal(result.status, 3);
      assert.equal(result.stderr, "virtgpu is not built yet: run npm run setup\n");
      assert.equal(result.stdout, "");
    }));
}

test("--version names us, Node and the GL driver", () => {
  const result = virtgpu("--version");
  assert.equal(result.status, 0, result.stderr);
  const [ours, node, gl] = result.stdout.split("\n");
  assert.match(ours ?? "", /^virtgpu \d+\.\d+\.\d+$/);
  assert.equal(node, `Node ${process.version}`);
  assert.match(gl ?? "", /^GL OpenGL ES 3\.\d/);
});

for (const verb of VERBS) {
  test(`${verb.name} --help shows every option and one example`, () => {
    const result = virtgpu(verb.name, "--help");
    assert.equal(result.status, 0, result.stderr);
    for (const option of Object.keys(verb.options)) assert.ok(result.stdout.includes(`--${option}`), option);
    assert.equal(result.stdout.split("Example:").length, 2);
    assert.ok(result.stdout.includes(verb.example));
    assert.ok("log-level" in verb.options && "log-json" in verb.options);
  });
}

for (const [args, message] of [
  [[], /Usage: virtgpu/],
  [["serv"], /unknown command 'serv'[^]*Did you mean serve\?/],
  [["serve", "--vtset"], /unknown option '--vtset'[^]*Did you mean --vtest\?/],
  [["serve"], /give --vtest/],
  [["serve", "--vtest=/tmp/x", "--spares=many"], /--spares is a whole number/],
  [["serve", "--vtest=/tmp/x", "--config=/nonexistent.json"], /--config: cannot read/],
  [["dump"], /missing required argument 'file'/],
  [["dump", "a", "b"], /too many arguments/],
  [["record", "file"], /give --upstream/],
  [["translate", "/nonexistent.tgsi"], /cannot read/],
] as const) {
  test(`wrong usage exits 2 and says why: virtgpu ${args.join(" ")}`, () => {
    const result = virtgpu(...args);
    assert.equal(result.status, 2);
    assert.match(result.stderr, message);
    assert.equal(result.stdout, "");
  });
}

test("what fails exits 1 with one line, without a stack", () =>
  inFolder((folder) => {
    const capture = join(folder, "x.vgs");
    writeFileSync(capture, "no capture at all");
    for (const args of [
      ["dump", capture],
      ["dump", "/nonexistent"],
      ["replay", `--vtest=${folder}/nobody`, capture],
      ["serve", `--vtest=${capture}`],
    ]) {
      const result = virtgpu(...args);
      assert.equal(result.status, 1, `${args.join(" ")}: ${result.stderr}`);
      assert.match(result.stderr, /^virtgpu: [^\n]+\n(  cure: [^\n]+\n)?$/);
    }
  }));

test("doctor names every platform, each refusal with its cure, and agrees with its exit status", () => {
  const result = virtgpu("doctor", "--json");
  const report = JSON.parse(result.stdout) as DoctorReport;
  assert.equal(result.status, !report.ok ? 3 : report.zeroCopy ? 0 : 4);
  for (const platform of ["surfaceless", "device", "gbm", "wayland"]) {
    assert.ok(
      report.findings.some((finding) => finding.name === `GLES by ${platform}`),
      platform,
    );
  }
  for (const finding of report.findings)
    assert.ok(finding.ok || finding.cure !== undefined, `${finding.name} without a cure`);
});

test("doctor and serve exit 3 where there is no driver, with the cure", () => {
  const env = { ...process.env, __EGL_VENDOR_LIBRARY_FILENAMES: "/nonexistent.json" };
  const doctor = spawnSync(join(BIN, "virtgpu"), ["doctor"], { encoding: "utf8", env });
  assert.equal(doctor.status, 3, doctor.stdout);
  assert.match(doctor.stdout, /cure: /);
  inFolder((folder) => {
    const args = ["serve", `--vtest=${folder}/s`, "--control=none"];
    const serve = spawnSync(join(BIN, "virtgpu"), args, { encoding: "utf8", env, timeout: 180_000 });
    assert.equal(serve.status, 3, serve.stderr);
    assert.match(serve.stderr, /cure: /);
  });
});

test("translate writes GLSL, and refuses what is no shader with line and column", () =>
  inFolder((folder) => {
    const good = join(folder, "good.tgsi");
    writeFileSync(
      good,
      "FRAG\nDCL OUT[0], COLOR\nIMM[0] FLT32 {0.5, 0.25, 0.0, 1.0}\n  0: MOV OUT[0], IMM[0]\n  1: END\n",
    );
    const glsl = virtgpu("translate", "--target=310", good);
    assert.equal(glsl.status, 0, glsl.stderr);
    assert.match(glsl.stdout, /^#version 310 es\n/);
    const json = JSON.parse(virtgpu("translate", "--json", good).stdout) as { stage: string; glsl: string };
    assert.equal(json.stage, "fragment");
    assert.match(json.glsl, /^#version 300 es\n/);
    const bad = join(folder, "bad.tgsi");
    writeFileSync(bad, "FRAG\nDCL OUT[0], COLOR\n  0: FROB OUT[0]\n  1: END\n");
    const refused = virtgpu("translate", bad);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /bad\.tgsi: 3:\d+: /);
  }));

test("the test server takes virgl_test_server's flags and refuses what we do not have", () => {
  const server = join(BIN, "virtgpu-test-server");
  for (const flag of [
    "no-fork",
    "multi-clients",
    "use-glx",
    "use-egl-surfaceless",
    "use-gles",
    "rendernode",
    "socket-path",
    "no-loop-or-fork",
  ]) {
    assert.ok(run(server, "--help").stdout.includes(`--${flag}`), flag);
  }
  assert.equal(run(server, "--venus").status, 2);
  const unknown = run(server, "--use-gless");
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /Did you mean --use-gles\?/);
});
