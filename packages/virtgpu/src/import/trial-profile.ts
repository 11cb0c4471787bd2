/**
 * What may be assumed of a host without a profile of `virtgpu probe`: one small picture of shared memory is imported, changed afterwards
 * and read through GL. A driver that works on a copy is found here; rules for strides and formats are not.
 */
import { existsSync } from "node:fs";
import { GL, type GlEncoder } from "@virtgpu/core/gl";
import {
  describeProfileDriver,
  fourccCode,
  LENIENT_IMAGES,
  NO_IMPORTS,
  type HostProfile,
  type ImageRules,
  type PinnedRules,
  type UdmabufRules,
} from "@virtgpu/core/memory";
import { addon } from "../native/addon.js";
import { closeFd, createMemfd, Mapping } from "../native/memory.js";
import type { NativeGl } from "../native/native-gl.js";
import type { HeapMemory } from "./heap-memory.js";
import { udmabufRules } from "./udmabuf-rules.js";

const SIDE = 16;
/** Of powers of two, and of 3 and 5: what rules of hosts divide. */
const STRIDE_BYTES = 3840;
const TRIAL_BYTES = 65_536;
const SOFTWARE = /llvmpipe|softpipe|swrast/i;

/** Before any other use of the encoder. */
export function trialProfile(gl: NativeGl, encoder: GlEncoder): HostProfile {
  const driver = driverName(gl);
  const udmabuf = udmabufRules();
  return { ...NO_IMPORTS, driver, udmabuf, images: mayTry(gl) ? tryImages(gl, encoder, udmabuf) : null };
}

/** What a profile must name to be this driver's. */
export function driverName(gl: NativeGl): string {
  return describeProfileDriver(gl.egl.vendor, gl.caps.renderer, gl.caps.versionText);
}

/** Software drivers on a DRM device (kms_swrast) crash in imports: Mesa's surfaceless platform takes the first device it finds. */
function mayTry(gl: NativeGl): boolean {
  const isOnDevice = gl.egl.platform !== "device" && existsSync("/dev/dri");
  if (SOFTWARE.test(gl.caps.renderer) && isOnDevice) return false;
  return /\bEGL_EXT_image_dma_buf_import\b/.test(gl.egl.extensions);
}

/** GL_AMD_pinned_memory names no alignment; drivers that want one refuse. */
function pinnedRules(gl: NativeGl): PinnedRules | null {
  return !gl.caps.isGles && gl.caps.extensions.has("GL_AMD_pinned_memory") ? { addressMultipleBytes: 1 } : null;
}

/** llvmpipe reads and writes blocks of 4 × 4 pixels; its own textures have room for that (tried: docs/zero-copy.md). */
const SOFTWARE_RENDER_BLOCK = { width: 4, height: 4 };

/** What is known of a driver without trying, added to any profile of it. */
export function withDriverFacts(gl: NativeGl, profile: HostProfile): HostProfile {
  const { images } = profile;
  const isSoftware = SOFTWARE.test(gl.caps.renderer);
  return {
    ...profile,
    // A profile may have been probed through GLES, which has no such thing.
    pinned: profile.pinned ?? pinnedRules(gl),
    images: images === null || !isSoftware ? images : { ...images, renderBlock: SOFTWARE_RENDER_BLOCK },
  };
}

/**
 * Tries one import of the heap's memory. A GPU that bounces or refuses what lies anywhere may work in place with what the host allocates
 * for it.
 */
export function withHeapTrial(gl: NativeGl, encoder: GlEncoder, profile: HostProfile, heap: HeapMemory): HostProfile {
  const piece = mayTry(gl) ? heap.create(TRIAL_BYTES) : null;
  if (piece === null) return profile;
  const outcome = tryImage(gl, encoder, piece.fd, piece.segment.bytes);
  piece.release();
  const acceptsHeap = outcome === "works";
  if (profile.images !== null) return { ...profile, images: { ...profile.images, acceptsHeap } };
  if (!acceptsHeap) return profile;
  const images = { ...imageLimits(gl), acceptsUdmabuf: profile.udmabuf === null ? null : false, acceptsHeap };
  return withDriverFacts(gl, { ...profile, images });
}

