// Written by scripts/generate-gl.mjs from gl/ops.ts and Khronos' gl.xml. Do not edit.
import { GlBatch } from "../batch.js";

/** One method per op: stores its words into the batch. `length` is in words of `take`. */
export class GlOpEncoder extends GlBatch {
  /** The index must be free. `glGenBuffers`. */
  createBuffer(buffer: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 1;
    words[at + 1] = buffer;
  }

  /** Frees the index; index 0 is ignored. `glDeleteBuffers`. */
  deleteBuffer(buffer: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 2;
    words[at + 1] = buffer;
  }

  /** The index must be free. `glGenTextures`. */
  createTexture(texture: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 3;
    words[at + 1] = texture;
  }

  /** Frees the index; index 0 is ignored. `glDeleteTextures`. */
  deleteTexture(texture: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 4;
    words[at + 1] = texture;
  }

  /** The index must be free. `glGenSamplers`. */
  createSampler(sampler: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 5;
    words[at + 1] = sampler;
  }

  /** Frees the index; index 0 is ignored. `glDeleteSamplers`. */
  deleteSampler(sampler: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 6;
    words[at + 1] = sampler;
  }

  /** The index must be free. `glGenFramebuffers`. */
  createFramebuffer(framebuffer: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 7;
    words[at + 1] = framebuffer;
  }

  /** Frees the index; index 0 is ignored. `glDeleteFramebuffers`. */
  deleteFramebuffer(framebuffer: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 8;
    words[at + 1] = framebuffer;
  }

  /** The index must be free. `glGenRenderbuffers`. */
  createRenderbuffer(renderbuffer: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 9;
    words[at + 1] = renderbuffer;
  }

  /** Frees the index; index 0 is ignored. `glDeleteRenderbuffers`. */
  deleteRenderbuffer(renderbuffer: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 10;
    words[at + 1] = renderbuffer;
  }

  /** The index must be free. `glGenVertexArrays`. */
  createVertexArray(vertexArray: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 11;
    words[at + 1] = vertexArray;
  }

  /** Frees the index; index 0 is ignored. `glDeleteVertexArrays`. */
  deleteVertexArray(vertexArray: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 12;
    words[at + 1] = vertexArray;
  }

  /** The index must be free. `glGenQueries`. */
  createQuery(query: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 13;
    words[at + 1] = query;
  }

  /** Frees the index; index 0 is ignored. `glDeleteQueries`. */
  deleteQuery(query: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 14;
    words[at + 1] = query;
  }

  /** The index must be free. `glGenTransformFeedbacks`. */
  createTransformFeedback(transformFeedback: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 15;
    words[at + 1] = transformFeedback;
  }

  /** Frees the index; index 0 is ignored. `glDeleteTransformFeedbacks`. */
  deleteTransformFeedback(transformFeedback: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 16;
    words[at + 1] = transformFeedback;
  }

  /** `glEnable`. */
  enable(cap: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 17;
    words[at + 1] = cap;
  }

  /** `glDisable`. */
  disable(cap: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 18;
    words[at + 1] = cap;
  }

  /** `glEnablei`. Since 3.2. */
  enablei(cap: number, index: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 19;
    words[at + 1] = cap;
    words[at + 2] = index;
  }

  /** `glDisablei`. Since 3.2. */
  disablei(cap: number, index: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 20;
    words[at + 1] = cap;
    words[at + 2] = index;
  }

  /** `glViewport`. */
  viewport(x: number, y: number, width: number, height: number): void {
    const at = this.take(5);
    const words = this.words;
    words[at] = 21;
    words[at + 1] = x;
    words[at + 2] = y;
    words[at + 3] = width;
    words[at + 4] = height;
  }

  /** `glViewportIndexedfOES`. Since GL_OES_viewport_array. */
  viewportIndexedf(index: number, x: number, y: number, width: number, height: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 22;
    words[at + 1] = index;
    this.floats[at + 2] = x;
    this.floats[at + 3] = y;
    this.floats[at + 4] = width;
    this.floats[at + 5] = height;
  }

  /** `glScissor`. */
  scissor(x: number, y: number, width: number, height: number): void {
    const at = this.take(5);
    const words = this.words;
    words[at] = 23;
    words[at + 1] = x;
    words[at + 2] = y;
    words[at + 3] = width;
    words[at + 4] = height;
  }

  /** `glScissorIndexedOES`. Since GL_OES_viewport_array. */
  scissorIndexed(index: number, x: number, y: number, width: number, height: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 24;
    words[at + 1] = index;
    words[at + 2] = x;
    words[at + 3] = y;
    words[at + 4] = width;
    words[at + 5] = height;
  }

  /** `glDepthRangef`. */
  depthRangef(near: number, far: number): void {
    const at = this.take(3);
    this.words[at] = 25;
    this.floats[at + 1] = near;
    this.floats[at + 2] = far;
  }

  /** `glDepthFunc`. */
  depthFunc(func: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 26;
    words[at + 1] = func;
  }

