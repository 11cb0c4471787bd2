/** `virtgpu probe`: finds by trial what this host imports, and writes it down for `serve`. */
import { EGL_PLATFORMS } from "../native/egl.js";
import { describeReport } from "../probe/describe-report.js";
import { probeHost } from "../probe/probe-host.js";
import { defaultProfilePath, writeProfile } from "../probe/profile-file.js";
import * as v from "valibot";
import { ExitStatus, type ExitStatusCode } from "./exit-status.js";
import { flag, jsonOption, oneOf, text } from "./options.js";
import { defineVerb } from "./verb.js";

const platforms = ["auto", ...EGL_PLATFORMS] as const;

export const probe = defineVerb({
  name: "probe",
  summary: "find by trial which guest memory the GPU driver can use in place, and write it down for serve",
  options: {
    profile: {
      value: "<file>",
      help: "where to write the profile",
      schema: v.optional(text),
      byDefault: "~/.cache/virtgpu/profile.json",
    },
    "dry-run": { value: "", help: "write no profile", schema: flag },
    "egl-platform": {
      value: "<kind>",
      help: "how to open the GL driver",
      schema: oneOf(platforms, "auto"),
      byDefault: "auto",
      choices: platforms,
    },
    "host-gl": { value: "", help: "try desktop OpenGL instead of OpenGL ES", schema: flag },
    "render-node": { value: "<path>", help: "GPU to open, such as /dev/dri/renderD128", schema: v.optional(text) },
    ...jsonOption,
  },
  example: "virtgpu probe",
  async run({ options, log, print }): Promise<ExitStatusCode> {
    const node = options["render-node"];
    const report = await probeHost({
      eglPlatform: options["egl-platform"],
      api: options["host-gl"] ? "gl" : "gles",
      ...(node === undefined ? {} : { renderNode: node }),
      onStep: (what) => log.debug(what),
    });
    if (options.json) print(JSON.stringify(report.profile, null, 2));
    else for (const line of describeReport(report)) print(line);
    const path = options.profile ?? defaultProfilePath();
    if (!options["dry-run"]) {
      writeProfile(path, report.profile);
      log.info(`profile written to ${path}`);
    }
    const { images } = report.profile;
    return images === null || images.bounces ? ExitStatus.NO_ZERO_COPY : ExitStatus.DONE;
  },
});