type Outcome = "works" | "bounces" | "refused";

function imageLimits(gl: NativeGl): ImageRules {
  const { textureSize } = gl.caps.limits;
  // A software driver reads what the processor wrote; of others nothing is known, and the ioctl costs little.
  return {
    ...LENIENT_IMAGES,
    maxWidth: textureSize,
    maxHeight: textureSize,
    isCoherent: SOFTWARE.test(gl.caps.renderer),
  };
}

function tryImages(gl: NativeGl, encoder: GlEncoder, udmabuf: UdmabufRules | null): ImageRules | null {
  const memfd = createMemfd("virtgpu-trial", TRIAL_BYTES);
  const mapping = Mapping.map(memfd, 0, TRIAL_BYTES);
  try {
    const asMemfd = SOFTWARE.test(gl.caps.renderer) ? tryImage(gl, encoder, memfd, mapping.bytes) : "refused";
    const asUdmabuf = udmabuf === null ? null : tryUdmabuf(gl, encoder, memfd, mapping.bytes);
    if (asMemfd === "refused" && (asUdmabuf ?? "refused") === "refused") return null;
    return {
      ...imageLimits(gl),
      acceptsMemfd: asMemfd !== "refused",
      acceptsUdmabuf: asUdmabuf === null ? null : asUdmabuf !== "refused",
      bounces: asMemfd === "bounces" || asUdmabuf === "bounces",
    };
  } finally {
    mapping.release();
    closeFd(memfd);
  }
}

function tryUdmabuf(gl: NativeGl, encoder: GlEncoder, memfd: number, bytes: Uint8Array): Outcome {
  const fd = addon().createDmaBuf(Float64Array.of(memfd, 0, TRIAL_BYTES), 1);
  if (fd < 0) return "refused";
  try {
    return tryImage(gl, encoder, fd, bytes);
  } finally {
    closeFd(fd);
  }
}

function tryImage(gl: NativeGl, encoder: GlEncoder, fd: number, bytes: Uint8Array): Outcome {
  const texture = encoder.names.texture.allocate();
  const framebuffer = encoder.names.framebuffer.allocate();
  const pixels = new Uint8Array(SIDE * SIDE * 4);
  const segment = encoder.registerSegment(pixels);
  bytes.fill(1);
  const image = {
    fd,
    width: SIDE,
    height: SIDE,
    fourcc: fourccCode("AB24"),
    offsetBytes: 0,
    strideBytes: STRIDE_BYTES,
  };
  const result = gl.imports.importTexture(texture, { ...image, rowBytes: SIDE * 4, modifier: null, mustRender: true });
  if (result === 0) {
    encoder.createFramebuffer(framebuffer);
    encoder.bindFramebuffer(GL.READ_FRAMEBUFFER, framebuffer);
    encoder.framebufferTexture2D(GL.READ_FRAMEBUFFER, GL.COLOR_ATTACHMENT0, GL.TEXTURE_2D, texture, 0);
    const read = (): void =>
      encoder.readPixels(0, 0, SIDE, SIDE, GL.RGBA, GL.UNSIGNED_BYTE, SIDE * 4, segment, 0, pixels.length);
    read();
    encoder.flush();
    bytes.fill(2);
    addon().syncDmaBuf(fd, 2);
    read();
    encoder.bindFramebuffer(GL.READ_FRAMEBUFFER, 0);
    encoder.deleteFramebuffer(framebuffer);
    encoder.deleteTexture(texture);
    encoder.flush();
  }
  encoder.unregisterSegment(segment);
  encoder.names.framebuffer.free(framebuffer);
  encoder.names.texture.free(texture);
  if (result !== 0) return "refused";
  return pixels.every((value) => value === 2) ? "works" : "bounces";
}
