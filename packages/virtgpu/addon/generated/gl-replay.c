// Written by scripts/generate-gl.mjs from gl/ops.ts and Khronos' gl.xml. Do not edit.

#include "../gl.h"
#include <string.h>

GlEntries gl;

const char *const gl_entry_names[GL_ENTRY_COUNT] = {
  "glActiveTexture",
  "glAttachShader",
  "glBeginConditionalRenderNV|glBeginConditionalRender",
  "glBeginQuery",
  "glBeginTransformFeedback",
  "glBindAttribLocation",
  "glBindBuffer",
  "glBindBufferBase",
  "glBindBufferRange",
  "glBindFragDataLocationEXT|glBindFragDataLocation",
  "glBindFragDataLocationIndexedEXT|glBindFragDataLocationIndexed",
  "glBindFramebuffer",
  "glBindImageTexture",
  "glBindRenderbuffer",
  "glBindSampler",
  "glBindTexture",
  "glBindTransformFeedback",
  "glBindVertexArray",
  "glBlendBarrier|glBlendBarrierKHR",
  "glBlendColor",
  "glBlendEquation",
  "glBlendEquationSeparate",
  "glBlendEquationSeparatei|glBlendEquationSeparateiOES|glBlendEquationSeparateiEXT",
  "glBlendFuncSeparate",
  "glBlendFuncSeparatei|glBlendFuncSeparateiOES|glBlendFuncSeparateiEXT",
  "glBlitFramebuffer",
  "glBufferData",
  "glBufferSubData",
  "glCheckFramebufferStatus",
  "glClear",
  "glClearBufferfi",
  "glClearBufferfv",
  "glClearBufferiv",
  "glClearBufferuiv",
  "glClearColor",
  "glClearDepthf",
  "glClearStencil",
  "glClientWaitSync",
  "glClipControlEXT|glClipControl",
  "glColorMask",
  "glColorMaski|glColorMaskiOES|glColorMaskiEXT",
  "glCompileShader",
  "glCompressedTexSubImage2D",
  "glCompressedTexSubImage3D",
  "glCopyBufferSubData",
  "glCopyImageSubData|glCopyImageSubDataOES|glCopyImageSubDataEXT",
  "glCopyTexSubImage2D",
  "glCopyTexSubImage3D",
  "glCreateProgram",
  "glCreateShader",
  "glCullFace",
  "glDebugMessageCallbackKHR|glDebugMessageCallback",
  "glDeleteBuffers",
  "glDeleteFramebuffers",
  "glDeleteProgram",
  "glDeleteQueries",
  "glDeleteRenderbuffers",
  "glDeleteSamplers",
  "glDeleteShader",
  "glDeleteSync",
  "glDeleteTextures",
  "glDeleteTransformFeedbacks",
  "glDeleteVertexArrays",
  "glDepthFunc",
  "glDepthMask",
  "glDepthRangef",
  "glDisable",
  "glDisableVertexAttribArray",
  "glDisablei|glDisableiOES|glDisableiEXT",
  "glDispatchCompute",
  "glDispatchComputeIndirect",
  "glDrawArrays",
  "glDrawArraysIndirect",
  "glDrawArraysInstanced",
  "glDrawArraysInstancedBaseInstanceEXT|glDrawArraysInstancedBaseInstance",
  "glDrawBuffers",
  "glDrawElements",
  "glDrawElementsBaseVertex|glDrawElementsBaseVertexOES|glDrawElementsBaseVertexEXT",
  "glDrawElementsIndirect",
  "glDrawElementsInstanced",
  "glDrawElementsInstancedBaseInstanceEXT|glDrawElementsInstancedBaseInstance",
  "glDrawElementsInstancedBaseVertex|glDrawElementsInstancedBaseVertexOES|glDrawElementsInstancedBaseVertexEXT",
  "glDrawElementsInstancedBaseVertexBaseInstanceEXT|glDrawElementsInstancedBaseVertexBaseInstance",
  "glDrawRangeElements",
  "glEnable",
  "glEnableVertexAttribArray",
  "glEnablei|glEnableiOES|glEnableiEXT",
  "glEndConditionalRenderNV|glEndConditionalRender",
  "glEndQuery",
  "glEndTransformFeedback",
  "glFenceSync",
  "glFinish",
  "glFlush",
  "glFramebufferRenderbuffer",
  "glFramebufferTexture|glFramebufferTextureOES|glFramebufferTextureEXT",
  "glFramebufferTexture2D",
  "glFramebufferTexture2DMultisampleEXT",
  "glFramebufferTextureLayer",
  "glFrontFace",
  "glGenBuffers",
  "glGenFramebuffers",
  "glGenQueries",
  "glGenRenderbuffers",
  "glGenSamplers",
  "glGenTextures",
  "glGenTransformFeedbacks",
  "glGenVertexArrays",
  "glGetError",
  "glGetFloatv",
  "glGetGraphicsResetStatusKHR|glGetGraphicsResetStatus|glGetGraphicsResetStatusEXT",
  "glGetInteger64v",
  "glGetIntegeri_v",
  "glGetIntegerv",
  "glGetInternalformativ",
  "glGetProgramInfoLog",
  "glGetProgramiv",
  "glGetQueryObjectui64vEXT|glGetQueryObjectui64v",
  "glGetQueryObjectuiv",
  "glGetShaderInfoLog",
  "glGetShaderiv",
  "glGetString",
  "glGetStringi",
  "glGetUniformBlockIndex",
  "glGetUniformLocation",
  "glHint",
  "glInvalidateFramebuffer",
  "glIsProgram",
  "glLineWidth",
  "glLinkProgram",
  "glMapBufferRange",
  "glMemoryBarrier",
  "glMemoryBarrierByRegion",
  "glMinSampleShading|glMinSampleShadingOES",
  "glPatchParameteri|glPatchParameteriOES|glPatchParameteriEXT",
  "glPauseTransformFeedback",
  "glPixelStorei",
  "glPolygonOffset",
  "glPolygonOffsetClampEXT|glPolygonOffsetClamp",
  "glProgramUniform1i",
  "glQueryCounterEXT|glQueryCounter",
  "glReadBuffer",
  "glReadPixels",
  "glRenderbufferStorage",
  "glRenderbufferStorageMultisample",
  "glResumeTransformFeedback",
  "glSampleCoverage",
  "glSampleMaski",
  "glSamplerParameterIiv|glSamplerParameterIivOES|glSamplerParameterIivEXT",
  "glSamplerParameterIuiv|glSamplerParameterIuivOES|glSamplerParameterIuivEXT",
  "glSamplerParameterf",
  "glSamplerParameterfv",
  "glSamplerParameteri",
  "glScissor",
  "glScissorIndexedOES|glScissorIndexed",
  "glShaderSource",
  "glStencilFuncSeparate",
  "glStencilMaskSeparate",
  "glStencilOpSeparate",
  "glTexBuffer|glTexBufferOES|glTexBufferEXT",
  "glTexBufferRange|glTexBufferRangeOES|glTexBufferRangeEXT",
  "glTexParameterf",
  "glTexParameterfv",
  "glTexParameteri",
  "glTexParameteriv",
  "glTexStorage2D",
  "glTexStorage2DMultisample",
  "glTexStorage3D",
  "glTexStorage3DMultisample|glTexStorage3DMultisampleOES",
  "glTexSubImage2D",
  "glTexSubImage3D",
  "glTextureBarrierNV|glTextureBarrier",
  "glTextureViewOES|glTextureViewEXT|glTextureView",
  "glTransformFeedbackVaryings",
  "glUniform1i",
  "glUniform4f",
  "glUniform4fv",
  "glUniform4uiv",
  "glUniformBlockBinding",
  "glUnmapBuffer",
  "glUseProgram",
  "glVertexAttrib4f",
  "glVertexAttribDivisor",
  "glVertexAttribI4i",
  "glVertexAttribI4ui",
  "glVertexAttribIPointer",
  "glVertexAttribPointer",
  "glViewport",
  "glViewportIndexedfOES|glViewportIndexedf",
};

