/**
 * THE table of GL operations: one row per op that the renderer may encode. `scripts/generate-gl.mjs` makes from it the encoder,
 * the words-to-text decoder and the C replay switch, so nothing about an op is written twice. Append rows and run
 * `npm run generate:gl`. This file imports nothing: the generator loads it by itself.
 *
 * A row's arguments are `name:kind` pairs. Kinds:
 * - `i32` `u32` `f32` `enum` `bool`: one word;
 * - `offset`: one word, a byte offset that GL takes as a pointer;
 * - an object kind (`GL_OBJECT_KINDS`): one word, a dense index chosen by TypeScript; 0 is GL's name 0;
 * - `KINDxN` (`f32x4`): N words, which GL takes as a pointer to N values;
 * - `data`: (segment id, offset in bytes, length in bytes), checked in C against the registered segment.
 *
 * Argument order of a `plain` row is that of its GL entry point.
 */

/** Kinds of objects with GL names. The order is the index of the name table in the addon. */
export const GL_OBJECT_KINDS = [
  "buffer",
  "texture",
  "sampler",
  "program",
  "framebuffer",
  "renderbuffer",
  "vertexArray",
  "query",
  "transformFeedback",
] as const;

/** One of `GL_OBJECT_KINDS`. */
export type GlObjectKind = (typeof GL_OBJECT_KINDS)[number];

/** `plain`: one GL entry point. `create` and `delete`: GL names. `composite`: written by hand in `addon/gl-composite.c` as `gl_op_NAME`. */
export type GlOpForm = "plain" | "create" | "delete" | "composite";

/** One op: what the encoder offers, the words hold and the replay does. */
export interface GlOpRow {
  readonly name: string;
  readonly form: GlOpForm;
  /** `name:kind`, separated by spaces. */
  readonly args: string;
  /** GL entry points, separated by `|`: the first that the driver has is used. Empty for composites. */
  readonly entry: string;
  /** The first GLES version in core (`3.0`), or the extensions that bring it. */
  readonly since: string;
  /** Why the op differs from its GL entry point; empty when it does not. */
  readonly doc: string;
}

/** A row that is one GL entry point; `entry` defaults to `gl` + the capitalised name. */
function plain(name: string, args: string, since = "3.0", entry = ""): GlOpRow {
  const fallback = `gl${name[0]!.toUpperCase()}${name.slice(1)}`;
  return { name, form: "plain", args, entry: entry === "" ? fallback : entry, since, doc: "" };
}

function composite(name: string, args: string, doc: string, since = "3.0"): GlOpRow {
  return { name, form: "composite", args, entry: "", since, doc };
}

/** The pair of rows that creates and deletes the GL name behind an index. */
function object(kind: GlObjectKind, stem: string, gen: string, remove: string, since = "3.0"): GlOpRow[] {
  return [
    {
      name: `create${stem}`,
      form: "create",
      args: `${kind}:${kind}`,
      entry: gen,
      since,
      doc: "The index must be free.",
    },
    {
      name: `delete${stem}`,
      form: "delete",
      args: `${kind}:${kind}`,
      entry: remove,
      since,
      doc: "Frees the index; index 0 is ignored.",
    },
  ];
}

const COPY_IMAGE = "glCopyImageSubData|glCopyImageSubDataOES|glCopyImageSubDataEXT";

const objects: readonly GlOpRow[] = [
  ...object("buffer", "Buffer", "glGenBuffers", "glDeleteBuffers"),
  ...object("texture", "Texture", "glGenTextures", "glDeleteTextures"),
  ...object("sampler", "Sampler", "glGenSamplers", "glDeleteSamplers"),
  ...object("framebuffer", "Framebuffer", "glGenFramebuffers", "glDeleteFramebuffers"),
  ...object("renderbuffer", "Renderbuffer", "glGenRenderbuffers", "glDeleteRenderbuffers"),
  ...object("vertexArray", "VertexArray", "glGenVertexArrays", "glDeleteVertexArrays"),
  ...object("query", "Query", "glGenQueries", "glDeleteQueries"),
  ...object("transformFeedback", "TransformFeedback", "glGenTransformFeedbacks", "glDeleteTransformFeedbacks"),
];

