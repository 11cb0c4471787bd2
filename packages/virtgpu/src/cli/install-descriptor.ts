/** `virtgpu install-descriptor`: tells QEMU and libvirt where the vhost-user back-end is. */
import { accessSync, constants, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { HostError } from "@virtgpu/core/base";
import { makeFolder } from "../native/make-folder.js";
import { ExitStatus, type ExitStatusCode } from "./exit-status.js";
import { text } from "./options.js";
import { defineVerb } from "./verb.js";

/** Lower numbers win; QEMU's own back-end has 50. */
const FILE_NAME = "40-virtgpu.json";

/** The package's launcher, from dist/cli. */
const LAUNCHER = fileURLToPath(new URL("../../bin/vhost-user-virtgpu", import.meta.url));

/** A descriptor as in QEMU `docs/interop/vhost-user.json`: a path and no arguments. */
export function descriptor(binary: string): string {
  return `${JSON.stringify({ description: "virtgpu: virtio-gpu device, 2D and 3D", type: "gpu", binary }, null, 2)}\n`;
}

/** Where programs look first: for root the system's folder, else the user's. */
function defaultFolder(): string {
  if (process.getuid?.() === 0) return "/etc/qemu/vhost-user";
  return join(process.env["XDG_CONFIG_HOME"] ?? join(homedir(), ".config"), "qemu", "vhost-user");
}

export const installDescriptor = defineVerb({
  name: "install-descriptor",
  summary: "write the JSON file by which QEMU and libvirt find the vhost-user back-end",
  options: {
    dest: {
      value: "<folder>",
      help: "folder for the file (default: /etc/qemu/vhost-user for root, ~/.config/qemu/vhost-user else)",
      schema: v.optional(text),
    },
  },
  example: "virtgpu install-descriptor --dest=/usr/share/qemu/vhost-user",
  async run({ options, print }): Promise<ExitStatusCode> {
    const folder = options.dest ?? defaultFolder();
    const path = join(folder, FILE_NAME);
    try {
      accessSync(LAUNCHER, constants.X_OK);
      makeFolder(folder);
      writeFileSync(path, descriptor(LAUNCHER));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new HostError("DESCRIPTOR_NOT_WRITTEN", `the descriptor cannot be written: ${reason}`, {
        cause: error,
        cure: "give a folder that you may write with --dest=FOLDER",
      });
    }
    print(path);
    return ExitStatus.DONE;
  },
});
