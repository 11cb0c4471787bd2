// Written by scripts/generate-gl.mjs from gl/ops.ts and Khronos' gl.xml. Do not edit.

#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef unsigned int GLenum, GLbitfield, GLuint;
typedef unsigned char GLboolean, GLubyte;
typedef char GLchar;
typedef int GLint, GLsizei;
typedef float GLfloat;
typedef intptr_t GLintptr;
typedef ptrdiff_t GLsizeiptr;
typedef int64_t GLint64;
typedef uint64_t GLuint64;
typedef struct __GLsync *GLsync;
typedef void (*GLDEBUGPROC)(GLenum source, GLenum type, GLuint id, GLenum severity, GLsizei length, const GLchar *message, const void *user);
typedef GLDEBUGPROC GLDEBUGPROCKHR;

// A data reference that was checked against its segment.
typedef struct { uint8_t *bytes; uint32_t length; } GlData;

enum {
  GL_KIND_BUFFER,
  GL_KIND_TEXTURE,
  GL_KIND_SAMPLER,
  GL_KIND_PROGRAM,
  GL_KIND_FRAMEBUFFER,
  GL_KIND_RENDERBUFFER,
  GL_KIND_VERTEX_ARRAY,
  GL_KIND_QUERY,
  GL_KIND_TRANSFORM_FEEDBACK,
  GL_KINDS,
};