const state: readonly GlOpRow[] = [
  plain("enable", "cap:enum"),
  plain("disable", "cap:enum"),
  plain("enablei", "cap:enum index:u32", "3.2", "glEnablei|glEnableiOES|glEnableiEXT"),
  plain("disablei", "cap:enum index:u32", "3.2", "glDisablei|glDisableiOES|glDisableiEXT"),
  plain("viewport", "x:i32 y:i32 width:i32 height:i32"),
  plain(
    "viewportIndexedf",
    "index:u32 x:f32 y:f32 width:f32 height:f32",
    "GL_OES_viewport_array",
    "glViewportIndexedfOES|glViewportIndexedf",
  ),
  plain("scissor", "x:i32 y:i32 width:i32 height:i32"),
  plain(
    "scissorIndexed",
    "index:u32 x:i32 y:i32 width:i32 height:i32",
    "GL_OES_viewport_array",
    "glScissorIndexedOES|glScissorIndexed",
  ),
  plain("depthRangef", "near:f32 far:f32"),
  plain("depthFunc", "func:enum"),
  plain("depthMask", "write:bool"),
  plain("blendColor", "red:f32 green:f32 blue:f32 alpha:f32"),
  plain("blendEquation", "mode:enum"),
  plain("blendEquationSeparate", "rgb:enum alpha:enum"),
  plain(
    "blendEquationSeparatei",
    "index:u32 rgb:enum alpha:enum",
    "3.2",
    "glBlendEquationSeparatei|glBlendEquationSeparateiOES|glBlendEquationSeparateiEXT",
  ),
  plain("blendFuncSeparate", "srcRgb:enum dstRgb:enum srcAlpha:enum dstAlpha:enum"),
  plain(
    "blendFuncSeparatei",
    "index:u32 srcRgb:enum dstRgb:enum srcAlpha:enum dstAlpha:enum",
    "3.2",
    "glBlendFuncSeparatei|glBlendFuncSeparateiOES|glBlendFuncSeparateiEXT",
  ),
  plain("blendBarrier", "", "3.2", "glBlendBarrier|glBlendBarrierKHR"),
  plain("colorMask", "red:bool green:bool blue:bool alpha:bool"),
  plain(
    "colorMaski",
    "index:u32 red:bool green:bool blue:bool alpha:bool",
    "3.2",
    "glColorMaski|glColorMaskiOES|glColorMaskiEXT",
  ),
  plain("cullFace", "mode:enum"),
  plain("frontFace", "mode:enum"),
  plain("lineWidth", "width:f32"),
  plain("polygonOffset", "factor:f32 units:f32"),
  plain(
    "polygonOffsetClamp",
    "factor:f32 units:f32 clamp:f32",
    "GL_EXT_polygon_offset_clamp",
    "glPolygonOffsetClampEXT|glPolygonOffsetClamp",
  ),
  plain("stencilFuncSeparate", "face:enum func:enum ref:i32 mask:u32"),
  plain("stencilMaskSeparate", "face:enum mask:u32"),
  plain("stencilOpSeparate", "face:enum stencilFail:enum depthFail:enum pass:enum"),
  plain("sampleCoverage", "value:f32 invert:bool"),
  plain("sampleMaski", "word:u32 mask:u32", "3.1"),
  plain("minSampleShading", "value:f32", "3.2", "glMinSampleShading|glMinSampleShadingOES"),
  plain("hint", "target:enum mode:enum"),
  plain(
    "patchParameteri",
    "pname:enum value:i32",
    "3.2",
    "glPatchParameteri|glPatchParameteriOES|glPatchParameteriEXT",
  ),
  plain("clipControl", "origin:enum depth:enum", "GL_EXT_clip_control", "glClipControlEXT|glClipControl"),
];

