// What the scripts share. No dependency may be used here: set-up runs before `npm ci`.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root directory. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Runs a program in the root with our standard streams; ends this process with its status when it fails. */
export function must(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) {
    console.error(`${command}: ${result.error.message}`);
    process.exit(1);
  }
  if (result.status !== 0) {
    console.error(`failed: ${command} ${args.join(" ")}`);
    process.exit(result.status ?? 1);
  }
  return result;
}

/** Runs a program and gives its output back: { status, stdout, stderr }. */
export function capture(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, encoding: "utf8", maxBuffer: 64 << 20, ...options });
  return { status: result.error ? 127 : result.status, stdout: result.stdout ?? "", stderr: result.stderr ?? "" };
}

/** The path of a program that `npm ci` installed. */
export function tool(name) {
  return join(root, "node_modules/.bin", name);
}