// Entry points, by eglGetProcAddress; those that the driver lacks point to a stub that counts the call.
typedef struct {
  void (*ActiveTexture)(GLenum texture);
  void (*AttachShader)(GLuint program, GLuint shader);
  void (*BeginConditionalRenderNV)(GLuint id, GLenum mode);
  void (*BeginQuery)(GLenum target, GLuint id);
  void (*BeginTransformFeedback)(GLenum primitiveMode);
  void (*BindAttribLocation)(GLuint program, GLuint index, const GLchar *name);
  void (*BindBuffer)(GLenum target, GLuint buffer);
  void (*BindBufferBase)(GLenum target, GLuint index, GLuint buffer);
  void (*BindBufferRange)(GLenum target, GLuint index, GLuint buffer, GLintptr offset, GLsizeiptr size);
  void (*BindFragDataLocationEXT)(GLuint program, GLuint color, const GLchar *name);
  void (*BindFragDataLocationIndexedEXT)(GLuint program, GLuint colorNumber, GLuint index, const GLchar *name);
  void (*BindFramebuffer)(GLenum target, GLuint framebuffer);
  void (*BindImageTexture)(GLuint unit, GLuint texture, GLint level, GLboolean layered, GLint layer, GLenum access, GLenum format);
  void (*BindRenderbuffer)(GLenum target, GLuint renderbuffer);
  void (*BindSampler)(GLuint unit, GLuint sampler);
  void (*BindTexture)(GLenum target, GLuint texture);
  void (*BindTransformFeedback)(GLenum target, GLuint id);
  void (*BindVertexArray)(GLuint array);
  void (*BlendBarrier)(void);
  void (*BlendColor)(GLfloat red, GLfloat green, GLfloat blue, GLfloat alpha);
  void (*BlendEquation)(GLenum mode);
  void (*BlendEquationSeparate)(GLenum modeRGB, GLenum modeAlpha);
  void (*BlendEquationSeparatei)(GLuint buf, GLenum modeRGB, GLenum modeAlpha);
  void (*BlendFuncSeparate)(GLenum sfactorRGB, GLenum dfactorRGB, GLenum sfactorAlpha, GLenum dfactorAlpha);
  void (*BlendFuncSeparatei)(GLuint buf, GLenum srcRGB, GLenum dstRGB, GLenum srcAlpha, GLenum dstAlpha);
  void (*BlitFramebuffer)(GLint srcX0, GLint srcY0, GLint srcX1, GLint srcY1, GLint dstX0, GLint dstY0, GLint dstX1, GLint dstY1, GLbitfield mask, GLenum filter);
  void (*BufferData)(GLenum target, GLsizeiptr size, const void *data, GLenum usage);
  void (*BufferSubData)(GLenum target, GLintptr offset, GLsizeiptr size, const void *data);
  GLenum (*CheckFramebufferStatus)(GLenum target);
  void (*Clear)(GLbitfield mask);
  void (*ClearBufferfi)(GLenum buffer, GLint drawbuffer, GLfloat depth, GLint stencil);
  void (*ClearBufferfv)(GLenum buffer, GLint drawbuffer, const GLfloat *value);
  void (*ClearBufferiv)(GLenum buffer, GLint drawbuffer, const GLint *value);
  void (*ClearBufferuiv)(GLenum buffer, GLint drawbuffer, const GLuint *value);
  void (*ClearColor)(GLfloat red, GLfloat green, GLfloat blue, GLfloat alpha);
  void (*ClearDepthf)(GLfloat d);
  void (*ClearStencil)(GLint s);
  GLenum (*ClientWaitSync)(GLsync sync, GLbitfield flags, GLuint64 timeout);
  void (*ClipControlEXT)(GLenum origin, GLenum depth);
  void (*ColorMask)(GLboolean red, GLboolean green, GLboolean blue, GLboolean alpha);
  void (*ColorMaski)(GLuint index, GLboolean r, GLboolean g, GLboolean b, GLboolean a);
  void (*CompileShader)(GLuint shader);
  void (*CompressedTexSubImage2D)(GLenum target, GLint level, GLint xoffset, GLint yoffset, GLsizei width, GLsizei height, GLenum format, GLsizei imageSize, const void *data);
  void (*CompressedTexSubImage3D)(GLenum target, GLint level, GLint xoffset, GLint yoffset, GLint zoffset, GLsizei width, GLsizei height, GLsizei depth, GLenum format, GLsizei imageSize, const void *data);
  void (*CopyBufferSubData)(GLenum readTarget, GLenum writeTarget, GLintptr readOffset, GLintptr writeOffset, GLsizeiptr size);
  void (*CopyImageSubData)(GLuint srcName, GLenum srcTarget, GLint srcLevel, GLint srcX, GLint srcY, GLint srcZ, GLuint dstName, GLenum dstTarget, GLint dstLevel, GLint dstX, GLint dstY, GLint dstZ, GLsizei srcWidth, GLsizei srcHeight, GLsizei srcDepth);
  void (*CopyTexSubImage2D)(GLenum target, GLint level, GLint xoffset, GLint yoffset, GLint x, GLint y, GLsizei width, GLsizei height);
  void (*CopyTexSubImage3D)(GLenum target, GLint level, GLint xoffset, GLint yoffset, GLint zoffset, GLint x, GLint y, GLsizei width, GLsizei height);
  GLuint (*CreateProgram)(void);
  GLuint (*CreateShader)(GLenum type);
  void (*CullFace)(GLenum mode);
  void (*DebugMessageCallbackKHR)(GLDEBUGPROCKHR callback, const void *userParam);
  void (*DeleteBuffers)(GLsizei n, const GLuint *buffers);
  void (*DeleteFramebuffers)(GLsizei n, const GLuint *framebuffers);
  void (*DeleteProgram)(GLuint program);
  void (*DeleteQueries)(GLsizei n, const GLuint *ids);
  void (*DeleteRenderbuffers)(GLsizei n, const GLuint *renderbuffers);
  void (*DeleteSamplers)(GLsizei count, const GLuint *samplers);
  void (*DeleteShader)(GLuint shader);
  void (*DeleteSync)(GLsync sync);
  void (*DeleteTextures)(GLsizei n, const GLuint *textures);
  void (*DeleteTransformFeedbacks)(GLsizei n, const GLuint *ids);
  void (*DeleteVertexArrays)(GLsizei n, const GLuint *arrays);
  void (*DepthFunc)(GLenum func);
  void (*DepthMask)(GLboolean flag);
  void (*DepthRangef)(GLfloat n, GLfloat f);
  void (*Disable)(GLenum cap);
  void (*DisableVertexAttribArray)(GLuint index);
  void (*Disablei)(GLenum target, GLuint index);
  void (*DispatchCompute)(GLuint num_groups_x, GLuint num_groups_y, GLuint num_groups_z);
  void (*DispatchComputeIndirect)(GLintptr indirect);
  void (*DrawArrays)(GLenum mode, GLint first, GLsizei count);
  void (*DrawArraysIndirect)(GLenum mode, const void *indirect);
  void (*DrawArraysInstanced)(GLenum mode, GLint first, GLsizei count, GLsizei instancecount);
  void (*DrawArraysInstancedBaseInstanceEXT)(GLenum mode, GLint first, GLsizei count, GLsizei instancecount, GLuint baseinstance);
  void (*DrawBuffers)(GLsizei n, const GLenum *bufs);
  void (*DrawElements)(GLenum mode, GLsizei count, GLenum type, const void *indices);
  void (*DrawElementsBaseVertex)(GLenum mode, GLsizei count, GLenum type, const void *indices, GLint basevertex);
  void (*DrawElementsIndirect)(GLenum mode, GLenum type, const void *indirect);
  void (*DrawElementsInstanced)(GLenum mode, GLsizei count, GLenum type, const void *indices, GLsizei instancecount);
  void (*DrawElementsInstancedBaseInstanceEXT)(GLenum mode, GLsizei count, GLenum type, const void *indices, GLsizei instancecount, GLuint baseinstance);
  void (*DrawElementsInstancedBaseVertex)(GLenum mode, GLsizei count, GLenum type, const void *indices, GLsizei instancecount, GLint basevertex);
  void (*DrawElementsInstancedBaseVertexBaseInstanceEXT)(GLenum mode, GLsizei count, GLenum type, const void *indices, GLsizei instancecount, GLint basevertex, GLuint baseinstance);
  void (*DrawRangeElements)(GLenum mode, GLuint start, GLuint end, GLsizei count, GLenum type, const void *indices);
  void (*Enable)(GLenum cap);
  void (*EnableVertexAttribArray)(GLuint index);
  void (*Enablei)(GLenum target, GLuint index);
  void (*EndConditionalRenderNV)(void);
  void (*EndQuery)(GLenum target);
  void (*EndTransformFeedback)(void);
  GLsync (*FenceSync)(GLenum condition, GLbitfield flags);
  void (*Finish)(void);
  void (*Flush)(void);
  void (*FramebufferRenderbuffer)(GLenum target, GLenum attachment, GLenum renderbuffertarget, GLuint renderbuffer);
  void (*FramebufferTexture)(GLenum target, GLenum attachment, GLuint texture, GLint level);
  void (*FramebufferTexture2D)(GLenum target, GLenum attachment, GLenum textarget, GLuint texture, GLint level);
  void (*FramebufferTexture2DMultisampleEXT)(GLenum target, GLenum attachment, GLenum textarget, GLuint texture, GLint level, GLsizei samples);
  void (*FramebufferTextureLayer)(GLenum target, GLenum attachment, GLuint texture, GLint level, GLint layer);
  void (*FrontFace)(GLenum mode);
  void (*GenBuffers)(GLsizei n, GLuint *buffers);
  void (*GenFramebuffers)(GLsizei n, GLuint *framebuffers);
  void (*GenQueries)(GLsizei n, GLuint *ids);
  void (*GenRenderbuffers)(GLsizei n, GLuint *renderbuffers);
  void (*GenSamplers)(GLsizei count, GLuint *samplers);
  void (*GenTextures)(GLsizei n, GLuint *textures);
  void (*GenTransformFeedbacks)(GLsizei n, GLuint *ids);
  void (*GenVertexArrays)(GLsizei n, GLuint *arrays);
  GLenum (*GetError)(void);
  void (*GetFloatv)(GLenum pname, GLfloat *data);
  GLenum (*GetGraphicsResetStatusKHR)(void);
  void (*GetInteger64v)(GLenum pname, GLint64 *data);
  void (*GetIntegeri_v)(GLenum target, GLuint index, GLint *data);
  void (*GetIntegerv)(GLenum pname, GLint *data);
  void (*GetInternalformativ)(GLenum target, GLenum internalformat, GLenum pname, GLsizei count, GLint *params);
  void (*GetProgramInfoLog)(GLuint program, GLsizei bufSize, GLsizei *length, GLchar *infoLog);
  void (*GetProgramiv)(GLuint program, GLenum pname, GLint *params);
  void (*GetQueryObjectui64vEXT)(GLuint id, GLenum pname, GLuint64 *params);
  void (*GetQueryObjectuiv)(GLuint id, GLenum pname, GLuint *params);
  void (*GetShaderInfoLog)(GLuint shader, GLsizei bufSize, GLsizei *length, GLchar *infoLog);
  void (*GetShaderiv)(GLuint shader, GLenum pname, GLint *params);
  const GLubyte * (*GetString)(GLenum name);
  const GLubyte * (*GetStringi)(GLenum name, GLuint index);
  GLuint (*GetUniformBlockIndex)(GLuint program, const GLchar *uniformBlockName);
  GLint (*GetUniformLocation)(GLuint program, const GLchar *name);
  void (*Hint)(GLenum target, GLenum mode);
  void (*InvalidateFramebuffer)(GLenum target, GLsizei numAttachments, const GLenum *attachments);
  GLboolean (*IsProgram)(GLuint program);
  void (*LineWidth)(GLfloat width);
  void (*LinkProgram)(GLuint program);
  void * (*MapBufferRange)(GLenum target, GLintptr offset, GLsizeiptr length, GLbitfield access);
  void (*MemoryBarrier)(GLbitfield barriers);
  void (*MemoryBarrierByRegion)(GLbitfield barriers);
  void (*MinSampleShading)(GLfloat value);
  void (*PatchParameteri)(GLenum pname, GLint value);
  void (*PauseTransformFeedback)(void);
  void (*PixelStorei)(GLenum pname, GLint param);
  void (*PolygonOffset)(GLfloat factor, GLfloat units);
  void (*PolygonOffsetClampEXT)(GLfloat factor, GLfloat units, GLfloat clamp);
  void (*ProgramUniform1i)(GLuint program, GLint location, GLint v0);
  void (*QueryCounterEXT)(GLuint id, GLenum target);
  void (*ReadBuffer)(GLenum src);
  void (*ReadPixels)(GLint x, GLint y, GLsizei width, GLsizei height, GLenum format, GLenum type, void *pixels);
  void (*RenderbufferStorage)(GLenum target, GLenum internalformat, GLsizei width, GLsizei height);
  void (*RenderbufferStorageMultisample)(GLenum target, GLsizei samples, GLenum internalformat, GLsizei width, GLsizei height);
  void (*ResumeTransformFeedback)(void);
  void (*SampleCoverage)(GLfloat value, GLboolean invert);
  void (*SampleMaski)(GLuint maskNumber, GLbitfield mask);
  void (*SamplerParameterIiv)(GLuint sampler, GLenum pname, const GLint *param);
  void (*SamplerParameterIuiv)(GLuint sampler, GLenum pname, const GLuint *param);
  void (*SamplerParameterf)(GLuint sampler, GLenum pname, GLfloat param);
  void (*SamplerParameterfv)(GLuint sampler, GLenum pname, const GLfloat *param);
  void (*SamplerParameteri)(GLuint sampler, GLenum pname, GLint param);
  void (*Scissor)(GLint x, GLint y, GLsizei width, GLsizei height);
  void (*ScissorIndexedOES)(GLuint index, GLint left, GLint bottom, GLsizei width, GLsizei height);
  void (*ShaderSource)(GLuint shader, GLsizei count, const GLchar *const*string, const GLint *length);
  void (*StencilFuncSeparate)(GLenum face, GLenum func, GLint ref, GLuint mask);
  void (*StencilMaskSeparate)(GLenum face, GLuint mask);
  void (*StencilOpSeparate)(GLenum face, GLenum sfail, GLenum dpfail, GLenum dppass);
  void (*TexBuffer)(GLenum target, GLenum internalformat, GLuint buffer);
  void (*TexBufferRange)(GLenum target, GLenum internalformat, GLuint buffer, GLintptr offset, GLsizeiptr size);
  void (*TexParameterf)(GLenum target, GLenum pname, GLfloat param);
  void (*TexParameterfv)(GLenum target, GLenum pname, const GLfloat *params);
  void (*TexParameteri)(GLenum target, GLenum pname, GLint param);
  void (*TexParameteriv)(GLenum target, GLenum pname, const GLint *params);
  void (*TexStorage2D)(GLenum target, GLsizei levels, GLenum internalformat, GLsizei width, GLsizei height);
  void (*TexStorage2DMultisample)(GLenum target, GLsizei samples, GLenum internalformat, GLsizei width, GLsizei height, GLboolean fixedsamplelocations);
  void (*TexStorage3D)(GLenum target, GLsizei levels, GLenum internalformat, GLsizei width, GLsizei height, GLsizei depth);
  void (*TexStorage3DMultisample)(GLenum target, GLsizei samples, GLenum internalformat, GLsizei width, GLsizei height, GLsizei depth, GLboolean fixedsamplelocations);
  void (*TexSubImage2D)(GLenum target, GLint level, GLint xoffset, GLint yoffset, GLsizei width, GLsizei height, GLenum format, GLenum type, const void *pixels);
  void (*TexSubImage3D)(GLenum target, GLint level, GLint xoffset, GLint yoffset, GLint zoffset, GLsizei width, GLsizei height, GLsizei depth, GLenum format, GLenum type, const void *pixels);
  void (*TextureBarrierNV)(void);
  void (*TextureViewOES)(GLuint texture, GLenum target, GLuint origtexture, GLenum internalformat, GLuint minlevel, GLuint numlevels, GLuint minlayer, GLuint numlayers);
  void (*TransformFeedbackVaryings)(GLuint program, GLsizei count, const GLchar *const*varyings, GLenum bufferMode);
  void (*Uniform1i)(GLint location, GLint v0);
  void (*Uniform4f)(GLint location, GLfloat v0, GLfloat v1, GLfloat v2, GLfloat v3);
  void (*Uniform4fv)(GLint location, GLsizei count, const GLfloat *value);
  void (*Uniform4uiv)(GLint location, GLsizei count, const GLuint *value);
  void (*UniformBlockBinding)(GLuint program, GLuint uniformBlockIndex, GLuint uniformBlockBinding);
  GLboolean (*UnmapBuffer)(GLenum target);
  void (*UseProgram)(GLuint program);
  void (*VertexAttrib4f)(GLuint index, GLfloat x, GLfloat y, GLfloat z, GLfloat w);
  void (*VertexAttribDivisor)(GLuint index, GLuint divisor);
  void (*VertexAttribI4i)(GLuint index, GLint x, GLint y, GLint z, GLint w);
  void (*VertexAttribI4ui)(GLuint index, GLuint x, GLuint y, GLuint z, GLuint w);
  void (*VertexAttribIPointer)(GLuint index, GLint size, GLenum type, GLsizei stride, const void *pointer);
  void (*VertexAttribPointer)(GLuint index, GLint size, GLenum type, GLboolean normalized, GLsizei stride, const void *pointer);
  void (*Viewport)(GLint x, GLint y, GLsizei width, GLsizei height);
  void (*ViewportIndexedfOES)(GLuint index, GLfloat x, GLfloat y, GLfloat w, GLfloat h);
} GlEntries;
extern GlEntries gl;
enum { GL_ENTRY_COUNT = 188 };
extern const char *const gl_entry_names[GL_ENTRY_COUNT]; // alternatives separated by '|', in the order of GlEntries