const framebuffers: readonly GlOpRow[] = [
  plain("bindFramebuffer", "target:enum framebuffer:framebuffer"),
  plain("bindRenderbuffer", "target:enum renderbuffer:renderbuffer"),
  plain("framebufferTexture2D", "target:enum attachment:enum textarget:enum texture:texture level:i32"),
  plain("framebufferTextureLayer", "target:enum attachment:enum texture:texture level:i32 layer:i32"),
  plain(
    "framebufferTexture",
    "target:enum attachment:enum texture:texture level:i32",
    "3.2",
    "glFramebufferTexture|glFramebufferTextureOES|glFramebufferTextureEXT",
  ),
  plain(
    "framebufferTexture2DMultisample",
    "target:enum attachment:enum textarget:enum texture:texture level:i32 samples:i32",
    "GL_EXT_multisampled_render_to_texture",
    "glFramebufferTexture2DMultisampleEXT",
  ),
  plain("framebufferRenderbuffer", "target:enum attachment:enum renderbuffertarget:enum renderbuffer:renderbuffer"),
  plain("renderbufferStorage", "target:enum internalformat:enum width:i32 height:i32"),
  plain("renderbufferStorageMultisample", "target:enum samples:i32 internalformat:enum width:i32 height:i32"),
  plain("drawBuffers", "count:i32 buffers:enumx8"),
  plain("readBuffer", "source:enum"),
  plain("invalidateFramebuffer", "target:enum count:i32 attachments:enumx10"),
  plain(
    "blitFramebuffer",
    "srcX0:i32 srcY0:i32 srcX1:i32 srcY1:i32 dstX0:i32 dstY0:i32 dstX1:i32 dstY1:i32 mask:u32 filter:enum",
  ),
  plain("clear", "mask:u32"),
  plain("clearColor", "red:f32 green:f32 blue:f32 alpha:f32"),
  plain("clearDepthf", "depth:f32"),
  plain("clearStencil", "stencil:i32"),
  plain("clearBufferfv", "buffer:enum drawbuffer:i32 value:f32x4"),
  plain("clearBufferiv", "buffer:enum drawbuffer:i32 value:i32x4"),
  plain("clearBufferuiv", "buffer:enum drawbuffer:i32 value:u32x4"),
  plain("clearBufferfi", "buffer:enum drawbuffer:i32 depth:f32 stencil:i32"),
  composite(
    "readPixels",
    "x:i32 y:i32 width:i32 height:i32 format:enum type:enum strideBytes:u32 data:data",
    "Waits. Row y of the rectangle goes to data + (y - y0) * strideBytes; the data must hold every row. Zeros where GL refuses to read. No pack buffer may be bound.",
  ),
];

const vertices: readonly GlOpRow[] = [
  plain("bindVertexArray", "vertexArray:vertexArray"),
  plain("enableVertexAttribArray", "index:u32"),
  plain("disableVertexAttribArray", "index:u32"),
  plain("vertexAttribPointer", "index:u32 size:i32 type:enum normalized:bool stride:i32 pointer:offset"),
  plain("vertexAttribIPointer", "index:u32 size:i32 type:enum stride:i32 pointer:offset"),
  plain("vertexAttribDivisor", "index:u32 divisor:u32"),
  plain("vertexAttrib4f", "index:u32 x:f32 y:f32 z:f32 w:f32"),
  plain("vertexAttribI4i", "index:u32 x:i32 y:i32 z:i32 w:i32"),
  plain("vertexAttribI4ui", "index:u32 x:u32 y:u32 z:u32 w:u32"),
];