  /** `glDepthMask`. */
  depthMask(write: boolean): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 27;
    words[at + 1] = write ? 1 : 0;
  }

  /** `glBlendColor`. */
  blendColor(red: number, green: number, blue: number, alpha: number): void {
    const at = this.take(5);
    this.words[at] = 28;
    this.floats[at + 1] = red;
    this.floats[at + 2] = green;
    this.floats[at + 3] = blue;
    this.floats[at + 4] = alpha;
  }

  /** `glBlendEquation`. */
  blendEquation(mode: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 29;
    words[at + 1] = mode;
  }

  /** `glBlendEquationSeparate`. */
  blendEquationSeparate(rgb: number, alpha: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 30;
    words[at + 1] = rgb;
    words[at + 2] = alpha;
  }

  /** `glBlendEquationSeparatei`. Since 3.2. */
  blendEquationSeparatei(index: number, rgb: number, alpha: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 31;
    words[at + 1] = index;
    words[at + 2] = rgb;
    words[at + 3] = alpha;
  }

  /** `glBlendFuncSeparate`. */
  blendFuncSeparate(srcRgb: number, dstRgb: number, srcAlpha: number, dstAlpha: number): void {
    const at = this.take(5);
    const words = this.words;
    words[at] = 32;
    words[at + 1] = srcRgb;
    words[at + 2] = dstRgb;
    words[at + 3] = srcAlpha;
    words[at + 4] = dstAlpha;
  }

  /** `glBlendFuncSeparatei`. Since 3.2. */
  blendFuncSeparatei(index: number, srcRgb: number, dstRgb: number, srcAlpha: number, dstAlpha: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 33;
    words[at + 1] = index;
    words[at + 2] = srcRgb;
    words[at + 3] = dstRgb;
    words[at + 4] = srcAlpha;
    words[at + 5] = dstAlpha;
  }

  /** `glBlendBarrier`. Since 3.2. */
  blendBarrier(): void {
    const at = this.take(1);
    this.words[at] = 34;
  }

  /** `glColorMask`. */
  colorMask(red: boolean, green: boolean, blue: boolean, alpha: boolean): void {
    const at = this.take(5);
    const words = this.words;
    words[at] = 35;
    words[at + 1] = red ? 1 : 0;
    words[at + 2] = green ? 1 : 0;
    words[at + 3] = blue ? 1 : 0;
    words[at + 4] = alpha ? 1 : 0;
  }

  /** `glColorMaski`. Since 3.2. */
  colorMaski(index: number, red: boolean, green: boolean, blue: boolean, alpha: boolean): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 36;
    words[at + 1] = index;
    words[at + 2] = red ? 1 : 0;
    words[at + 3] = green ? 1 : 0;
    words[at + 4] = blue ? 1 : 0;
    words[at + 5] = alpha ? 1 : 0;
  }

  /** `glCullFace`. */
  cullFace(mode: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 37;
    words[at + 1] = mode;
  }

  /** `glFrontFace`. */
  frontFace(mode: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 38;
    words[at + 1] = mode;
  }

  /** `glLineWidth`. */
  lineWidth(width: number): void {
    const at = this.take(2);
    this.words[at] = 39;
    this.floats[at + 1] = width;
  }

  /** `glPolygonOffset`. */
  polygonOffset(factor: number, units: number): void {
    const at = this.take(3);
    this.words[at] = 40;
    this.floats[at + 1] = factor;
    this.floats[at + 2] = units;
  }

  /** `glPolygonOffsetClampEXT`. Since GL_EXT_polygon_offset_clamp. */
  polygonOffsetClamp(factor: number, units: number, clamp: number): void {
    const at = this.take(4);
    this.words[at] = 41;
    this.floats[at + 1] = factor;
    this.floats[at + 2] = units;
    this.floats[at + 3] = clamp;
  }

  /** `glStencilFuncSeparate`. */
  stencilFuncSeparate(face: number, func: number, ref: number, mask: number): void {
    const at = this.take(5);
    const words = this.words;
    words[at] = 42;
    words[at + 1] = face;
    words[at + 2] = func;
    words[at + 3] = ref;
    words[at + 4] = mask;
  }

  /** `glStencilMaskSeparate`. */
  stencilMaskSeparate(face: number, mask: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 43;
    words[at + 1] = face;
    words[at + 2] = mask;
  }

  /** `glStencilOpSeparate`. */
  stencilOpSeparate(face: number, stencilFail: number, depthFail: number, pass: number): void {
    const at = this.take(5);
    const words = this.words;
    words[at] = 44;
    words[at + 1] = face;
    words[at + 2] = stencilFail;
    words[at + 3] = depthFail;
    words[at + 4] = pass;
  }

  /** `glSampleCoverage`. */
  sampleCoverage(value: number, invert: boolean): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 45;
    this.floats[at + 1] = value;
    words[at + 2] = invert ? 1 : 0;
  }

  /** `glSampleMaski`. Since 3.1. */
  sampleMaski(word: number, mask: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 46;
    words[at + 1] = word;
    words[at + 2] = mask;
  }

  /** `glMinSampleShading`. Since 3.2. */
  minSampleShading(value: number): void {
    const at = this.take(2);
    this.words[at] = 47;
    this.floats[at + 1] = value;
  }

  /** `glHint`. */
  hint(target: number, mode: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 48;
    words[at + 1] = target;
    words[at + 2] = mode;
  }

  /** `glPatchParameteri`. Since 3.2. */
  patchParameteri(pname: number, value: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 49;
    words[at + 1] = pname;
    words[at + 2] = value;
  }

  /** `glClipControlEXT`. Since GL_EXT_clip_control. */
  clipControl(origin: number, depth: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 50;
    words[at + 1] = origin;
    words[at + 2] = depth;
  }

  /** `glBindFramebuffer`. */
  bindFramebuffer(target: number, framebuffer: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 51;
    words[at + 1] = target;
    words[at + 2] = framebuffer;
  }

  /** `glBindRenderbuffer`. */
  bindRenderbuffer(target: number, renderbuffer: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 52;
    words[at + 1] = target;
    words[at + 2] = renderbuffer;
  }

  /** `glFramebufferTexture2D`. */
  framebufferTexture2D(target: number, attachment: number, textarget: number, texture: number, level: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 53;
    words[at + 1] = target;
    words[at + 2] = attachment;
    words[at + 3] = textarget;
    words[at + 4] = texture;
    words[at + 5] = level;
  }

  /** `glFramebufferTextureLayer`. */
  framebufferTextureLayer(target: number, attachment: number, texture: number, level: number, layer: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 54;
    words[at + 1] = target;
    words[at + 2] = attachment;
    words[at + 3] = texture;
    words[at + 4] = level;
    words[at + 5] = layer;
  }

  /** `glFramebufferTexture`. Since 3.2. */
  framebufferTexture(target: number, attachment: number, texture: number, level: number): void {
    const at = this.take(5);
    const words = this.words;
    words[at] = 55;
    words[at + 1] = target;
    words[at + 2] = attachment;
    words[at + 3] = texture;
    words[at + 4] = level;
  }

  /** `glFramebufferTexture2DMultisampleEXT`. Since GL_EXT_multisampled_render_to_texture. */
  framebufferTexture2DMultisample(target: number, attachment: number, textarget: number, texture: number, level: number, samples: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 56;
    words[at + 1] = target;
    words[at + 2] = attachment;
    words[at + 3] = textarget;
    words[at + 4] = texture;
    words[at + 5] = level;
    words[at + 6] = samples;
  }

  /** `glFramebufferRenderbuffer`. */
  framebufferRenderbuffer(target: number, attachment: number, renderbuffertarget: number, renderbuffer: number): void {
    const at = this.take(5);
    const words = this.words;
    words[at] = 57;
    words[at + 1] = target;
    words[at + 2] = attachment;
    words[at + 3] = renderbuffertarget;
    words[at + 4] = renderbuffer;
  }

  /** `glRenderbufferStorage`. */
  renderbufferStorage(target: number, internalformat: number, width: number, height: number): void {
    const at = this.take(5);
    const words = this.words;
    words[at] = 58;
    words[at + 1] = target;
    words[at + 2] = internalformat;
    words[at + 3] = width;
    words[at + 4] = height;
  }

  /** `glRenderbufferStorageMultisample`. */
  renderbufferStorageMultisample(target: number, samples: number, internalformat: number, width: number, height: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 59;
    words[at + 1] = target;
    words[at + 2] = samples;
    words[at + 3] = internalformat;
    words[at + 4] = width;
    words[at + 5] = height;
  }

  /** `glDrawBuffers`. */
  drawBuffers(count: number, buffers0: number, buffers1 = 0, buffers2 = 0, buffers3 = 0, buffers4 = 0, buffers5 = 0, buffers6 = 0, buffers7 = 0): void {
    const at = this.take(10);
    const words = this.words;
    words[at] = 60;
    words[at + 1] = count;
    words[at + 2] = buffers0;
    words[at + 3] = buffers1;
    words[at + 4] = buffers2;
    words[at + 5] = buffers3;
    words[at + 6] = buffers4;
    words[at + 7] = buffers5;
    words[at + 8] = buffers6;
    words[at + 9] = buffers7;
  }

  /** `glReadBuffer`. */
  readBuffer(source: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 61;
    words[at + 1] = source;
  }

  /** `glInvalidateFramebuffer`. */
  invalidateFramebuffer(target: number, count: number, attachments0: number, attachments1 = 0, attachments2 = 0, attachments3 = 0, attachments4 = 0, attachments5 = 0, attachments6 = 0, attachments7 = 0, attachments8 = 0, attachments9 = 0): void {
    const at = this.take(13);
    const words = this.words;
    words[at] = 62;
    words[at + 1] = target;
    words[at + 2] = count;
    words[at + 3] = attachments0;
    words[at + 4] = attachments1;
    words[at + 5] = attachments2;
    words[at + 6] = attachments3;
    words[at + 7] = attachments4;
    words[at + 8] = attachments5;
    words[at + 9] = attachments6;
    words[at + 10] = attachments7;
    words[at + 11] = attachments8;
    words[at + 12] = attachments9;
  }

  /** `glBlitFramebuffer`. */
  blitFramebuffer(srcX0: number, srcY0: number, srcX1: number, srcY1: number, dstX0: number, dstY0: number, dstX1: number, dstY1: number, mask: number, filter: number): void {
    const at = this.take(11);
    const words = this.words;
    words[at] = 63;
    words[at + 1] = srcX0;
    words[at + 2] = srcY0;
    words[at + 3] = srcX1;
    words[at + 4] = srcY1;
    words[at + 5] = dstX0;
    words[at + 6] = dstY0;
    words[at + 7] = dstX1;
    words[at + 8] = dstY1;
    words[at + 9] = mask;
    words[at + 10] = filter;
  }

  /** `glClear`. */
  clear(mask: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 64;
    words[at + 1] = mask;
  }

  /** `glClearColor`. */
  clearColor(red: number, green: number, blue: number, alpha: number): void {
    const at = this.take(5);
    this.words[at] = 65;
    this.floats[at + 1] = red;
    this.floats[at + 2] = green;
    this.floats[at + 3] = blue;
    this.floats[at + 4] = alpha;
  }

  /** `glClearDepthf`. */
  clearDepthf(depth: number): void {
    const at = this.take(2);
    this.words[at] = 66;
    this.floats[at + 1] = depth;
  }

  /** `glClearStencil`. */
  clearStencil(stencil: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 67;
    words[at + 1] = stencil;
  }

  /** `glClearBufferfv`. */
  clearBufferfv(buffer: number, drawbuffer: number, value0: number, value1: number, value2: number, value3: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 68;
    words[at + 1] = buffer;
    words[at + 2] = drawbuffer;
    this.floats[at + 3] = value0;
    this.floats[at + 4] = value1;
    this.floats[at + 5] = value2;
    this.floats[at + 6] = value3;
  }

  /** `glClearBufferiv`. */
  clearBufferiv(buffer: number, drawbuffer: number, value0: number, value1: number, value2: number, value3: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 69;
    words[at + 1] = buffer;
    words[at + 2] = drawbuffer;
    words[at + 3] = value0;
    words[at + 4] = value1;
    words[at + 5] = value2;
    words[at + 6] = value3;
  }

  /** `glClearBufferuiv`. */
  clearBufferuiv(buffer: number, drawbuffer: number, value0: number, value1: number, value2: number, value3: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 70;
    words[at + 1] = buffer;
    words[at + 2] = drawbuffer;
    words[at + 3] = value0;
    words[at + 4] = value1;
    words[at + 5] = value2;
    words[at + 6] = value3;
  }

  /** `glClearBufferfi`. */
  clearBufferfi(buffer: number, drawbuffer: number, depth: number, stencil: number): void {
    const at = this.take(5);
    const words = this.words;
    words[at] = 71;
    words[at + 1] = buffer;
    words[at + 2] = drawbuffer;
    this.floats[at + 3] = depth;
    words[at + 4] = stencil;
  }

  /** Waits. Row y of the rectangle goes to data + (y - y0) * strideBytes; the data must hold every row. Zeros where GL refuses to read. No pack buffer may be bound. */
  readPixels(x: number, y: number, width: number, height: number, format: number, type: number, strideBytes: number, dataSegment: number, dataOffsetBytes: number, dataLengthBytes: number): void {
    const at = this.take(12);
    const words = this.words;
    words[at] = 72;
    words[at + 1] = x;
    words[at + 2] = y;
    words[at + 3] = width;
    words[at + 4] = height;
    words[at + 5] = format;
    words[at + 6] = type;
    words[at + 7] = strideBytes;
    words[at + 8] = dataSegment;
    words[at + 9] = dataOffsetBytes;
    words[at + 10] = dataOffsetBytes / 4294967296;
    words[at + 11] = dataLengthBytes;
  }

  /** `glBindVertexArray`. */
  bindVertexArray(vertexArray: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 73;
    words[at + 1] = vertexArray;
  }

  /** `glEnableVertexAttribArray`. */
  enableVertexAttribArray(index: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 74;
    words[at + 1] = index;
  }

  /** `glDisableVertexAttribArray`. */
  disableVertexAttribArray(index: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 75;
    words[at + 1] = index;
  }

  /** `glVertexAttribPointer`. */
  vertexAttribPointer(index: number, size: number, type: number, normalized: boolean, stride: number, pointer: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 76;
    words[at + 1] = index;
    words[at + 2] = size;
    words[at + 3] = type;
    words[at + 4] = normalized ? 1 : 0;
    words[at + 5] = stride;
    words[at + 6] = pointer;
  }

  /** `glVertexAttribIPointer`. */
  vertexAttribIPointer(index: number, size: number, type: number, stride: number, pointer: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 77;
    words[at + 1] = index;
    words[at + 2] = size;
    words[at + 3] = type;
    words[at + 4] = stride;
    words[at + 5] = pointer;
  }

  /** `glVertexAttribDivisor`. */
  vertexAttribDivisor(index: number, divisor: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 78;
    words[at + 1] = index;
    words[at + 2] = divisor;
  }

  /** `glVertexAttrib4f`. */
  vertexAttrib4f(index: number, x: number, y: number, z: number, w: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 79;
    words[at + 1] = index;
    this.floats[at + 2] = x;
    this.floats[at + 3] = y;
    this.floats[at + 4] = z;
    this.floats[at + 5] = w;
  }

  /** `glVertexAttribI4i`. */
  vertexAttribI4i(index: number, x: number, y: number, z: number, w: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 80;
    words[at + 1] = index;
    words[at + 2] = x;
    words[at + 3] = y;
    words[at + 4] = z;
    words[at + 5] = w;
  }

  /** `glVertexAttribI4ui`. */
  vertexAttribI4ui(index: number, x: number, y: number, z: number, w: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 81;
    words[at + 1] = index;
    words[at + 2] = x;
    words[at + 3] = y;
    words[at + 4] = z;
    words[at + 5] = w;
  }

  /** `glDrawArrays`. */
  drawArrays(mode: number, first: number, count: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 82;
    words[at + 1] = mode;
    words[at + 2] = first;
    words[at + 3] = count;
  }

  /** `glDrawArraysInstanced`. */
  drawArraysInstanced(mode: number, first: number, count: number, instances: number): void {
    const at = this.take(5);
    const words = this.words;
    words[at] = 83;
    words[at + 1] = mode;
    words[at + 2] = first;
    words[at + 3] = count;
    words[at + 4] = instances;
  }

  /** `glDrawArraysInstancedBaseInstanceEXT`. Since GL_EXT_base_instance. */
  drawArraysInstancedBaseInstance(mode: number, first: number, count: number, instances: number, baseInstance: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 84;
    words[at + 1] = mode;
    words[at + 2] = first;
    words[at + 3] = count;
    words[at + 4] = instances;
    words[at + 5] = baseInstance;
  }

  /** `glDrawElements`. */
  drawElements(mode: number, count: number, type: number, indices: number): void {
    const at = this.take(5);
    const words = this.words;
    words[at] = 85;
    words[at + 1] = mode;
    words[at + 2] = count;
    words[at + 3] = type;
    words[at + 4] = indices;
  }

  /** `glDrawRangeElements`. */
  drawRangeElements(mode: number, start: number, end: number, count: number, type: number, indices: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 86;
    words[at + 1] = mode;
    words[at + 2] = start;
    words[at + 3] = end;
    words[at + 4] = count;
    words[at + 5] = type;
    words[at + 6] = indices;
  }

  /** `glDrawElementsInstanced`. */
  drawElementsInstanced(mode: number, count: number, type: number, indices: number, instances: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 87;
    words[at + 1] = mode;
    words[at + 2] = count;
    words[at + 3] = type;
    words[at + 4] = indices;
    words[at + 5] = instances;
  }

  /** `glDrawElementsBaseVertex`. Since 3.2. */
  drawElementsBaseVertex(mode: number, count: number, type: number, indices: number, baseVertex: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 88;
    words[at + 1] = mode;
    words[at + 2] = count;
    words[at + 3] = type;
    words[at + 4] = indices;
    words[at + 5] = baseVertex;
  }

  /** `glDrawElementsInstancedBaseVertex`. Since 3.2. */
  drawElementsInstancedBaseVertex(mode: number, count: number, type: number, indices: number, instances: number, baseVertex: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 89;
    words[at + 1] = mode;
    words[at + 2] = count;
    words[at + 3] = type;
    words[at + 4] = indices;
    words[at + 5] = instances;
    words[at + 6] = baseVertex;
  }

  /** `glDrawElementsInstancedBaseInstanceEXT`. Since GL_EXT_base_instance. */
  drawElementsInstancedBaseInstance(mode: number, count: number, type: number, indices: number, instances: number, baseInstance: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 90;
    words[at + 1] = mode;
    words[at + 2] = count;
    words[at + 3] = type;
    words[at + 4] = indices;
    words[at + 5] = instances;
    words[at + 6] = baseInstance;
  }

  /** `glDrawElementsInstancedBaseVertexBaseInstanceEXT`. Since GL_EXT_base_instance. */
  drawElementsInstancedBaseVertexBaseInstance(mode: number, count: number, type: number, indices: number, instances: number, baseVertex: number, baseInstance: number): void {
    const at = this.take(8);
    const words = this.words;
    words[at] = 91;
    words[at + 1] = mode;
    words[at + 2] = count;
    words[at + 3] = type;
    words[at + 4] = indices;
    words[at + 5] = instances;
    words[at + 6] = baseVertex;
    words[at + 7] = baseInstance;
  }

  /** `glDrawArraysIndirect`. Since 3.1. */
  drawArraysIndirect(mode: number, indirect: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 92;
    words[at + 1] = mode;
    words[at + 2] = indirect;
  }

  /** `glDrawElementsIndirect`. Since 3.1. */
  drawElementsIndirect(mode: number, type: number, indirect: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 93;
    words[at + 1] = mode;
    words[at + 2] = type;
    words[at + 3] = indirect;
  }

  /** `glBeginConditionalRenderNV`. Since GL_NV_conditional_render. */
  beginConditionalRender(query: number, mode: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 94;
    words[at + 1] = query;
    words[at + 2] = mode;
  }

  /** `glEndConditionalRenderNV`. Since GL_NV_conditional_render. */
  endConditionalRender(): void {
    const at = this.take(1);
    this.words[at] = 95;
  }

  /** `glDispatchCompute`. Since 3.1. */
  dispatchCompute(x: number, y: number, z: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 96;
    words[at + 1] = x;
    words[at + 2] = y;
    words[at + 3] = z;
  }

  /** `glDispatchComputeIndirect`. Since 3.1. */
  dispatchComputeIndirect(indirect: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 97;
    words[at + 1] = indirect;
  }

  /** `glMemoryBarrier`. Since 3.1. */
  memoryBarrier(barriers: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 98;
    words[at + 1] = barriers;
  }

  /** `glMemoryBarrierByRegion`. Since 3.1. */
  memoryBarrierByRegion(barriers: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 99;
    words[at + 1] = barriers;
  }

  /** `glTextureBarrierNV`. Since GL_NV_texture_barrier. */
  textureBarrier(): void {
    const at = this.take(1);
    this.words[at] = 100;
  }

  /** `glActiveTexture`. */
  activeTexture(unit: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 101;
    words[at + 1] = unit;
  }

  /** `glBindTexture`. */
  bindTexture(target: number, texture: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 102;
    words[at + 1] = target;
    words[at + 2] = texture;
  }

  /** `glBindSampler`. */
  bindSampler(unit: number, sampler: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 103;
    words[at + 1] = unit;
    words[at + 2] = sampler;
  }

  /** `glBindImageTexture`. Since 3.1. */
  bindImageTexture(unit: number, texture: number, level: number, layered: boolean, layer: number, access: number, format: number): void {
    const at = this.take(8);
    const words = this.words;
    words[at] = 104;
    words[at + 1] = unit;
    words[at + 2] = texture;
    words[at + 3] = level;
    words[at + 4] = layered ? 1 : 0;
    words[at + 5] = layer;
    words[at + 6] = access;
    words[at + 7] = format;
  }

  /** `glTexStorage2D`. */
  texStorage2D(target: number, levels: number, internalformat: number, width: number, height: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 105;
    words[at + 1] = target;
    words[at + 2] = levels;
    words[at + 3] = internalformat;
    words[at + 4] = width;
    words[at + 5] = height;
  }

  /** `glTexStorage3D`. */
  texStorage3D(target: number, levels: number, internalformat: number, width: number, height: number, depth: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 106;
    words[at + 1] = target;
    words[at + 2] = levels;
    words[at + 3] = internalformat;
    words[at + 4] = width;
    words[at + 5] = height;
    words[at + 6] = depth;
  }

  /** `glTexStorage2DMultisample`. Since 3.1. */
  texStorage2DMultisample(target: number, samples: number, internalformat: number, width: number, height: number, fixed: boolean): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 107;
    words[at + 1] = target;
    words[at + 2] = samples;
    words[at + 3] = internalformat;
    words[at + 4] = width;
    words[at + 5] = height;
    words[at + 6] = fixed ? 1 : 0;
  }

  /** `glTexStorage3DMultisample`. Since 3.2. */
  texStorage3DMultisample(target: number, samples: number, internalformat: number, width: number, height: number, depth: number, fixed: boolean): void {
    const at = this.take(8);
    const words = this.words;
    words[at] = 108;
    words[at + 1] = target;
    words[at + 2] = samples;
    words[at + 3] = internalformat;
    words[at + 4] = width;
    words[at + 5] = height;
    words[at + 6] = depth;
    words[at + 7] = fixed ? 1 : 0;
  }

  /** `glTextureViewOES`. Since GL_OES_texture_view. */
  textureView(texture: number, target: number, origin: number, internalformat: number, minLevel: number, levels: number, minLayer: number, layers: number): void {
    const at = this.take(9);
    const words = this.words;
    words[at] = 109;
    words[at + 1] = texture;
    words[at + 2] = target;
    words[at + 3] = origin;
    words[at + 4] = internalformat;
    words[at + 5] = minLevel;
    words[at + 6] = levels;
    words[at + 7] = minLayer;
    words[at + 8] = layers;
  }

  /** `glTexBuffer`. Since 3.2. */
  texBuffer(target: number, internalformat: number, buffer: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 110;
    words[at + 1] = target;
    words[at + 2] = internalformat;
    words[at + 3] = buffer;
  }

  /** `glTexBufferRange`. Since 3.2. */
  texBufferRange(target: number, internalformat: number, buffer: number, offset: number, size: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 111;
    words[at + 1] = target;
    words[at + 2] = internalformat;
    words[at + 3] = buffer;
    words[at + 4] = offset;
    words[at + 5] = size;
  }

  /** `glTexParameteri`. */
  texParameteri(target: number, pname: number, value: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 112;
    words[at + 1] = target;
    words[at + 2] = pname;
    words[at + 3] = value;
  }

  /** `glTexParameterf`. */
  texParameterf(target: number, pname: number, value: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 113;
    words[at + 1] = target;
    words[at + 2] = pname;
    this.floats[at + 3] = value;
  }

  /** `glTexParameteriv`. */
  texParameteriv(target: number, pname: number, value0: number, value1: number, value2: number, value3: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 114;
    words[at + 1] = target;
    words[at + 2] = pname;
    words[at + 3] = value0;
    words[at + 4] = value1;
    words[at + 5] = value2;
    words[at + 6] = value3;
  }

  /** `glTexParameterfv`. */
  texParameterfv(target: number, pname: number, value0: number, value1: number, value2: number, value3: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 115;
    words[at + 1] = target;
    words[at + 2] = pname;
    this.floats[at + 3] = value0;
    this.floats[at + 4] = value1;
    this.floats[at + 5] = value2;
    this.floats[at + 6] = value3;
  }

  /** `glSamplerParameteri`. */
  samplerParameteri(sampler: number, pname: number, value: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 116;
    words[at + 1] = sampler;
    words[at + 2] = pname;
    words[at + 3] = value;
  }

  /** `glSamplerParameterf`. */
  samplerParameterf(sampler: number, pname: number, value: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 117;
    words[at + 1] = sampler;
    words[at + 2] = pname;
    this.floats[at + 3] = value;
  }

  /** `glSamplerParameterfv`. */
  samplerParameterfv(sampler: number, pname: number, value0: number, value1: number, value2: number, value3: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 118;
    words[at + 1] = sampler;
    words[at + 2] = pname;
    this.floats[at + 3] = value0;
    this.floats[at + 4] = value1;
    this.floats[at + 5] = value2;
    this.floats[at + 6] = value3;
  }

  /** `glSamplerParameterIiv`. Since 3.2. */
  samplerParameterIiv(sampler: number, pname: number, value0: number, value1: number, value2: number, value3: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 119;
    words[at + 1] = sampler;
    words[at + 2] = pname;
    words[at + 3] = value0;
    words[at + 4] = value1;
    words[at + 5] = value2;
    words[at + 6] = value3;
  }

  /** `glSamplerParameterIuiv`. Since 3.2. */
  samplerParameterIuiv(sampler: number, pname: number, value0: number, value1: number, value2: number, value3: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 120;
    words[at + 1] = sampler;
    words[at + 2] = pname;
    words[at + 3] = value0;
    words[at + 4] = value1;
    words[at + 5] = value2;
    words[at + 6] = value3;
  }

  /** `glCopyTexSubImage2D`. */
  copyTexSubImage2D(target: number, level: number, xoffset: number, yoffset: number, x: number, y: number, width: number, height: number): void {
    const at = this.take(9);
    const words = this.words;
    words[at] = 121;
    words[at + 1] = target;
    words[at + 2] = level;
    words[at + 3] = xoffset;
    words[at + 4] = yoffset;
    words[at + 5] = x;
    words[at + 6] = y;
    words[at + 7] = width;
    words[at + 8] = height;
  }

  /** `glCopyTexSubImage3D`. */
  copyTexSubImage3D(target: number, level: number, xoffset: number, yoffset: number, zoffset: number, x: number, y: number, width: number, height: number): void {
    const at = this.take(10);
    const words = this.words;
    words[at] = 122;
    words[at + 1] = target;
    words[at + 2] = level;
    words[at + 3] = xoffset;
    words[at + 4] = yoffset;
    words[at + 5] = zoffset;
    words[at + 6] = x;
    words[at + 7] = y;
    words[at + 8] = width;
    words[at + 9] = height;
  }

  /** glCopyImageSubData between two textures. `glCopyImageSubData`. Since 3.2. */
  copyTextureSubData(src: number, srcTarget: number, srcLevel: number, srcX: number, srcY: number, srcZ: number, dst: number, dstTarget: number, dstLevel: number, dstX: number, dstY: number, dstZ: number, width: number, height: number, depth: number): void {
    const at = this.take(16);
    const words = this.words;
    words[at] = 123;
    words[at + 1] = src;
    words[at + 2] = srcTarget;
    words[at + 3] = srcLevel;
    words[at + 4] = srcX;
    words[at + 5] = srcY;
    words[at + 6] = srcZ;
    words[at + 7] = dst;
    words[at + 8] = dstTarget;
    words[at + 9] = dstLevel;
    words[at + 10] = dstX;
    words[at + 11] = dstY;
    words[at + 12] = dstZ;
    words[at + 13] = width;
    words[at + 14] = height;
    words[at + 15] = depth;
  }

  /** glCopyImageSubData between two renderbuffers. `glCopyImageSubData`. Since 3.2. */
  copyRenderbufferSubData(src: number, srcTarget: number, srcLevel: number, srcX: number, srcY: number, srcZ: number, dst: number, dstTarget: number, dstLevel: number, dstX: number, dstY: number, dstZ: number, width: number, height: number, depth: number): void {
    const at = this.take(16);
    const words = this.words;
    words[at] = 124;
    words[at + 1] = src;
    words[at + 2] = srcTarget;
    words[at + 3] = srcLevel;
    words[at + 4] = srcX;
    words[at + 5] = srcY;
    words[at + 6] = srcZ;
    words[at + 7] = dst;
    words[at + 8] = dstTarget;
    words[at + 9] = dstLevel;
    words[at + 10] = dstX;
    words[at + 11] = dstY;
    words[at + 12] = dstZ;
    words[at + 13] = width;
    words[at + 14] = height;
    words[at + 15] = depth;
  }

  /** Row y is at data + y * strideBytes (0: tight); the data must hold every row. The addon owns the pixel store state; no unpack buffer may be bound. */
  texSubImage2D(target: number, level: number, x: number, y: number, width: number, height: number, format: number, type: number, strideBytes: number, dataSegment: number, dataOffsetBytes: number, dataLengthBytes: number): void {
    const at = this.take(14);
    const words = this.words;
    words[at] = 125;
    words[at + 1] = target;
    words[at + 2] = level;
    words[at + 3] = x;
    words[at + 4] = y;
    words[at + 5] = width;
    words[at + 6] = height;
    words[at + 7] = format;
    words[at + 8] = type;
    words[at + 9] = strideBytes;
    words[at + 10] = dataSegment;
    words[at + 11] = dataOffsetBytes;
    words[at + 12] = dataOffsetBytes / 4294967296;
    words[at + 13] = dataLengthBytes;
  }

  /** As texSubImage2D; layer z is at data + z * layerStrideBytes (0: tight). */
  texSubImage3D(target: number, level: number, x: number, y: number, z: number, width: number, height: number, depth: number, format: number, type: number, strideBytes: number, layerStrideBytes: number, dataSegment: number, dataOffsetBytes: number, dataLengthBytes: number): void {
    const at = this.take(17);
    const words = this.words;
    words[at] = 126;
    words[at + 1] = target;
    words[at + 2] = level;
    words[at + 3] = x;
    words[at + 4] = y;
    words[at + 5] = z;
    words[at + 6] = width;
    words[at + 7] = height;
    words[at + 8] = depth;
    words[at + 9] = format;
    words[at + 10] = type;
    words[at + 11] = strideBytes;
    words[at + 12] = layerStrideBytes;
    words[at + 13] = dataSegment;
    words[at + 14] = dataOffsetBytes;
    words[at + 15] = dataOffsetBytes / 4294967296;
    words[at + 16] = dataLengthBytes;
  }

  /** Row of blocks r is at data + r * strideBytes (0: tight); rows that are not tight go up one by one. */
  compressedTexSubImage2D(target: number, level: number, x: number, y: number, width: number, height: number, format: number, blockWidth: number, blockHeight: number, blockBytes: number, strideBytes: number, dataSegment: number, dataOffsetBytes: number, dataLengthBytes: number): void {
    const at = this.take(16);
    const words = this.words;
    words[at] = 127;
    words[at + 1] = target;
    words[at + 2] = level;
    words[at + 3] = x;
    words[at + 4] = y;
    words[at + 5] = width;
    words[at + 6] = height;
    words[at + 7] = format;
    words[at + 8] = blockWidth;
    words[at + 9] = blockHeight;
    words[at + 10] = blockBytes;
    words[at + 11] = strideBytes;
    words[at + 12] = dataSegment;
    words[at + 13] = dataOffsetBytes;
    words[at + 14] = dataOffsetBytes / 4294967296;
    words[at + 15] = dataLengthBytes;
  }

  /** As compressedTexSubImage2D, layer by layer. */
  compressedTexSubImage3D(target: number, level: number, x: number, y: number, z: number, width: number, height: number, depth: number, format: number, blockWidth: number, blockHeight: number, blockBytes: number, strideBytes: number, layerStrideBytes: number, dataSegment: number, dataOffsetBytes: number, dataLengthBytes: number): void {
    const at = this.take(19);
    const words = this.words;
    words[at] = 128;
    words[at + 1] = target;
    words[at + 2] = level;
    words[at + 3] = x;
    words[at + 4] = y;
    words[at + 5] = z;
    words[at + 6] = width;
    words[at + 7] = height;
    words[at + 8] = depth;
    words[at + 9] = format;
    words[at + 10] = blockWidth;
    words[at + 11] = blockHeight;
    words[at + 12] = blockBytes;
    words[at + 13] = strideBytes;
    words[at + 14] = layerStrideBytes;
    words[at + 15] = dataSegment;
    words[at + 16] = dataOffsetBytes;
    words[at + 17] = dataOffsetBytes / 4294967296;
    words[at + 18] = dataLengthBytes;
  }

  /** `glBindBuffer`. */
  bindBuffer(target: number, buffer: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 129;
    words[at + 1] = target;
    words[at + 2] = buffer;
  }

  /** `glBindBufferBase`. */
  bindBufferBase(target: number, index: number, buffer: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 130;
    words[at + 1] = target;
    words[at + 2] = index;
    words[at + 3] = buffer;
  }

  /** `glBindBufferRange`. */
  bindBufferRange(target: number, index: number, buffer: number, offset: number, size: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 131;
    words[at + 1] = target;
    words[at + 2] = index;
    words[at + 3] = buffer;
    words[at + 4] = offset;
    words[at + 5] = size;
  }

  /** `glCopyBufferSubData`. */
  copyBufferSubData(readTarget: number, writeTarget: number, readOffset: number, writeOffset: number, size: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 132;
    words[at + 1] = readTarget;
    words[at + 2] = writeTarget;
    words[at + 3] = readOffset;
    words[at + 4] = writeOffset;
    words[at + 5] = size;
  }

  /** glBufferData: new storage holding the data. */
  bufferData(target: number, usage: number, dataSegment: number, dataOffsetBytes: number, dataLengthBytes: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 133;
    words[at + 1] = target;
    words[at + 2] = usage;
    words[at + 3] = dataSegment;
    words[at + 4] = dataOffsetBytes;
    words[at + 5] = dataOffsetBytes / 4294967296;
    words[at + 6] = dataLengthBytes;
  }

  /** glBufferSubData of the whole data. */
  bufferSubData(target: number, dstOffset: number, dataSegment: number, dataOffsetBytes: number, dataLengthBytes: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 134;
    words[at + 1] = target;
    words[at + 2] = dstOffset;
    words[at + 3] = dataSegment;
    words[at + 4] = dataOffsetBytes;
    words[at + 5] = dataOffsetBytes / 4294967296;
    words[at + 6] = dataLengthBytes;
  }

  /** glBufferData with zeros: new storage that shows nobody's bytes. */
  bufferZeros(target: number, sizeBytes: number, usage: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 135;
    words[at + 1] = target;
    words[at + 2] = sizeBytes;
    words[at + 3] = usage;
  }

  /** Waits. Copies a range of the bound buffer into the data; zeros where GL refuses. */
  getBufferSubData(target: number, srcOffset: number, dataSegment: number, dataOffsetBytes: number, dataLengthBytes: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 136;
    words[at + 1] = target;
    words[at + 2] = srcOffset;
    words[at + 3] = dataSegment;
    words[at + 4] = dataOffsetBytes;
    words[at + 5] = dataOffsetBytes / 4294967296;
    words[at + 6] = dataLengthBytes;
  }

  /** memcpy between segments, in order with the other ops: gathers scattered guest pages, scatters read-backs. The lengths must be equal. */
  copyBytes(dstSegment: number, dstOffsetBytes: number, dstLengthBytes: number, srcSegment: number, srcOffsetBytes: number, srcLengthBytes: number): void {
    const at = this.take(9);
    const words = this.words;
    words[at] = 137;
    words[at + 1] = dstSegment;
    words[at + 2] = dstOffsetBytes;
    words[at + 3] = dstOffsetBytes / 4294967296;
    words[at + 4] = dstLengthBytes;
    words[at + 5] = srcSegment;
    words[at + 6] = srcOffsetBytes;
    words[at + 7] = srcOffsetBytes / 4294967296;
    words[at + 8] = srcLengthBytes;
  }

  /** glBindBufferRange of this batch's uniform ring to a uniform block binding. Void after the batch: see GlEncoder.batchId. */
  bindUniformRing(slot: number, ringOffsetBytes: number, sizeBytes: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 138;
    words[at + 1] = slot;
    words[at + 2] = ringOffsetBytes;
    words[at + 3] = sizeBytes;
  }

  /** Use GlEncoder.linkProgram, which builds the data. */
  linkProgramData(program: number, dataSegment: number, dataOffsetBytes: number, dataLengthBytes: number): void {
    const at = this.take(6);
    const words = this.words;
    words[at] = 139;
    words[at + 1] = program;
    words[at + 2] = dataSegment;
    words[at + 3] = dataOffsetBytes;
    words[at + 4] = dataOffsetBytes / 4294967296;
    words[at + 5] = dataLengthBytes;
  }

  /** Frees the index; index 0 is ignored. */
  deleteProgram(program: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 140;
    words[at + 1] = program;
  }

  /** `glUseProgram`. */
  useProgram(program: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 141;
    words[at + 1] = program;
  }

  /** vec4 array at a uniform slot of linkProgram; the program must be in use. The data holds count * 16 bytes. */
  uniform4fv(program: number, slot: number, count: number, dataSegment: number, dataOffsetBytes: number, dataLengthBytes: number): void {
    const at = this.take(8);
    const words = this.words;
    words[at] = 142;
    words[at + 1] = program;
    words[at + 2] = slot;
    words[at + 3] = count;
    words[at + 4] = dataSegment;
    words[at + 5] = dataOffsetBytes;
    words[at + 6] = dataOffsetBytes / 4294967296;
    words[at + 7] = dataLengthBytes;
  }

  /** As uniform4fv, for uvec4. */
  uniform4uiv(program: number, slot: number, count: number, dataSegment: number, dataOffsetBytes: number, dataLengthBytes: number): void {
    const at = this.take(8);
    const words = this.words;
    words[at] = 143;
    words[at + 1] = program;
    words[at + 2] = slot;
    words[at + 3] = count;
    words[at + 4] = dataSegment;
    words[at + 5] = dataOffsetBytes;
    words[at + 6] = dataOffsetBytes / 4294967296;
    words[at + 7] = dataLengthBytes;
  }

  /** One vec4 at a uniform slot of linkProgram; the program must be in use. */
  uniform4f(program: number, slot: number, x: number, y: number, z: number, w: number): void {
    const at = this.take(7);
    const words = this.words;
    words[at] = 144;
    words[at + 1] = program;
    words[at + 2] = slot;
    this.floats[at + 3] = x;
    this.floats[at + 4] = y;
    this.floats[at + 5] = z;
    this.floats[at + 6] = w;
  }

  /** One int at a uniform slot of linkProgram; the program must be in use. */
  uniform1i(program: number, slot: number, value: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 145;
    words[at + 1] = program;
    words[at + 2] = slot;
    words[at + 3] = value;
  }

  /** `glBeginQuery`. */
  beginQuery(target: number, query: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 146;
    words[at + 1] = target;
    words[at + 2] = query;
  }

  /** `glEndQuery`. */
  endQuery(target: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 147;
    words[at + 1] = target;
  }

  /** `glQueryCounterEXT`. Since GL_EXT_disjoint_timer_query. */
  queryCounter(query: number, target: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 148;
    words[at + 1] = query;
    words[at + 2] = target;
  }

  /** Asks for the result: a QUERY completion carries the ticket and 64 bits once it is available. The query must not begin again before. */
  queryResult(query: number, ticket: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 149;
    words[at + 1] = query;
    words[at + 2] = ticket;
  }

  /** `glBindTransformFeedback`. */
  bindTransformFeedback(target: number, transformFeedback: number): void {
    const at = this.take(3);
    const words = this.words;
    words[at] = 150;
    words[at + 1] = target;
    words[at + 2] = transformFeedback;
  }

  /** Begins the bound object with the program in use, unless that did not link: then nothing is captured until its end. */
  beginTransformFeedback(transformFeedback: number, program: number, mode: number): void {
    const at = this.take(4);
    const words = this.words;
    words[at] = 151;
    words[at + 1] = transformFeedback;
    words[at + 2] = program;
    words[at + 3] = mode;
  }

  /** Of the bound object, if it began. */
  endTransformFeedback(transformFeedback: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 152;
    words[at + 1] = transformFeedback;
  }

  /** Of the bound object, if it began. */
  pauseTransformFeedback(transformFeedback: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 153;
    words[at + 1] = transformFeedback;
  }

  /** Of the bound object, if it began. */
  resumeTransformFeedback(transformFeedback: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 154;
    words[at + 1] = transformFeedback;
  }

  /** A FENCE completion carries the id, and 64 bits of nanoseconds (CLOCK_MONOTONIC; 0: no clock), when everything before is done on the GPU; the fence eventfd becomes readable. */
  fence(id: number): void {
    const at = this.take(2);
    const words = this.words;
    words[at] = 155;
    words[at + 1] = id;
  }

  /** glFlush behind the batch, with a sync object that a wait for all work can use. */
  flushDriver(): void {
    const at = this.take(1);
    this.words[at] = 156;
  }

  /** glFinish. For tests and teardown. */
  finishDriver(): void {
    const at = this.take(1);
    this.words[at] = 157;
  }
}