void gl_trace_entries(GlEntries *table); // entries that write their arguments to gl_trace_text

enum { GL_OP_COUNT = 157 };
extern const char *const gl_op_names[GL_OP_COUNT + 1];
// Executes words; returns -1 or the index of the first bad op's first word.
int64_t gl_replay(const uint32_t *words, uint32_t count);

// Written by hand; each returns whether it accepts its arguments.
int gl_op_readPixels(int32_t x, int32_t y, int32_t width, int32_t height, GLenum format, GLenum type, uint32_t strideBytes, GlData data);
int gl_op_texSubImage2D(GLenum target, int32_t level, int32_t x, int32_t y, int32_t width, int32_t height, GLenum format, GLenum type, uint32_t strideBytes, GlData data);
int gl_op_texSubImage3D(GLenum target, int32_t level, int32_t x, int32_t y, int32_t z, int32_t width, int32_t height, int32_t depth, GLenum format, GLenum type, uint32_t strideBytes, uint32_t layerStrideBytes, GlData data);
int gl_op_compressedTexSubImage2D(GLenum target, int32_t level, int32_t x, int32_t y, int32_t width, int32_t height, GLenum format, uint32_t blockWidth, uint32_t blockHeight, uint32_t blockBytes, uint32_t strideBytes, GlData data);
int gl_op_compressedTexSubImage3D(GLenum target, int32_t level, int32_t x, int32_t y, int32_t z, int32_t width, int32_t height, int32_t depth, GLenum format, uint32_t blockWidth, uint32_t blockHeight, uint32_t blockBytes, uint32_t strideBytes, uint32_t layerStrideBytes, GlData data);
int gl_op_bufferData(GLenum target, GLenum usage, GlData data);
int gl_op_bufferSubData(GLenum target, uint32_t dstOffset, GlData data);
int gl_op_bufferZeros(GLenum target, uint32_t sizeBytes, GLenum usage);
int gl_op_getBufferSubData(GLenum target, uint32_t srcOffset, GlData data);
int gl_op_copyBytes(GlData dst, GlData src);
int gl_op_bindUniformRing(uint32_t slot, uint32_t ringOffsetBytes, uint32_t sizeBytes);
int gl_op_linkProgramData(uint32_t program, GlData data);
int gl_op_deleteProgram(uint32_t program);
int gl_op_uniform4fv(uint32_t program, uint32_t slot, uint32_t count, GlData data);
int gl_op_uniform4uiv(uint32_t program, uint32_t slot, uint32_t count, GlData data);
int gl_op_uniform4f(uint32_t program, uint32_t slot, float x, float y, float z, float w);
int gl_op_uniform1i(uint32_t program, uint32_t slot, int32_t value);
int gl_op_queryResult(uint32_t query, uint32_t ticket);
int gl_op_beginTransformFeedback(uint32_t transformFeedback, uint32_t program, GLenum mode);
int gl_op_endTransformFeedback(uint32_t transformFeedback);
int gl_op_pauseTransformFeedback(uint32_t transformFeedback);
int gl_op_resumeTransformFeedback(uint32_t transformFeedback);
int gl_op_fence(uint32_t id);
int gl_op_flushDriver(void);
int gl_op_finishDriver(void);