const draws: readonly GlOpRow[] = [
  plain("drawArrays", "mode:enum first:i32 count:i32"),
  plain("drawArraysInstanced", "mode:enum first:i32 count:i32 instances:i32"),
  plain(
    "drawArraysInstancedBaseInstance",
    "mode:enum first:i32 count:i32 instances:i32 baseInstance:u32",
    "GL_EXT_base_instance",
    "glDrawArraysInstancedBaseInstanceEXT|glDrawArraysInstancedBaseInstance",
  ),
  plain("drawElements", "mode:enum count:i32 type:enum indices:offset"),
  plain("drawRangeElements", "mode:enum start:u32 end:u32 count:i32 type:enum indices:offset"),
  plain("drawElementsInstanced", "mode:enum count:i32 type:enum indices:offset instances:i32"),
  plain(
    "drawElementsBaseVertex",
    "mode:enum count:i32 type:enum indices:offset baseVertex:i32",
    "3.2",
    "glDrawElementsBaseVertex|glDrawElementsBaseVertexOES|glDrawElementsBaseVertexEXT",
  ),
  plain(
    "drawElementsInstancedBaseVertex",
    "mode:enum count:i32 type:enum indices:offset instances:i32 baseVertex:i32",
    "3.2",
    "glDrawElementsInstancedBaseVertex|glDrawElementsInstancedBaseVertexOES|glDrawElementsInstancedBaseVertexEXT",
  ),
  plain(
    "drawElementsInstancedBaseInstance",
    "mode:enum count:i32 type:enum indices:offset instances:i32 baseInstance:u32",
    "GL_EXT_base_instance",
    "glDrawElementsInstancedBaseInstanceEXT|glDrawElementsInstancedBaseInstance",
  ),
  plain(
    "drawElementsInstancedBaseVertexBaseInstance",
    "mode:enum count:i32 type:enum indices:offset instances:i32 baseVertex:i32 baseInstance:u32",
    "GL_EXT_base_instance",
    "glDrawElementsInstancedBaseVertexBaseInstanceEXT|glDrawElementsInstancedBaseVertexBaseInstance",
  ),
  plain("drawArraysIndirect", "mode:enum indirect:offset", "3.1"),
  plain("drawElementsIndirect", "mode:enum type:enum indirect:offset", "3.1"),
  plain(
    "beginConditionalRender",
    "query:query mode:enum",
    "GL_NV_conditional_render",
    "glBeginConditionalRenderNV|glBeginConditionalRender",
  ),
  plain("endConditionalRender", "", "GL_NV_conditional_render", "glEndConditionalRenderNV|glEndConditionalRender"),
  plain("dispatchCompute", "x:u32 y:u32 z:u32", "3.1"),
  plain("dispatchComputeIndirect", "indirect:offset", "3.1"),
  plain("memoryBarrier", "barriers:u32", "3.1"),
  plain("memoryBarrierByRegion", "barriers:u32", "3.1"),
  plain("textureBarrier", "", "GL_NV_texture_barrier", "glTextureBarrierNV|glTextureBarrier"),
];

