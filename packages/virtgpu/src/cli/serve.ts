/** `virtgpu serve`: the device. */
import * as v from "valibot";
import { startServices } from "../host/device-services.js";
import type { DriverSettings } from "../host/driver.js";
import { notifySystemd } from "../host/sd-notify.js";
import { waitForStop } from "../host/stop-signals.js";
import { serveVhostUser } from "../host/vhost-user-server.js";
import { VtestServer } from "../host/vtest-server.js";
import { deviceOptions, serviceOptions } from "./device-options.js";
import { displayOptions, readDisplayOptions } from "./display-options.js";
import { ExitStatus, UsageError, type ExitStatusCode } from "./exit-status.js";
import { importOptions, readImportOptions } from "./import-options.js";
import { configOption, flag, oneOf, permissionBits, text, wholeNumber } from "./options.js";
import { defineVerb } from "./verb.js";

/** Spec: virglrenderer vtest_protocol.h, VTEST_DEFAULT_SOCKET_NAME. Mesa before 23 knows no other path. */
export const DEFAULT_VTEST_PATH = "/tmp/.virgl_test";

export const EGL_PLATFORMS = ["auto", "surfaceless", "device", "gbm", "wayland"] as const;

/** What `--vtest` means: a path, `true` (or the bare flag) for the usual one. */
const vtestPath = v.optional(
  v.union(
    [
      v.pipe(
        v.literal(true),
        v.transform(() => DEFAULT_VTEST_PATH),
      ),
      text,
    ],
    "is a path",
  ),
);

export const serveOptions = {
  vtest: {
    value: "[path]",
    help: `listen for vtest clients (GALLIUM_DRIVER=virpipe) at this path, ${DEFAULT_VTEST_PATH} if none is given`,
    schema: vtestPath,
  },
  "vhost-user": {
    value: "<path>",
    help: "be the GPU of one VM: listen here for its VMM (excludes --vtest)",
    schema: v.optional(text),
  },
  "vtest-mode": {
    value: "<mode>",
    help: "permission bits of the vtest socket",
    schema: permissionBits("0600"),
    byDefault: "0600",
  },
  "vtest-group": {
    value: "<group>",
    help: "group (name or number) of the vtest socket, for containers",
    schema: v.optional(v.pipe(v.union([text, v.number()]), v.transform(String))),
  },
  spares: {
    value: "<count>",
    help: "warmed client processes kept ready",
    schema: wholeNumber(0, 64, 1),
    byDefault: "1",
  },
  "max-clients": {
    value: "<count>",
    help: "clients served at once; more wait",
    schema: wholeNumber(1, 4096, 64),
    byDefault: "64",
  },
  "host-gl": { value: "", help: "draw with desktop GL instead of GLES", schema: flag },
  "egl-platform": {
    value: "<kind>",
    help: "how to open the GL driver",
    schema: oneOf(EGL_PLATFORMS, "auto"),
    byDefault: "auto",
    choices: EGL_PLATFORMS,
  },
  "render-node": {
    value: "<path>",
    help: "DRM render node for the gbm and device platforms",
    schema: v.optional(text),
  },
  ...deviceOptions,
  ...displayOptions,
  ...importOptions,
  ...configOption,
} as const;

export const serve = defineVerb({
  name: "serve",
  summary: "run the device: accept clients and draw for them",
  options: serveOptions,
  example: "virtgpu serve --vtest=/run/user/1000/virgl --vtest-mode=0660 --vtest-group=render",
  async run({ options, log }): Promise<ExitStatusCode> {
    const imports = readImportOptions(options, log);
    const driver: DriverSettings = {
      eglPlatform: options["egl-platform"],
      api: options["host-gl"] ? "gl" : "gles",
      ...(options["render-node"] === undefined ? {} : { renderNode: options["render-node"] }),
      imports,
    };
    if (options["vhost-user"] !== undefined) {
      if (options.vtest !== undefined) throw new UsageError("--vhost-user excludes --vtest: a process serves one VM");
      const endpoint = { path: options["vhost-user"] };
      const displays = readDisplayOptions(options, imports.profile);
      const end = await serveVhostUser({ endpoint, driver, displays, services: serviceOptions(options) }, log);
      return end === "stopped" ? ExitStatus.DONE : ExitStatus.FAILED;
    }
    if (options.vtest === undefined) {
      throw new UsageError("serve needs something to serve: give --vtest[=PATH] or --vhost-user=PATH");
    }
    const server = await VtestServer.start({
      socket: {
        path: options.vtest,
        mode: options["vtest-mode"],
        ...(options["vtest-group"] === undefined ? {} : { group: options["vtest-group"] }),
      },
      child: {
        ...driver,
        logLevel: options["log-level"],
      },
      spares: options.spares,
      maxClients: options["max-clients"],
      log,
    });
    const services = await startServices(server, serviceOptions(options), log).catch(async (error: unknown) => {
      await server.kill();
      throw error;
    });
    notifySystemd("READY=1", `STATUS=serving ${server.path}`);
    try {
      await waitForStop(server, log);
    } finally {
      services.close();
    }
    return ExitStatus.DONE;
  },
});
