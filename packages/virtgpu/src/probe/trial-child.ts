/** The process in which imports are tried: the driver may crash in it. Answers one message after the other. */
import { HostError } from "@virtgpu/core/base";
import { fourccCode } from "@virtgpu/core/memory";
import { addon } from "../native/addon.js";
import { openEgl } from "../native/egl.js";
import {
  displayDevice,
  driverFormats,
  forbidCoreFiles,
  pageFrames,
  trialClear,
  trialImport,
  trialMemoryObject,
  trialPin,
  trialRelease,
  trialSample,
  trialSampleCost,
} from "../native/trial.js";
import { trialFormat, type TrialFormat } from "./trial-format.js";
import type {
  MeasureAnswer,
  MeasureRequest,
  MemoryObjectAnswer,
  MemoryObjectRequest,
  OpenAnswer,
  OpenRequest,
  PinAnswer,
  PinRequest,
  ReachAnswer,
  ReachRequest,
  ReachSample,
  TrialAnswer,
  TrialMessage,
  TrialRequest,
} from "./trial-messages.js";
import { CLEAR_COLOUR, endOfPicture, holdsClear, showsPicture, writePicture } from "./trial-picture.js";
import { TRIAL_MEMORY_BYTES, TrialBuffer } from "./trial-buffer.js";

const GL_MAX_TEXTURE_SIZE = 0x0d33;
const GL_RENDERER = 0x1f01;
const GL_VERSION = 0x1f02;
const PINNED_BYTES = 4096;
/** A whole page of hosts with large ones. */
const MEMORY_OBJECT_BYTES = 65_536;

let memory: TrialBuffer | null = null;
let seed = 0;

const NOTHING: OpenAnswer = {
  vendor: "",
  renderer: "",
  version: "",
  extensions: "",
  clientApis: "",
  hasPinnedMemory: false,
  hasMemoryObjects: false,
  maxTextureSize: 0,
  formats: null,
  device: null,
};

function open(request: OpenRequest): OpenAnswer {
  const { platform, software, api, renderNode } = request;
  try {
    const egl = openEgl({ platform, software, api, ...(renderNode === undefined ? {} : { renderNode }) });
    memory = TrialBuffer.create(TRIAL_MEMORY_BYTES);
    return {
      vendor: egl.vendor,
      renderer: addon().glText(GL_RENDERER),
      version: addon().glText(GL_VERSION),
      extensions: egl.extensions,
      clientApis: egl.clientApis,
      hasPinnedMemory: addon().glExtensions().includes("GL_AMD_pinned_memory"),
      hasMemoryObjects: addon().glExtensions().includes("GL_EXT_memory_object_fd"),
      maxTextureSize: addon().glInteger(GL_MAX_TEXTURE_SIZE, 0),
      formats: driverFormats(),
      device: displayDevice(),
    };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const { code, message, cure } = error;
    return { ...NOTHING, failure: cure === undefined ? { code, message } : { code, message, cure } };
  }
}

/** Imports a picture, looks at it, and lets it go. @returns what was seen, or the error of the import */
function importing<T>(request: TrialRequest, buffer: TrialBuffer, look: (fd: number) => T): T | ImportRefusal {
  const format = trialFormat(request.format);
  const end = endOfPicture(request, format);
  if (end > buffer.bytes.length) throw new Error("the picture is larger than the memory");
  writePicture(buffer.bytes, request, format, ++seed);
  const fd = buffer.descriptor(request.memory, end);
  if (fd < 0) return { error: fd };
  if (request.isSynced) buffer.sync(fd);
  const { width, height, offsetBytes, strideBytes, modifier } = request;
  const picture = { fd, width, height, fourcc: fourccCode(request.format), offsetBytes, strideBytes };
  const error = trialImport(modifier === undefined ? picture : { ...picture, modifier });
  try {
    return error === 0 ? look(fd) : { error };
  } finally {
    trialRelease();
    buffer.close(fd);
  }
}

interface ImportRefusal {
  readonly error: number;
}

function run(request: TrialRequest, buffer: TrialBuffer): TrialAnswer {
  const format = trialFormat(request.format);
  const none = { isRight: false, isFollowed: null, rendering: null };
  const seen = importing(request, buffer, (fd) => {
    const isRight = isShown(request, format);
    const deeper = request.isThorough ? lookDeeper(request, format, buffer, fd) : none;
    return { ...none, ...deeper, error: 0, isRight };
  });
  return { ...none, ...seen };
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

/** Memory of its own for every piece; all of it lives to the end, so that no page is looked at twice. */
function reach({ picture, pieces }: ReachRequest): ReachAnswer {
  const sizeBytes = endOfPicture(picture, trialFormat(picture.format));
  const buffers = Array.from({ length: pieces }, () => TrialBuffer.create(sizeBytes));
  const samples = buffers.map((buffer): ReachSample => {
    const { error, isRight, isFollowed, rendering } = run(picture, buffer);
    const frames = pageFrames(buffer.fd, 0, sizeBytes);
    const isKnown = frames !== null && frames.unknownPages === 0;
    const works = error === 0 && isRight && isFollowed === true && rendering !== "lost";
    return { highestAddress: isKnown ? frames.highestAddress : null, works };
  });
  for (const buffer of buffers) buffer.release();
  return { samples };
}

function measure({ picture, rounds }: MeasureRequest, buffer: TrialBuffer): MeasureAnswer {
  const ratio = importing(picture, buffer, () => trialSampleCost(picture.width, picture.height, rounds));
  return { ratio: typeof ratio === "object" && ratio !== null ? null : ratio };
}

function pin({ offsetBytes }: PinRequest, buffer: TrialBuffer): PinAnswer {
  return { isTaken: trialPin(buffer.bytes, offsetBytes, PINNED_BYTES) };
}

function memoryObject({ isSynced }: MemoryObjectRequest, buffer: TrialBuffer): MemoryObjectAnswer {
  const fd = buffer.descriptor("udmabuf", MEMORY_OBJECT_BYTES);
  if (fd < 0) throw new Error(`no udmabuf (errno ${-fd})`);
  try {
    return { result: trialMemoryObject(buffer.bytes, MEMORY_OBJECT_BYTES, fd, isSynced) };
  } finally {
    buffer.close(fd);
  }
}

function answer(message: TrialMessage): object {
  if (message.kind === "open") return open(message);
  if (memory === null) throw new Error("the driver is not open");
  switch (message.kind) {
    case "trial":
      return run(message, memory);
    case "pin":
      return pin(message, memory);
    case "memory-object":
      return memoryObject(message, memory);
    case "reach":
      return reach(message);
    case "measure":
      return measure(message, memory);
  }
}

process.on("message", (message: TrialMessage) => process.send?.(answer(message)));
process.on("disconnect", () => process.exit());
forbidCoreFiles();