const textures: readonly GlOpRow[] = [
  plain("activeTexture", "unit:enum"),
  plain("bindTexture", "target:enum texture:texture"),
  plain("bindSampler", "unit:u32 sampler:sampler"),
  plain("bindImageTexture", "unit:u32 texture:texture level:i32 layered:bool layer:i32 access:enum format:enum", "3.1"),
  plain("texStorage2D", "target:enum levels:i32 internalformat:enum width:i32 height:i32"),
  plain("texStorage3D", "target:enum levels:i32 internalformat:enum width:i32 height:i32 depth:i32"),
  plain(
    "texStorage2DMultisample",
    "target:enum samples:i32 internalformat:enum width:i32 height:i32 fixed:bool",
    "3.1",
  ),
  plain(
    "texStorage3DMultisample",
    "target:enum samples:i32 internalformat:enum width:i32 height:i32 depth:i32 fixed:bool",
    "3.2",
    "glTexStorage3DMultisample|glTexStorage3DMultisampleOES",
  ),
  plain(
    "textureView",
    "texture:texture target:enum origin:texture internalformat:enum minLevel:u32 levels:u32 minLayer:u32 layers:u32",
    "GL_OES_texture_view",
    "glTextureViewOES|glTextureViewEXT|glTextureView",
  ),
  plain(
    "texBuffer",
    "target:enum internalformat:enum buffer:buffer",
    "3.2",
    "glTexBuffer|glTexBufferOES|glTexBufferEXT",
  ),
  plain(
    "texBufferRange",
    "target:enum internalformat:enum buffer:buffer offset:u32 size:u32",
    "3.2",
    "glTexBufferRange|glTexBufferRangeOES|glTexBufferRangeEXT",
  ),
  plain("texParameteri", "target:enum pname:enum value:i32"),
  plain("texParameterf", "target:enum pname:enum value:f32"),
  plain("texParameteriv", "target:enum pname:enum value:i32x4"),
  plain("texParameterfv", "target:enum pname:enum value:f32x4"),
  plain("samplerParameteri", "sampler:sampler pname:enum value:i32"),
  plain("samplerParameterf", "sampler:sampler pname:enum value:f32"),
  plain("samplerParameterfv", "sampler:sampler pname:enum value:f32x4"),
  plain(
    "samplerParameterIiv",
    "sampler:sampler pname:enum value:i32x4",
    "3.2",
    "glSamplerParameterIiv|glSamplerParameterIivOES|glSamplerParameterIivEXT",
  ),
  plain(
    "samplerParameterIuiv",
    "sampler:sampler pname:enum value:u32x4",
    "3.2",
    "glSamplerParameterIuiv|glSamplerParameterIuivOES|glSamplerParameterIuivEXT",
  ),
  plain("copyTexSubImage2D", "target:enum level:i32 xoffset:i32 yoffset:i32 x:i32 y:i32 width:i32 height:i32"),
  plain(
    "copyTexSubImage3D",
    "target:enum level:i32 xoffset:i32 yoffset:i32 zoffset:i32 x:i32 y:i32 width:i32 height:i32",
  ),
  {
    ...plain(
      "copyTextureSubData",
      "src:texture srcTarget:enum srcLevel:i32 srcX:i32 srcY:i32 srcZ:i32 dst:texture dstTarget:enum dstLevel:i32 dstX:i32 dstY:i32 dstZ:i32 width:i32 height:i32 depth:i32",
      "3.2",
      COPY_IMAGE,
    ),
    doc: "glCopyImageSubData between two textures.",
  },
  {
    ...plain(
      "copyRenderbufferSubData",
      "src:renderbuffer srcTarget:enum srcLevel:i32 srcX:i32 srcY:i32 srcZ:i32 dst:renderbuffer dstTarget:enum dstLevel:i32 dstX:i32 dstY:i32 dstZ:i32 width:i32 height:i32 depth:i32",
      "3.2",
      COPY_IMAGE,
    ),
    doc: "glCopyImageSubData between two renderbuffers.",
  },
  composite(
    "texSubImage2D",
    "target:enum level:i32 x:i32 y:i32 width:i32 height:i32 format:enum type:enum strideBytes:u32 data:data",
    "Row y is at data + y * strideBytes (0: tight); the data must hold every row. The addon owns the pixel store state; no unpack buffer may be bound.",
  ),
  composite(
    "texSubImage3D",
    "target:enum level:i32 x:i32 y:i32 z:i32 width:i32 height:i32 depth:i32 format:enum type:enum strideBytes:u32 layerStrideBytes:u32 data:data",
    "As texSubImage2D; layer z is at data + z * layerStrideBytes (0: tight).",
  ),
  composite(
    "compressedTexSubImage2D",
    "target:enum level:i32 x:i32 y:i32 width:i32 height:i32 format:enum blockWidth:u32 blockHeight:u32 blockBytes:u32 strideBytes:u32 data:data",
    "Row of blocks r is at data + r * strideBytes (0: tight); rows that are not tight go up one by one.",
  ),
  composite(
    "compressedTexSubImage3D",
    "target:enum level:i32 x:i32 y:i32 z:i32 width:i32 height:i32 depth:i32 format:enum blockWidth:u32 blockHeight:u32 blockBytes:u32 strideBytes:u32 layerStrideBytes:u32 data:data",
    "As compressedTexSubImage2D, layer by layer.",
  ),
];