const char *const gl_op_names[GL_OP_COUNT + 1] = {
  "none",
  "createBuffer",
  "deleteBuffer",
  "createTexture",
  "deleteTexture",
  "createSampler",
  "deleteSampler",
  "createFramebuffer",
  "deleteFramebuffer",
  "createRenderbuffer",
  "deleteRenderbuffer",
  "createVertexArray",
  "deleteVertexArray",
  "createQuery",
  "deleteQuery",
  "createTransformFeedback",
  "deleteTransformFeedback",
  "enable",
  "disable",
  "enablei",
  "disablei",
  "viewport",
  "viewportIndexedf",
  "scissor",
  "scissorIndexed",
  "depthRangef",
  "depthFunc",
  "depthMask",
  "blendColor",
  "blendEquation",
  "blendEquationSeparate",
  "blendEquationSeparatei",
  "blendFuncSeparate",
  "blendFuncSeparatei",
  "blendBarrier",
  "colorMask",
  "colorMaski",
  "cullFace",
  "frontFace",
  "lineWidth",
  "polygonOffset",
  "polygonOffsetClamp",
  "stencilFuncSeparate",
  "stencilMaskSeparate",
  "stencilOpSeparate",
  "sampleCoverage",
  "sampleMaski",
  "minSampleShading",
  "hint",
  "patchParameteri",
  "clipControl",
  "bindFramebuffer",
  "bindRenderbuffer",
  "framebufferTexture2D",
  "framebufferTextureLayer",
  "framebufferTexture",
  "framebufferTexture2DMultisample",
  "framebufferRenderbuffer",
  "renderbufferStorage",
  "renderbufferStorageMultisample",
  "drawBuffers",
  "readBuffer",
  "invalidateFramebuffer",
  "blitFramebuffer",
  "clear",
  "clearColor",
  "clearDepthf",
  "clearStencil",
  "clearBufferfv",
  "clearBufferiv",
  "clearBufferuiv",
  "clearBufferfi",
  "readPixels",
  "bindVertexArray",
  "enableVertexAttribArray",
  "disableVertexAttribArray",
  "vertexAttribPointer",
  "vertexAttribIPointer",
  "vertexAttribDivisor",
  "vertexAttrib4f",
  "vertexAttribI4i",
  "vertexAttribI4ui",
  "drawArrays",
  "drawArraysInstanced",
  "drawArraysInstancedBaseInstance",
  "drawElements",
  "drawRangeElements",
  "drawElementsInstanced",
  "drawElementsBaseVertex",
  "drawElementsInstancedBaseVertex",
  "drawElementsInstancedBaseInstance",
  "drawElementsInstancedBaseVertexBaseInstance",
  "drawArraysIndirect",
  "drawElementsIndirect",
  "beginConditionalRender",
  "endConditionalRender",
  "dispatchCompute",
  "dispatchComputeIndirect",
  "memoryBarrier",
  "memoryBarrierByRegion",
  "textureBarrier",
  "activeTexture",
  "bindTexture",
  "bindSampler",
  "bindImageTexture",
  "texStorage2D",
  "texStorage3D",
  "texStorage2DMultisample",
  "texStorage3DMultisample",
  "textureView",
  "texBuffer",
  "texBufferRange",
  "texParameteri",
  "texParameterf",
  "texParameteriv",
  "texParameterfv",
  "samplerParameteri",
  "samplerParameterf",
  "samplerParameterfv",
  "samplerParameterIiv",
  "samplerParameterIuiv",
  "copyTexSubImage2D",
  "copyTexSubImage3D",
  "copyTextureSubData",
  "copyRenderbufferSubData",
  "texSubImage2D",
  "texSubImage3D",
  "compressedTexSubImage2D",
  "compressedTexSubImage3D",
  "bindBuffer",
  "bindBufferBase",
  "bindBufferRange",
  "copyBufferSubData",
  "bufferData",
  "bufferSubData",
  "bufferZeros",
  "getBufferSubData",
  "copyBytes",
  "bindUniformRing",
  "linkProgramData",
  "deleteProgram",
  "useProgram",
  "uniform4fv",
  "uniform4uiv",
  "uniform4f",
  "uniform1i",
  "beginQuery",
  "endQuery",
  "queryCounter",
  "queryResult",
  "bindTransformFeedback",
  "beginTransformFeedback",
  "endTransformFeedback",
  "pauseTransformFeedback",
  "resumeTransformFeedback",
  "fence",
  "flushDriver",
  "finishDriver",
};

