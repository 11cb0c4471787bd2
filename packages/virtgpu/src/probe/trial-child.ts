/** The process in which imports are tried: the driver may crash in it. Answers one message after the other. */
import { HostError } from "@virtgpu/core/base";
import { fourccCode } from "@virtgpu/core/memory";
import { addon } from "../native/addon.js";
import { openEgl } from "../native/egl.js";
import { createMemfd, Mapping } from "../native/memory.js";
import {
  displayDevice,
  driverFormats,
  forbidCoreFiles,
  trialClear,
  trialImport,
  trialRelease,
  trialSample,
} from "../native/trial.js";
import { trialFormat, type TrialFormat } from "./trial-format.js";
import type { OpenAnswer, OpenRequest, TrialAnswer, TrialMessage, TrialRequest } from "./trial-messages.js";
import { CLEAR_COLOUR, endOfPicture, holdsClear, showsPicture, writePicture } from "./trial-picture.js";
import { TRIAL_MEMORY_BYTES, TrialBuffer } from "./trial-buffer.js";

const GL_MAX_TEXTURE_SIZE = 0x0d33;
const GL_RENDERER = 0x1f01;
const GL_VERSION = 0x1f02;

let memory: TrialBuffer | null = null;
let seed = 0;

function open(request: OpenRequest): OpenAnswer {
  const { platform, software, api, renderNode } = request;
  const none = {
    vendor: "",
    renderer: "",
    version: "",
    extensions: "",
    maxTextureSize: 0,
    formats: null,
    device: null,
  };
  try {
    const egl = openEgl({ platform, software, api, ...(renderNode === undefined ? {} : { renderNode }) });
    const fd = createMemfd("virtgpu-probe", TRIAL_MEMORY_BYTES);
    memory = new TrialBuffer(fd, Mapping.map(fd, 0, TRIAL_MEMORY_BYTES).bytes);
    return {
      vendor: egl.vendor,
      renderer: addon().glText(GL_RENDERER),
      version: addon().glText(GL_VERSION),
      extensions: egl.extensions,
      maxTextureSize: addon().glInteger(GL_MAX_TEXTURE_SIZE, 0),
      formats: driverFormats(),
      device: displayDevice(),
    };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const { code, message, cure } = error;
    return { ...none, failure: cure === undefined ? { code, message } : { code, message, cure } };
  }
}

function run(request: TrialRequest, buffer: TrialBuffer): TrialAnswer {
  const format = trialFormat(request.format);
  if (endOfPicture(request, format) > TRIAL_MEMORY_BYTES) throw new Error("the picture is larger than the memory");
  const answer = { error: 0, isRight: false, isFollowed: null, rendering: null };
  writePicture(buffer.bytes, request, format, ++seed);
  const fd = buffer.descriptor(request.memory, endOfPicture(request, format));
  if (fd < 0) return { ...answer, error: fd };
  if (request.isSynced) buffer.sync(fd);
  const { width, height, offsetBytes, strideBytes, modifier } = request;
  const picture = { fd, width, height, fourcc: fourccCode(request.format), offsetBytes, strideBytes };
  const error = trialImport(modifier === undefined ? picture : { ...picture, modifier });
  try {
    if (error !== 0) return { ...answer, error };
    const isRight = isShown(request, format);
    return request.isThorough ? { ...lookDeeper(request, format, buffer, fd), error, isRight } : { ...answer, isRight };
  } finally {
    trialRelease();
    buffer.close(fd);
  }
}

function isShown(request: TrialRequest, format: TrialFormat): boolean {
  return showsPicture(({ x, y, width, height }) => trialSample(x, y, width, height), request, format, seed);
}

function lookDeeper(
  request: TrialRequest,
  format: TrialFormat,
  buffer: TrialBuffer,
  fd: number,
): Pick<TrialAnswer, "isFollowed" | "rendering"> {
  writePicture(buffer.bytes, request, format, ++seed);
  if (request.isSynced) buffer.sync(fd);
  const isFollowed = isShown(request, format);
  const [red, green, blue, alpha] = CLEAR_COLOUR;
  if (!trialClear([red / 255, green / 255, blue / 255, alpha / 255])) return { isFollowed, rendering: "refused" };
  if (request.isSynced) buffer.sync(fd);
  return { isFollowed, rendering: holdsClear(buffer.bytes, request, format) ? "arrives" : "lost" };
}

process.on("message", (message: TrialMessage) => {
  if (message.kind === "open") process.send?.(open(message));
  else if (memory === null) throw new Error("the driver is not open");
  else process.send?.(run(message, memory));
});
process.on("disconnect", () => process.exit());
forbidCoreFiles();
