// Prepares a checkout: system packages, `npm ci`, the addon, `tsc -b`. Idempotent; a second run takes about a second.
// Runs before anything is installed, so it uses Node alone.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { capture, must, root, tool } from "./lib/run.mjs";

/** Plain bookworm packages: the GL driver and headers, a compiler, and the Mesa programs that the tests run. */
const SYSTEM_PACKAGES = [
  "gcc",
  "libc6-dev",
  "libegl-dev",
  "libgles-dev",
  "libegl1",
  "libgles2",
  "libgl1-mesa-dri",
  "libgbm1",
  "virgl-server",
  "glmark2-es2-x11",
  "mesa-utils",
  "xvfb",
  "weston",
  "edid-decode",
  // Guests: the shared libraries and firmware of QEMU (a newer one is unpacked beside it), and tools that make their disks.
  "qemu-system-x86",
  "qemu-system-gui",
  "seabios",
  "busybox-static",
  "binutils",
  "cpio",
  "e2fsprogs",
  "kmod",
  "xz-utils",
];

installSystemPackages();
installNodeModules();
must(process.execPath, ["scripts/build-addon.mjs"]);
must(tool("tsc"), ["-b"]);
must(process.execPath, ["scripts/bundle-client.mjs"]);

function installSystemPackages() {
  const missing = missingPackages();
  if (missing.length === 0) return;
  const line = `apt-get install --yes --no-install-recommends ${missing.join(" ")}`;
  if (process.env.VIRTGPU_INSTALL === "never") {
    console.log(`not installed, as VIRTGPU_INSTALL=never: ${missing.join(" ")}`);
    return;
  }
  if (process.getuid() !== 0) {
    console.error(`Missing system packages. Type this line, then run the command again:\n\n  sudo ${line}\n`);
    process.exit(3);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "--no-install-recommends", ...missing];
  let plan = capture("apt-get", ["--assume-no", ...install], { env });
  if (!plan.stdout.includes("Need to get")) {
    must("apt-get", ["update", "-qq"], { env });
    plan = capture("apt-get", ["--assume-no", ...install], { env });
  }
  const sizes = plan.stdout.split("\n").filter((text) => /^(Need to get|After this operation)/.test(text));
  console.log(`installing system packages: ${missing.join(" ")}\n${sizes.join("\n")}`);
  must("apt-get", ["--yes", "-qq", ...install], { env, stdio: ["ignore", "ignore", "inherit"] });
}

function missingPackages() {
  const query = capture("dpkg-query", ["-W", "-f=${Package} ${db:Status-Status}\\n", ...SYSTEM_PACKAGES]);
  if (query.status === 127) {
    console.log(`not a Debian system; these packages' counterparts are needed: ${SYSTEM_PACKAGES.join(" ")}`);
    return [];
  }
  const installed = new Set(
    query.stdout
      .split("\n")
      .filter((text) => text.endsWith(" installed"))
      .map((text) => text.split(" ")[0]),
  );
  return SYSTEM_PACKAGES.filter((name) => !installed.has(name));
}

function installNodeModules() {
  if (nodeModulesMatchLock()) return;
  must("npm", ["ci", "--no-audit", "--no-fund"]);
}

/** Compares npm's own record of what it installed with the lock: no `npm` process when nothing changed. */
function nodeModulesMatchLock() {
  const record = join(root, "node_modules/.package-lock.json");
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")).packages;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.startsWith("node_modules/")) continue;
    const found = installed[path];
    if (found === undefined) {
      if (entry.optional) continue; // a binary for another platform
      return false;
    }
    if (found.version !== entry.version) return false;
  }
  return true;
}