const buffers: readonly GlOpRow[] = [
  plain("bindBuffer", "target:enum buffer:buffer"),
  plain("bindBufferBase", "target:enum index:u32 buffer:buffer"),
  plain("bindBufferRange", "target:enum index:u32 buffer:buffer offset:u32 size:u32"),
  plain("copyBufferSubData", "readTarget:enum writeTarget:enum readOffset:u32 writeOffset:u32 size:u32"),
  composite("bufferData", "target:enum usage:enum data:data", "glBufferData: new storage holding the data."),
  composite("bufferSubData", "target:enum dstOffset:u32 data:data", "glBufferSubData of the whole data."),
  composite(
    "bufferZeros",
    "target:enum sizeBytes:u32 usage:enum",
    "glBufferData with zeros: new storage that shows nobody's bytes.",
  ),
  composite(
    "getBufferSubData",
    "target:enum srcOffset:u32 data:data",
    "Waits. Copies a range of the bound buffer into the data; zeros where GL refuses.",
  ),
  composite(
    "copyBytes",
    "dst:data src:data",
    "memcpy between segments, in order with the other ops: gathers scattered guest pages, scatters read-backs. The lengths must be equal.",
  ),
  composite(
    "bindUniformRing",
    "slot:u32 ringOffsetBytes:u32 sizeBytes:u32",
    "glBindBufferRange of this batch's uniform ring to a uniform block binding. Void after the batch: see GlEncoder.batchId.",
  ),
];

const programs: readonly GlOpRow[] = [
  composite("linkProgramData", "program:program data:data", "Use GlEncoder.linkProgram, which builds the data."),
  composite("deleteProgram", "program:program", "Frees the index; index 0 is ignored."),
  plain("useProgram", "program:program"),
  composite(
    "uniform4fv",
    "program:program slot:u32 count:u32 data:data",
    "vec4 array at a uniform slot of linkProgram; the program must be in use. The data holds count * 16 bytes.",
  ),
  composite("uniform4uiv", "program:program slot:u32 count:u32 data:data", "As uniform4fv, for uvec4."),
  composite(
    "uniform4f",
    "program:program slot:u32 x:f32 y:f32 z:f32 w:f32",
    "One vec4 at a uniform slot of linkProgram; the program must be in use.",
  ),
  composite(
    "uniform1i",
    "program:program slot:u32 value:i32",
    "One int at a uniform slot of linkProgram; the program must be in use.",
  ),
];

const queries: readonly GlOpRow[] = [
  plain("beginQuery", "target:enum query:query"),
  plain("endQuery", "target:enum"),
  plain("queryCounter", "query:query target:enum", "GL_EXT_disjoint_timer_query", "glQueryCounterEXT|glQueryCounter"),
  composite(
    "queryResult",
    "query:query ticket:u32",
    "Asks for the result: a QUERY completion carries the ticket and 64 bits once it is available. The query must not begin again before.",
  ),
  plain("bindTransformFeedback", "target:enum transformFeedback:transformFeedback"),
  composite(
    "beginTransformFeedback",
    "transformFeedback:transformFeedback program:program mode:enum",
    "Begins the bound object with the program in use, unless that did not link: then nothing is captured until its end.",
  ),
  composite("endTransformFeedback", "transformFeedback:transformFeedback", "Of the bound object, if it began."),
  composite("pauseTransformFeedback", "transformFeedback:transformFeedback", "Of the bound object, if it began."),
  composite("resumeTransformFeedback", "transformFeedback:transformFeedback", "Of the bound object, if it began."),
  composite(
    "fence",
    "id:u32",
    "A FENCE completion carries the id, and 64 bits of nanoseconds (CLOCK_MONOTONIC; 0: no clock), when everything before is done on the GPU; the fence eventfd becomes readable.",
  ),
  composite("flushDriver", "", "glFlush behind the batch, with a sync object that a wait for all work can use."),
  composite("finishDriver", "", "glFinish. For tests and teardown."),
];

/** Every op. The opcode of a row is its index + 1. */
export const GL_OPS: readonly GlOpRow[] = [
  ...objects,
  ...state,
  ...framebuffers,
  ...vertices,
  ...draws,
  ...textures,
  ...buffers,
  ...programs,
  ...queries,
];