static const uint8_t op_words[GL_OP_COUNT + 1] = {
  0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 5, 6, 5, 6, 3, 2, 2, 5, 2, 3, 4, 5, 6, 1, 5, 6, 2, 2, 2, 3, 4, 5, 3, 5, 3, 3, 2, 3, 3, 3, 3, 3, 6, 6, 5, 7, 5, 5, 6, 10, 2, 13, 11, 2, 5, 2, 2, 7, 7, 7, 5, 12, 2, 2, 2, 7, 6, 3, 6, 6, 6, 4, 5, 6, 5, 7, 6, 6, 7, 7, 8, 3, 4, 3, 1, 4, 2, 2, 2, 1, 2, 3, 3, 8, 6, 7, 7, 8, 9, 4, 6, 4, 4, 7, 7, 4, 4, 7, 7, 7, 9, 10, 16, 16, 14, 17, 16, 19, 3, 4, 6, 6, 7, 7, 4, 7, 9, 4, 6, 2, 2, 8, 8, 7, 4, 3, 2, 3, 3, 3, 4, 2, 2, 2, 2, 1, 1,
};

static inline float as_float(uint32_t word) {
  float value;
  memcpy(&value, &word, sizeof value);
  return value;
}

int64_t gl_replay(const uint32_t *words, uint32_t count) {
  uint32_t at = 0;
  while (at < count) {
    const uint32_t *p = words + at;
    uint32_t op = p[0];
    if (op > GL_OP_COUNT || op_words[op] == 0 || op_words[op] > count - at) return at;
    switch (op) {
    case 1: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] == 0 || gl_names[GL_KIND_BUFFER][p[1]] != 0) return at; gl.GenBuffers(1, &gl_names[GL_KIND_BUFFER][p[1]]); break; } // createBuffer
    case 2: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] != 0) { gl.DeleteBuffers(1, &gl_names[GL_KIND_BUFFER][p[1]]); gl_names[GL_KIND_BUFFER][p[1]] = 0; } break; } // deleteBuffer
    case 3: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] == 0 || gl_names[GL_KIND_TEXTURE][p[1]] != 0) return at; gl.GenTextures(1, &gl_names[GL_KIND_TEXTURE][p[1]]); break; } // createTexture
    case 4: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] != 0) { gl.DeleteTextures(1, &gl_names[GL_KIND_TEXTURE][p[1]]); gl_names[GL_KIND_TEXTURE][p[1]] = 0; } break; } // deleteTexture
    case 5: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] == 0 || gl_names[GL_KIND_SAMPLER][p[1]] != 0) return at; gl.GenSamplers(1, &gl_names[GL_KIND_SAMPLER][p[1]]); break; } // createSampler
    case 6: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] != 0) { gl.DeleteSamplers(1, &gl_names[GL_KIND_SAMPLER][p[1]]); gl_names[GL_KIND_SAMPLER][p[1]] = 0; } break; } // deleteSampler
    case 7: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] == 0 || gl_names[GL_KIND_FRAMEBUFFER][p[1]] != 0) return at; gl.GenFramebuffers(1, &gl_names[GL_KIND_FRAMEBUFFER][p[1]]); break; } // createFramebuffer
    case 8: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] != 0) { gl.DeleteFramebuffers(1, &gl_names[GL_KIND_FRAMEBUFFER][p[1]]); gl_names[GL_KIND_FRAMEBUFFER][p[1]] = 0; } break; } // deleteFramebuffer
    case 9: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] == 0 || gl_names[GL_KIND_RENDERBUFFER][p[1]] != 0) return at; gl.GenRenderbuffers(1, &gl_names[GL_KIND_RENDERBUFFER][p[1]]); break; } // createRenderbuffer
    case 10: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] != 0) { gl.DeleteRenderbuffers(1, &gl_names[GL_KIND_RENDERBUFFER][p[1]]); gl_names[GL_KIND_RENDERBUFFER][p[1]] = 0; } break; } // deleteRenderbuffer
    case 11: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] == 0 || gl_names[GL_KIND_VERTEX_ARRAY][p[1]] != 0) return at; gl.GenVertexArrays(1, &gl_names[GL_KIND_VERTEX_ARRAY][p[1]]); break; } // createVertexArray
    case 12: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] != 0) { gl.DeleteVertexArrays(1, &gl_names[GL_KIND_VERTEX_ARRAY][p[1]]); gl_names[GL_KIND_VERTEX_ARRAY][p[1]] = 0; } break; } // deleteVertexArray
    case 13: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] == 0 || gl_names[GL_KIND_QUERY][p[1]] != 0) return at; gl.GenQueries(1, &gl_names[GL_KIND_QUERY][p[1]]); break; } // createQuery
    case 14: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] != 0) { gl.DeleteQueries(1, &gl_names[GL_KIND_QUERY][p[1]]); gl_names[GL_KIND_QUERY][p[1]] = 0; } break; } // deleteQuery
    case 15: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] == 0 || gl_names[GL_KIND_TRANSFORM_FEEDBACK][p[1]] != 0) return at; gl.GenTransformFeedbacks(1, &gl_names[GL_KIND_TRANSFORM_FEEDBACK][p[1]]); break; } // createTransformFeedback
    case 16: { if ((p[1]) >= GL_NAMES_MAX) return at; if (p[1] != 0) { gl.DeleteTransformFeedbacks(1, &gl_names[GL_KIND_TRANSFORM_FEEDBACK][p[1]]); gl_names[GL_KIND_TRANSFORM_FEEDBACK][p[1]] = 0; } break; } // deleteTransformFeedback
    case 17: { gl.Enable((GLenum)p[1]); break; } // enable
    case 18: { gl.Disable((GLenum)p[1]); break; } // disable
    case 19: { gl.Enablei((GLenum)p[1], (GLuint)p[2]); break; } // enablei
    case 20: { gl.Disablei((GLenum)p[1], (GLuint)p[2]); break; } // disablei
    case 21: { gl.Viewport((GLint)p[1], (GLint)p[2], (GLsizei)p[3], (GLsizei)p[4]); break; } // viewport
    case 22: { gl.ViewportIndexedfOES((GLuint)p[1], as_float(p[2]), as_float(p[3]), as_float(p[4]), as_float(p[5])); break; } // viewportIndexedf
    case 23: { gl.Scissor((GLint)p[1], (GLint)p[2], (GLsizei)p[3], (GLsizei)p[4]); break; } // scissor
    case 24: { gl.ScissorIndexedOES((GLuint)p[1], (GLint)p[2], (GLint)p[3], (GLsizei)p[4], (GLsizei)p[5]); break; } // scissorIndexed
    case 25: { gl.DepthRangef(as_float(p[1]), as_float(p[2])); break; } // depthRangef
    case 26: { gl.DepthFunc((GLenum)p[1]); break; } // depthFunc
    case 27: { gl.DepthMask((GLboolean)p[1]); break; } // depthMask
    case 28: { gl.BlendColor(as_float(p[1]), as_float(p[2]), as_float(p[3]), as_float(p[4])); break; } // blendColor
    case 29: { gl.BlendEquation((GLenum)p[1]); break; } // blendEquation
    case 30: { gl.BlendEquationSeparate((GLenum)p[1], (GLenum)p[2]); break; } // blendEquationSeparate
    case 31: { gl.BlendEquationSeparatei((GLuint)p[1], (GLenum)p[2], (GLenum)p[3]); break; } // blendEquationSeparatei
    case 32: { gl.BlendFuncSeparate((GLenum)p[1], (GLenum)p[2], (GLenum)p[3], (GLenum)p[4]); break; } // blendFuncSeparate
    case 33: { gl.BlendFuncSeparatei((GLuint)p[1], (GLenum)p[2], (GLenum)p[3], (GLenum)p[4], (GLenum)p[5]); break; } // blendFuncSeparatei
    case 34: { gl.BlendBarrier(); break; } // blendBarrier
    case 35: { gl.ColorMask((GLboolean)p[1], (GLboolean)p[2], (GLboolean)p[3], (GLboolean)p[4]); break; } // colorMask
    case 36: { gl.ColorMaski((GLuint)p[1], (GLboolean)p[2], (GLboolean)p[3], (GLboolean)p[4], (GLboolean)p[5]); break; } // colorMaski
    case 37: { gl.CullFace((GLenum)p[1]); break; } // cullFace
    case 38: { gl.FrontFace((GLenum)p[1]); break; } // frontFace
    case 39: { gl.LineWidth(as_float(p[1])); break; } // lineWidth
    case 40: { gl.PolygonOffset(as_float(p[1]), as_float(p[2])); break; } // polygonOffset
    case 41: { gl.PolygonOffsetClampEXT(as_float(p[1]), as_float(p[2]), as_float(p[3])); break; } // polygonOffsetClamp
    case 42: { gl.StencilFuncSeparate((GLenum)p[1], (GLenum)p[2], (GLint)p[3], (GLuint)p[4]); break; } // stencilFuncSeparate
    case 43: { gl.StencilMaskSeparate((GLenum)p[1], (GLuint)p[2]); break; } // stencilMaskSeparate
    case 44: { gl.StencilOpSeparate((GLenum)p[1], (GLenum)p[2], (GLenum)p[3], (GLenum)p[4]); break; } // stencilOpSeparate
    case 45: { gl.SampleCoverage(as_float(p[1]), (GLboolean)p[2]); break; } // sampleCoverage
    case 46: { gl.SampleMaski((GLuint)p[1], (GLbitfield)p[2]); break; } // sampleMaski
    case 47: { gl.MinSampleShading(as_float(p[1])); break; } // minSampleShading
    case 48: { gl.Hint((GLenum)p[1], (GLenum)p[2]); break; } // hint
    case 49: { gl.PatchParameteri((GLenum)p[1], (GLint)p[2]); break; } // patchParameteri
    case 50: { gl.ClipControlEXT((GLenum)p[1], (GLenum)p[2]); break; } // clipControl
    case 51: { if ((p[2]) >= GL_NAMES_MAX) return at; gl.BindFramebuffer((GLenum)p[1], gl_names[GL_KIND_FRAMEBUFFER][p[2]]); break; } // bindFramebuffer
    case 52: { if ((p[2]) >= GL_NAMES_MAX) return at; gl.BindRenderbuffer((GLenum)p[1], gl_names[GL_KIND_RENDERBUFFER][p[2]]); break; } // bindRenderbuffer
    case 53: { if ((p[4]) >= GL_NAMES_MAX) return at; gl.FramebufferTexture2D((GLenum)p[1], (GLenum)p[2], (GLenum)p[3], gl_names[GL_KIND_TEXTURE][p[4]], (GLint)p[5]); break; } // framebufferTexture2D
    case 54: { if ((p[3]) >= GL_NAMES_MAX) return at; gl.FramebufferTextureLayer((GLenum)p[1], (GLenum)p[2], gl_names[GL_KIND_TEXTURE][p[3]], (GLint)p[4], (GLint)p[5]); break; } // framebufferTextureLayer
    case 55: { if ((p[3]) >= GL_NAMES_MAX) return at; gl.FramebufferTexture((GLenum)p[1], (GLenum)p[2], gl_names[GL_KIND_TEXTURE][p[3]], (GLint)p[4]); break; } // framebufferTexture
    case 56: { if ((p[4]) >= GL_NAMES_MAX) return at; gl.FramebufferTexture2DMultisampleEXT((GLenum)p[1], (GLenum)p[2], (GLenum)p[3], gl_names[GL_KIND_TEXTURE][p[4]], (GLint)p[5], (GLsizei)p[6]); break; } // framebufferTexture2DMultisample
    case 57: { if ((p[4]) >= GL_NAMES_MAX) return at; gl.FramebufferRenderbuffer((GLenum)p[1], (GLenum)p[2], (GLenum)p[3], gl_names[GL_KIND_RENDERBUFFER][p[4]]); break; } // framebufferRenderbuffer
    case 58: { gl.RenderbufferStorage((GLenum)p[1], (GLenum)p[2], (GLsizei)p[3], (GLsizei)p[4]); break; } // renderbufferStorage
    case 59: { gl.RenderbufferStorageMultisample((GLenum)p[1], (GLsizei)p[2], (GLenum)p[3], (GLsizei)p[4], (GLsizei)p[5]); break; } // renderbufferStorageMultisample
    case 60: { gl.DrawBuffers((GLsizei)p[1], (const GLenum *)(p + 2)); break; } // drawBuffers
    case 61: { gl.ReadBuffer((GLenum)p[1]); break; } // readBuffer
    case 62: { gl.InvalidateFramebuffer((GLenum)p[1], (GLsizei)p[2], (const GLenum *)(p + 3)); break; } // invalidateFramebuffer
    case 63: { gl.BlitFramebuffer((GLint)p[1], (GLint)p[2], (GLint)p[3], (GLint)p[4], (GLint)p[5], (GLint)p[6], (GLint)p[7], (GLint)p[8], (GLbitfield)p[9], (GLenum)p[10]); break; } // blitFramebuffer
    case 64: { gl.Clear((GLbitfield)p[1]); break; } // clear
    case 65: { gl.ClearColor(as_float(p[1]), as_float(p[2]), as_float(p[3]), as_float(p[4])); break; } // clearColor
    case 66: { gl.ClearDepthf(as_float(p[1])); break; } // clearDepthf
    case 67: { gl.ClearStencil((GLint)p[1]); break; } // clearStencil
    case 68: { gl.ClearBufferfv((GLenum)p[1], (GLint)p[2], (const GLfloat *)(p + 3)); break; } // clearBufferfv
    case 69: { gl.ClearBufferiv((GLenum)p[1], (GLint)p[2], (const GLint *)(p + 3)); break; } // clearBufferiv
    case 70: { gl.ClearBufferuiv((GLenum)p[1], (GLint)p[2], (const GLuint *)(p + 3)); break; } // clearBufferuiv
    case 71: { gl.ClearBufferfi((GLenum)p[1], (GLint)p[2], as_float(p[3]), (GLint)p[4]); break; } // clearBufferfi
    case 72: { GlData data; if (!gl_resolve(p + 8, &data)) return at; if (!gl_op_readPixels((int32_t)p[1], (int32_t)p[2], (int32_t)p[3], (int32_t)p[4], (GLenum)p[5], (GLenum)p[6], (uint32_t)p[7], data)) return at; break; } // readPixels
    case 73: { if ((p[1]) >= GL_NAMES_MAX) return at; gl.BindVertexArray(gl_names[GL_KIND_VERTEX_ARRAY][p[1]]); break; } // bindVertexArray
    case 74: { gl.EnableVertexAttribArray((GLuint)p[1]); break; } // enableVertexAttribArray
    case 75: { gl.DisableVertexAttribArray((GLuint)p[1]); break; } // disableVertexAttribArray
    case 76: { gl.VertexAttribPointer((GLuint)p[1], (GLint)p[2], (GLenum)p[3], (GLboolean)p[4], (GLsizei)p[5], (const void *)(uintptr_t)p[6]); break; } // vertexAttribPointer
    case 77: { gl.VertexAttribIPointer((GLuint)p[1], (GLint)p[2], (GLenum)p[3], (GLsizei)p[4], (const void *)(uintptr_t)p[5]); break; } // vertexAttribIPointer
    case 78: { gl.VertexAttribDivisor((GLuint)p[1], (GLuint)p[2]); break; } // vertexAttribDivisor
    case 79: { gl.VertexAttrib4f((GLuint)p[1], as_float(p[2]), as_float(p[3]), as_float(p[4]), as_float(p[5])); break; } // vertexAttrib4f
    case 80: { gl.VertexAttribI4i((GLuint)p[1], (GLint)p[2], (GLint)p[3], (GLint)p[4], (GLint)p[5]); break; } // vertexAttribI4i
    case 81: { gl.VertexAttribI4ui((GLuint)p[1], (GLuint)p[2], (GLuint)p[3], (GLuint)p[4], (GLuint)p[5]); break; } // vertexAttribI4ui
    case 82: { gl.DrawArrays((GLenum)p[1], (GLint)p[2], (GLsizei)p[3]); break; } // drawArrays
    case 83: { gl.DrawArraysInstanced((GLenum)p[1], (GLint)p[2], (GLsizei)p[3], (GLsizei)p[4]); break; } // drawArraysInstanced
    case 84: { gl.DrawArraysInstancedBaseInstanceEXT((GLenum)p[1], (GLint)p[2], (GLsizei)p[3], (GLsizei)p[4], (GLuint)p[5]); break; } // drawArraysInstancedBaseInstance
    case 85: { gl.DrawElements((GLenum)p[1], (GLsizei)p[2], (GLenum)p[3], (const void *)(uintptr_t)p[4]); break; } // drawElements
    case 86: { gl.DrawRangeElements((GLenum)p[1], (GLuint)p[2], (GLuint)p[3], (GLsizei)p[4], (GLenum)p[5], (const void *)(uintptr_t)p[6]); break; } // drawRangeElements
    case 87: { gl.DrawElementsInstanced((GLenum)p[1], (GLsizei)p[2], (GLenum)p[3], (const void *)(uintptr_t)p[4], (GLsizei)p[5]); break; } // drawElementsInstanced
    case 88: { gl.DrawElementsBaseVertex((GLenum)p[1], (GLsizei)p[2], (GLenum)p[3], (const void *)(uintptr_t)p[4], (GLint)p[5]); break; } // drawElementsBaseVertex
    case 89: { gl.DrawElementsInstancedBaseVertex((GLenum)p[1], (GLsizei)p[2], (GLenum)p[3], (const void *)(uintptr_t)p[4], (GLsizei)p[5], (GLint)p[6]); break; } // drawElementsInstancedBaseVertex
    case 90: { gl.DrawElementsInstancedBaseInstanceEXT((GLenum)p[1], (GLsizei)p[2], (GLenum)p[3], (const void *)(uintptr_t)p[4], (GLsizei)p[5], (GLuint)p[6]); break; } // drawElementsInstancedBaseInstance
    case 91: { gl.DrawElementsInstancedBaseVertexBaseInstanceEXT((GLenum)p[1], (GLsizei)p[2], (GLenum)p[3], (const void *)(uintptr_t)p[4], (GLsizei)p[5], (GLint)p[6], (GLuint)p[7]); break; } // drawElementsInstancedBaseVertexBaseInstance
    case 92: { gl.DrawArraysIndirect((GLenum)p[1], (const void *)(uintptr_t)p[2]); break; } // drawArraysIndirect
    case 93: { gl.DrawElementsIndirect((GLenum)p[1], (GLenum)p[2], (const void *)(uintptr_t)p[3]); break; } // drawElementsIndirect
    case 94: { if ((p[1]) >= GL_NAMES_MAX) return at; gl.BeginConditionalRenderNV(gl_names[GL_KIND_QUERY][p[1]], (GLenum)p[2]); break; } // beginConditionalRender
    case 95: { gl.EndConditionalRenderNV(); break; } // endConditionalRender
    case 96: { gl.DispatchCompute((GLuint)p[1], (GLuint)p[2], (GLuint)p[3]); break; } // dispatchCompute
    case 97: { gl.DispatchComputeIndirect((GLintptr)p[1]); break; } // dispatchComputeIndirect
    case 98: { gl.MemoryBarrier((GLbitfield)p[1]); break; } // memoryBarrier
    case 99: { gl.MemoryBarrierByRegion((GLbitfield)p[1]); break; } // memoryBarrierByRegion
    case 100: { gl.TextureBarrierNV(); break; } // textureBarrier
    case 101: { gl.ActiveTexture((GLenum)p[1]); break; } // activeTexture
    case 102: { if ((p[2]) >= GL_NAMES_MAX) return at; gl.BindTexture((GLenum)p[1], gl_names[GL_KIND_TEXTURE][p[2]]); break; } // bindTexture
    case 103: { if ((p[2]) >= GL_NAMES_MAX) return at; gl.BindSampler((GLuint)p[1], gl_names[GL_KIND_SAMPLER][p[2]]); break; } // bindSampler
    case 104: { if ((p[2]) >= GL_NAMES_MAX) return at; gl.BindImageTexture((GLuint)p[1], gl_names[GL_KIND_TEXTURE][p[2]], (GLint)p[3], (GLboolean)p[4], (GLint)p[5], (GLenum)p[6], (GLenum)p[7]); break; } // bindImageTexture
    case 105: { gl.TexStorage2D((GLenum)p[1], (GLsizei)p[2], (GLenum)p[3], (GLsizei)p[4], (GLsizei)p[5]); break; } // texStorage2D
    case 106: { gl.TexStorage3D((GLenum)p[1], (GLsizei)p[2], (GLenum)p[3], (GLsizei)p[4], (GLsizei)p[5], (GLsizei)p[6]); break; } // texStorage3D
    case 107: { gl.TexStorage2DMultisample((GLenum)p[1], (GLsizei)p[2], (GLenum)p[3], (GLsizei)p[4], (GLsizei)p[5], (GLboolean)p[6]); break; } // texStorage2DMultisample
    case 108: { gl.TexStorage3DMultisample((GLenum)p[1], (GLsizei)p[2], (GLenum)p[3], (GLsizei)p[4], (GLsizei)p[5], (GLsizei)p[6], (GLboolean)p[7]); break; } // texStorage3DMultisample
    case 109: { if ((p[1] | p[3]) >= GL_NAMES_MAX) return at; gl.TextureViewOES(gl_names[GL_KIND_TEXTURE][p[1]], (GLenum)p[2], gl_names[GL_KIND_TEXTURE][p[3]], (GLenum)p[4], (GLuint)p[5], (GLuint)p[6], (GLuint)p[7], (GLuint)p[8]); break; } // textureView
    case 110: { if ((p[3]) >= GL_NAMES_MAX) return at; gl.TexBuffer((GLenum)p[1], (GLenum)p[2], gl_names[GL_KIND_BUFFER][p[3]]); break; } // texBuffer
    case 111: { if ((p[3]) >= GL_NAMES_MAX) return at; gl.TexBufferRange((GLenum)p[1], (GLenum)p[2], gl_names[GL_KIND_BUFFER][p[3]], (GLintptr)p[4], (GLsizeiptr)p[5]); break; } // texBufferRange
    case 112: { gl.TexParameteri((GLenum)p[1], (GLenum)p[2], (GLint)p[3]); break; } // texParameteri
    case 113: { gl.TexParameterf((GLenum)p[1], (GLenum)p[2], as_float(p[3])); break; } // texParameterf
    case 114: { gl.TexParameteriv((GLenum)p[1], (GLenum)p[2], (const GLint *)(p + 3)); break; } // texParameteriv
    case 115: { gl.TexParameterfv((GLenum)p[1], (GLenum)p[2], (const GLfloat *)(p + 3)); break; } // texParameterfv
    case 116: { if ((p[1]) >= GL_NAMES_MAX) return at; gl.SamplerParameteri(gl_names[GL_KIND_SAMPLER][p[1]], (GLenum)p[2], (GLint)p[3]); break; } // samplerParameteri
    case 117: { if ((p[1]) >= GL_NAMES_MAX) return at; gl.SamplerParameterf(gl_names[GL_KIND_SAMPLER][p[1]], (GLenum)p[2], as_float(p[3])); break; } // samplerParameterf
    case 118: { if ((p[1]) >= GL_NAMES_MAX) return at; gl.SamplerParameterfv(gl_names[GL_KIND_SAMPLER][p[1]], (GLenum)p[2], (const GLfloat *)(p + 3)); break; } // samplerParameterfv
    case 119: { if ((p[1]) >= GL_NAMES_MAX) return at; gl.SamplerParameterIiv(gl_names[GL_KIND_SAMPLER][p[1]], (GLenum)p[2], (const GLint *)(p + 3)); break; } // samplerParameterIiv
    case 120: { if ((p[1]) >= GL_NAMES_MAX) return at; gl.SamplerParameterIuiv(gl_names[GL_KIND_SAMPLER][p[1]], (GLenum)p[2], (const GLuint *)(p + 3)); break; } // samplerParameterIuiv
    case 121: { gl.CopyTexSubImage2D((GLenum)p[1], (GLint)p[2], (GLint)p[3], (GLint)p[4], (GLint)p[5], (GLint)p[6], (GLsizei)p[7], (GLsizei)p[8]); break; } // copyTexSubImage2D
    case 122: { gl.CopyTexSubImage3D((GLenum)p[1], (GLint)p[2], (GLint)p[3], (GLint)p[4], (GLint)p[5], (GLint)p[6], (GLint)p[7], (GLsizei)p[8], (GLsizei)p[9]); break; } // copyTexSubImage3D
    case 123: { if ((p[1] | p[7]) >= GL_NAMES_MAX) return at; gl.CopyImageSubData(gl_names[GL_KIND_TEXTURE][p[1]], (GLenum)p[2], (GLint)p[3], (GLint)p[4], (GLint)p[5], (GLint)p[6], gl_names[GL_KIND_TEXTURE][p[7]], (GLenum)p[8], (GLint)p[9], (GLint)p[10], (GLint)p[11], (GLint)p[12], (GLsizei)p[13], (GLsizei)p[14], (GLsizei)p[15]); break; } // copyTextureSubData
    case 124: { if ((p[1] | p[7]) >= GL_NAMES_MAX) return at; gl.CopyImageSubData(gl_names[GL_KIND_RENDERBUFFER][p[1]], (GLenum)p[2], (GLint)p[3], (GLint)p[4], (GLint)p[5], (GLint)p[6], gl_names[GL_KIND_RENDERBUFFER][p[7]], (GLenum)p[8], (GLint)p[9], (GLint)p[10], (GLint)p[11], (GLint)p[12], (GLsizei)p[13], (GLsizei)p[14], (GLsizei)p[15]); break; } // copyRenderbufferSubData
    case 125: { GlData data; if (!gl_resolve(p + 10, &data)) return at; if (!gl_op_texSubImage2D((GLenum)p[1], (int32_t)p[2], (int32_t)p[3], (int32_t)p[4], (int32_t)p[5], (int32_t)p[6], (GLenum)p[7], (GLenum)p[8], (uint32_t)p[9], data)) return at; break; } // texSubImage2D
    case 126: { GlData data; if (!gl_resolve(p + 13, &data)) return at; if (!gl_op_texSubImage3D((GLenum)p[1], (int32_t)p[2], (int32_t)p[3], (int32_t)p[4], (int32_t)p[5], (int32_t)p[6], (int32_t)p[7], (int32_t)p[8], (GLenum)p[9], (GLenum)p[10], (uint32_t)p[11], (uint32_t)p[12], data)) return at; break; } // texSubImage3D
    case 127: { GlData data; if (!gl_resolve(p + 12, &data)) return at; if (!gl_op_compressedTexSubImage2D((GLenum)p[1], (int32_t)p[2], (int32_t)p[3], (int32_t)p[4], (int32_t)p[5], (int32_t)p[6], (GLenum)p[7], (uint32_t)p[8], (uint32_t)p[9], (uint32_t)p[10], (uint32_t)p[11], data)) return at; break; } // compressedTexSubImage2D
    case 128: { GlData data; if (!gl_resolve(p + 15, &data)) return at; if (!gl_op_compressedTexSubImage3D((GLenum)p[1], (int32_t)p[2], (int32_t)p[3], (int32_t)p[4], (int32_t)p[5], (int32_t)p[6], (int32_t)p[7], (int32_t)p[8], (GLenum)p[9], (uint32_t)p[10], (uint32_t)p[11], (uint32_t)p[12], (uint32_t)p[13], (uint32_t)p[14], data)) return at; break; } // compressedTexSubImage3D
    case 129: { if ((p[2]) >= GL_NAMES_MAX) return at; gl.BindBuffer((GLenum)p[1], gl_names[GL_KIND_BUFFER][p[2]]); break; } // bindBuffer
    case 130: { if ((p[3]) >= GL_NAMES_MAX) return at; gl.BindBufferBase((GLenum)p[1], (GLuint)p[2], gl_names[GL_KIND_BUFFER][p[3]]); break; } // bindBufferBase
    case 131: { if ((p[3]) >= GL_NAMES_MAX) return at; gl.BindBufferRange((GLenum)p[1], (GLuint)p[2], gl_names[GL_KIND_BUFFER][p[3]], (GLintptr)p[4], (GLsizeiptr)p[5]); break; } // bindBufferRange
    case 132: { gl.CopyBufferSubData((GLenum)p[1], (GLenum)p[2], (GLintptr)p[3], (GLintptr)p[4], (GLsizeiptr)p[5]); break; } // copyBufferSubData
    case 133: { GlData data; if (!gl_resolve(p + 3, &data)) return at; if (!gl_op_bufferData((GLenum)p[1], (GLenum)p[2], data)) return at; break; } // bufferData
    case 134: { GlData data; if (!gl_resolve(p + 3, &data)) return at; if (!gl_op_bufferSubData((GLenum)p[1], (uint32_t)p[2], data)) return at; break; } // bufferSubData
    case 135: { if (!gl_op_bufferZeros((GLenum)p[1], (uint32_t)p[2], (GLenum)p[3])) return at; break; } // bufferZeros
    case 136: { GlData data; if (!gl_resolve(p + 3, &data)) return at; if (!gl_op_getBufferSubData((GLenum)p[1], (uint32_t)p[2], data)) return at; break; } // getBufferSubData
    case 137: { GlData dst; if (!gl_resolve(p + 1, &dst)) return at; GlData src; if (!gl_resolve(p + 5, &src)) return at; if (!gl_op_copyBytes(dst, src)) return at; break; } // copyBytes
    case 138: { if (!gl_op_bindUniformRing((uint32_t)p[1], (uint32_t)p[2], (uint32_t)p[3])) return at; break; } // bindUniformRing
    case 139: { if ((p[1]) >= GL_NAMES_MAX) return at; GlData data; if (!gl_resolve(p + 2, &data)) return at; if (!gl_op_linkProgramData((uint32_t)p[1], data)) return at; break; } // linkProgramData
    case 140: { if ((p[1]) >= GL_NAMES_MAX) return at; if (!gl_op_deleteProgram((uint32_t)p[1])) return at; break; } // deleteProgram
    case 141: { if ((p[1]) >= GL_NAMES_MAX) return at; gl.UseProgram(gl_names[GL_KIND_PROGRAM][p[1]]); break; } // useProgram
    case 142: { if ((p[1]) >= GL_NAMES_MAX) return at; GlData data; if (!gl_resolve(p + 4, &data)) return at; if (!gl_op_uniform4fv((uint32_t)p[1], (uint32_t)p[2], (uint32_t)p[3], data)) return at; break; } // uniform4fv
    case 143: { if ((p[1]) >= GL_NAMES_MAX) return at; GlData data; if (!gl_resolve(p + 4, &data)) return at; if (!gl_op_uniform4uiv((uint32_t)p[1], (uint32_t)p[2], (uint32_t)p[3], data)) return at; break; } // uniform4uiv
    case 144: { if ((p[1]) >= GL_NAMES_MAX) return at; if (!gl_op_uniform4f((uint32_t)p[1], (uint32_t)p[2], as_float(p[3]), as_float(p[4]), as_float(p[5]), as_float(p[6]))) return at; break; } // uniform4f
    case 145: { if ((p[1]) >= GL_NAMES_MAX) return at; if (!gl_op_uniform1i((uint32_t)p[1], (uint32_t)p[2], (int32_t)p[3])) return at; break; } // uniform1i
    case 146: { if ((p[2]) >= GL_NAMES_MAX) return at; gl.BeginQuery((GLenum)p[1], gl_names[GL_KIND_QUERY][p[2]]); break; } // beginQuery
    case 147: { gl.EndQuery((GLenum)p[1]); break; } // endQuery
    case 148: { if ((p[1]) >= GL_NAMES_MAX) return at; gl.QueryCounterEXT(gl_names[GL_KIND_QUERY][p[1]], (GLenum)p[2]); break; } // queryCounter
    case 149: { if ((p[1]) >= GL_NAMES_MAX) return at; if (!gl_op_queryResult((uint32_t)p[1], (uint32_t)p[2])) return at; break; } // queryResult
    case 150: { if ((p[2]) >= GL_NAMES_MAX) return at; gl.BindTransformFeedback((GLenum)p[1], gl_names[GL_KIND_TRANSFORM_FEEDBACK][p[2]]); break; } // bindTransformFeedback
    case 151: { if ((p[1] | p[2]) >= GL_NAMES_MAX) return at; if (!gl_op_beginTransformFeedback((uint32_t)p[1], (uint32_t)p[2], (GLenum)p[3])) return at; break; } // beginTransformFeedback
    case 152: { if ((p[1]) >= GL_NAMES_MAX) return at; if (!gl_op_endTransformFeedback((uint32_t)p[1])) return at; break; } // endTransformFeedback
    case 153: { if ((p[1]) >= GL_NAMES_MAX) return at; if (!gl_op_pauseTransformFeedback((uint32_t)p[1])) return at; break; } // pauseTransformFeedback
    case 154: { if ((p[1]) >= GL_NAMES_MAX) return at; if (!gl_op_resumeTransformFeedback((uint32_t)p[1])) return at; break; } // resumeTransformFeedback
    case 155: { if (!gl_op_fence((uint32_t)p[1])) return at; break; } // fence
    case 156: { if (!gl_op_flushDriver()) return at; break; } // flushDriver
    case 157: { if (!gl_op_finishDriver()) return at; break; } // finishDriver
    }
    if (gl_missing_calls != 0) return at;
    if (gl_debug) gl_check_error(op);
    at += op_words[op];
  }
  return -1;
}
