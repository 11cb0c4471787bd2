// Written by scripts/generate-gl.mjs from gl/ops.ts and Khronos' gl.xml. Do not edit.

#include "../gl.h"

static const char *pointer_text(const void *pointer) {
  return gl_trace_pointer(pointer);
}

static void trace_ActiveTexture(GLenum texture) {
  gl_trace_write("glActiveTexture %u\n", (unsigned)texture);
}
static void trace_AttachShader(GLuint program, GLuint shader) {
  gl_trace_write("glAttachShader %u %u\n", (unsigned)program, (unsigned)shader);
}
static void trace_BeginConditionalRenderNV(GLuint id, GLenum mode) {
  gl_trace_write("glBeginConditionalRenderNV %u %u\n", (unsigned)id, (unsigned)mode);
}
static void trace_BeginQuery(GLenum target, GLuint id) {
  gl_trace_write("glBeginQuery %u %u\n", (unsigned)target, (unsigned)id);
}
static void trace_BeginTransformFeedback(GLenum primitiveMode) {
  gl_trace_write("glBeginTransformFeedback %u\n", (unsigned)primitiveMode);
}
static void trace_BindAttribLocation(GLuint program, GLuint index, const GLchar *name) {
  gl_trace_write("glBindAttribLocation %u %u %s\n", (unsigned)program, (unsigned)index, pointer_text((const void *)(uintptr_t)name));
}
static void trace_BindBuffer(GLenum target, GLuint buffer) {
  gl_trace_write("glBindBuffer %u %u\n", (unsigned)target, (unsigned)buffer);
}
static void trace_BindBufferBase(GLenum target, GLuint index, GLuint buffer) {
  gl_trace_write("glBindBufferBase %u %u %u\n", (unsigned)target, (unsigned)index, (unsigned)buffer);
}
static void trace_BindBufferRange(GLenum target, GLuint index, GLuint buffer, GLintptr offset, GLsizeiptr size) {
  gl_trace_write("glBindBufferRange %u %u %u %lld %lld\n", (unsigned)target, (unsigned)index, (unsigned)buffer, (long long)offset, (long long)size);
}
static void trace_BindFragDataLocationEXT(GLuint program, GLuint color, const GLchar *name) {
  gl_trace_write("glBindFragDataLocationEXT %u %u %s\n", (unsigned)program, (unsigned)color, pointer_text((const void *)(uintptr_t)name));
}
static void trace_BindFragDataLocationIndexedEXT(GLuint program, GLuint colorNumber, GLuint index, const GLchar *name) {
  gl_trace_write("glBindFragDataLocationIndexedEXT %u %u %u %s\n", (unsigned)program, (unsigned)colorNumber, (unsigned)index, pointer_text((const void *)(uintptr_t)name));
}
static void trace_BindFramebuffer(GLenum target, GLuint framebuffer) {
  gl_trace_write("glBindFramebuffer %u %u\n", (unsigned)target, (unsigned)framebuffer);
}
static void trace_BindImageTexture(GLuint unit, GLuint texture, GLint level, GLboolean layered, GLint layer, GLenum access, GLenum format) {
  gl_trace_write("glBindImageTexture %u %u %d %u %d %u %u\n", (unsigned)unit, (unsigned)texture, (int)level, (unsigned)layered, (int)layer, (unsigned)access, (unsigned)format);
}
static void trace_BindRenderbuffer(GLenum target, GLuint renderbuffer) {
  gl_trace_write("glBindRenderbuffer %u %u\n", (unsigned)target, (unsigned)renderbuffer);
}
static void trace_BindSampler(GLuint unit, GLuint sampler) {
  gl_trace_write("glBindSampler %u %u\n", (unsigned)unit, (unsigned)sampler);
}
static void trace_BindTexture(GLenum target, GLuint texture) {
  gl_trace_write("glBindTexture %u %u\n", (unsigned)target, (unsigned)texture);
}
static void trace_BindTransformFeedback(GLenum target, GLuint id) {
  gl_trace_write("glBindTransformFeedback %u %u\n", (unsigned)target, (unsigned)id);
}
static void trace_BindVertexArray(GLuint array) {
  gl_trace_write("glBindVertexArray %u\n", (unsigned)array);
}
static void trace_BlendBarrier(void) {
  gl_trace_write("glBlendBarrier\n");
}
static void trace_BlendColor(GLfloat red, GLfloat green, GLfloat blue, GLfloat alpha) {
  gl_trace_write("glBlendColor %.9g %.9g %.9g %.9g\n", (double)red, (double)green, (double)blue, (double)alpha);
}
static void trace_BlendEquation(GLenum mode) {
  gl_trace_write("glBlendEquation %u\n", (unsigned)mode);
}
static void trace_BlendEquationSeparate(GLenum modeRGB, GLenum modeAlpha) {
  gl_trace_write("glBlendEquationSeparate %u %u\n", (unsigned)modeRGB, (unsigned)modeAlpha);
}
static void trace_BlendEquationSeparatei(GLuint buf, GLenum modeRGB, GLenum modeAlpha) {
  gl_trace_write("glBlendEquationSeparatei %u %u %u\n", (unsigned)buf, (unsigned)modeRGB, (unsigned)modeAlpha);
}
static void trace_BlendFuncSeparate(GLenum sfactorRGB, GLenum dfactorRGB, GLenum sfactorAlpha, GLenum dfactorAlpha) {
  gl_trace_write("glBlendFuncSeparate %u %u %u %u\n", (unsigned)sfactorRGB, (unsigned)dfactorRGB, (unsigned)sfactorAlpha, (unsigned)dfactorAlpha);
}
static void trace_BlendFuncSeparatei(GLuint buf, GLenum srcRGB, GLenum dstRGB, GLenum srcAlpha, GLenum dstAlpha) {
  gl_trace_write("glBlendFuncSeparatei %u %u %u %u %u\n", (unsigned)buf, (unsigned)srcRGB, (unsigned)dstRGB, (unsigned)srcAlpha, (unsigned)dstAlpha);
}
static void trace_BlitFramebuffer(GLint srcX0, GLint srcY0, GLint srcX1, GLint srcY1, GLint dstX0, GLint dstY0, GLint dstX1, GLint dstY1, GLbitfield mask, GLenum filter) {
  gl_trace_write("glBlitFramebuffer %d %d %d %d %d %d %d %d %u %u\n", (int)srcX0, (int)srcY0, (int)srcX1, (int)srcY1, (int)dstX0, (int)dstY0, (int)dstX1, (int)dstY1, (unsigned)mask, (unsigned)filter);
}
static void trace_BufferData(GLenum target, GLsizeiptr size, const void *data, GLenum usage) {
  gl_trace_write("glBufferData %u %lld %s %u\n", (unsigned)target, (long long)size, pointer_text((const void *)(uintptr_t)data), (unsigned)usage);
}
static void trace_BufferSubData(GLenum target, GLintptr offset, GLsizeiptr size, const void *data) {
  gl_trace_write("glBufferSubData %u %lld %lld %s\n", (unsigned)target, (long long)offset, (long long)size, pointer_text((const void *)(uintptr_t)data));
}
static GLenum trace_CheckFramebufferStatus(GLenum target) {
  gl_trace_write("glCheckFramebufferStatus %u\n", (unsigned)target);
  return 0;
}
static void trace_Clear(GLbitfield mask) {
  gl_trace_write("glClear %u\n", (unsigned)mask);
}
static void trace_ClearBufferfi(GLenum buffer, GLint drawbuffer, GLfloat depth, GLint stencil) {
  gl_trace_write("glClearBufferfi %u %d %.9g %d\n", (unsigned)buffer, (int)drawbuffer, (double)depth, (int)stencil);
}
static void trace_ClearBufferfv(GLenum buffer, GLint drawbuffer, const GLfloat *value) {
  gl_trace_write("glClearBufferfv %u %d %s\n", (unsigned)buffer, (int)drawbuffer, pointer_text((const void *)(uintptr_t)value));
}
static void trace_ClearBufferiv(GLenum buffer, GLint drawbuffer, const GLint *value) {
  gl_trace_write("glClearBufferiv %u %d %s\n", (unsigned)buffer, (int)drawbuffer, pointer_text((const void *)(uintptr_t)value));
}
static void trace_ClearBufferuiv(GLenum buffer, GLint drawbuffer, const GLuint *value) {
  gl_trace_write("glClearBufferuiv %u %d %s\n", (unsigned)buffer, (int)drawbuffer, pointer_text((const void *)(uintptr_t)value));
}
static void trace_ClearColor(GLfloat red, GLfloat green, GLfloat blue, GLfloat alpha) {
  gl_trace_write("glClearColor %.9g %.9g %.9g %.9g\n", (double)red, (double)green, (double)blue, (double)alpha);
}
static void trace_ClearDepthf(GLfloat d) {
  gl_trace_write("glClearDepthf %.9g\n", (double)d);
}
static void trace_ClearStencil(GLint s) {
  gl_trace_write("glClearStencil %d\n", (int)s);
}
static GLenum trace_ClientWaitSync(GLsync sync, GLbitfield flags, GLuint64 timeout) {
  gl_trace_write("glClientWaitSync %s %u %lld\n", pointer_text((const void *)(uintptr_t)sync), (unsigned)flags, (long long)timeout);
  return 0;
}
static void trace_ClipControlEXT(GLenum origin, GLenum depth) {
  gl_trace_write("glClipControlEXT %u %u\n", (unsigned)origin, (unsigned)depth);
}
static void trace_ColorMask(GLboolean red, GLboolean green, GLboolean blue, GLboolean alpha) {
  gl_trace_write("glColorMask %u %u %u %u\n", (unsigned)red, (unsigned)green, (unsigned)blue, (unsigned)alpha);
}
static void trace_ColorMaski(GLuint index, GLboolean r, GLboolean g, GLboolean b, GLboolean a) {
  gl_trace_write("glColorMaski %u %u %u %u %u\n", (unsigned)index, (unsigned)r, (unsigned)g, (unsigned)b, (unsigned)a);
}
static void trace_CompileShader(GLuint shader) {
  gl_trace_write("glCompileShader %u\n", (unsigned)shader);
}
static void trace_CompressedTexSubImage2D(GLenum target, GLint level, GLint xoffset, GLint yoffset, GLsizei width, GLsizei height, GLenum format, GLsizei imageSize, const void *data) {
  gl_trace_write("glCompressedTexSubImage2D %u %d %d %d %d %d %u %d %s\n", (unsigned)target, (int)level, (int)xoffset, (int)yoffset, (int)width, (int)height, (unsigned)format, (int)imageSize, pointer_text((const void *)(uintptr_t)data));
}
static void trace_CompressedTexSubImage3D(GLenum target, GLint level, GLint xoffset, GLint yoffset, GLint zoffset, GLsizei width, GLsizei height, GLsizei depth, GLenum format, GLsizei imageSize, const void *data) {
  gl_trace_write("glCompressedTexSubImage3D %u %d %d %d %d %d %d %d %u %d %s\n", (unsigned)target, (int)level, (int)xoffset, (int)yoffset, (int)zoffset, (int)width, (int)height, (int)depth, (unsigned)format, (int)imageSize, pointer_text((const void *)(uintptr_t)data));
}
static void trace_CopyBufferSubData(GLenum readTarget, GLenum writeTarget, GLintptr readOffset, GLintptr writeOffset, GLsizeiptr size) {
  gl_trace_write("glCopyBufferSubData %u %u %lld %lld %lld\n", (unsigned)readTarget, (unsigned)writeTarget, (long long)readOffset, (long long)writeOffset, (long long)size);
}
static void trace_CopyImageSubData(GLuint srcName, GLenum srcTarget, GLint srcLevel, GLint srcX, GLint srcY, GLint srcZ, GLuint dstName, GLenum dstTarget, GLint dstLevel, GLint dstX, GLint dstY, GLint dstZ, GLsizei srcWidth, GLsizei srcHeight, GLsizei srcDepth) {
  gl_trace_write("glCopyImageSubData %u %u %d %d %d %d %u %u %d %d %d %d %d %d %d\n", (unsigned)srcName, (unsigned)srcTarget, (int)srcLevel, (int)srcX, (int)srcY, (int)srcZ, (unsigned)dstName, (unsigned)dstTarget, (int)dstLevel, (int)dstX, (int)dstY, (int)dstZ, (int)srcWidth, (int)srcHeight, (int)srcDepth);
}
static void trace_CopyTexSubImage2D(GLenum target, GLint level, GLint xoffset, GLint yoffset, GLint x, GLint y, GLsizei width, GLsizei height) {
  gl_trace_write("glCopyTexSubImage2D %u %d %d %d %d %d %d %d\n", (unsigned)target, (int)level, (int)xoffset, (int)yoffset, (int)x, (int)y, (int)width, (int)height);
}
static void trace_CopyTexSubImage3D(GLenum target, GLint level, GLint xoffset, GLint yoffset, GLint zoffset, GLint x, GLint y, GLsizei width, GLsizei height) {
  gl_trace_write("glCopyTexSubImage3D %u %d %d %d %d %d %d %d %d\n", (unsigned)target, (int)level, (int)xoffset, (int)yoffset, (int)zoffset, (int)x, (int)y, (int)width, (int)height);
}
static GLuint trace_CreateProgram(void) {
  gl_trace_write("glCreateProgram\n");
  return 0;
}
static GLuint trace_CreateShader(GLenum type) {
  gl_trace_write("glCreateShader %u\n", (unsigned)type);
  return 0;
}
static void trace_CullFace(GLenum mode) {
  gl_trace_write("glCullFace %u\n", (unsigned)mode);
}
static void trace_DebugMessageCallbackKHR(GLDEBUGPROCKHR callback, const void *userParam) {
  gl_trace_write("glDebugMessageCallbackKHR %s %s\n", pointer_text((const void *)(uintptr_t)callback), pointer_text((const void *)(uintptr_t)userParam));
}
static void trace_DeleteBuffers(GLsizei n, const GLuint *buffers) {
  gl_trace_write("glDeleteBuffers %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)buffers));
}
static void trace_DeleteFramebuffers(GLsizei n, const GLuint *framebuffers) {
  gl_trace_write("glDeleteFramebuffers %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)framebuffers));
}
static void trace_DeleteProgram(GLuint program) {
  gl_trace_write("glDeleteProgram %u\n", (unsigned)program);
}
static void trace_DeleteQueries(GLsizei n, const GLuint *ids) {
  gl_trace_write("glDeleteQueries %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)ids));
}
static void trace_DeleteRenderbuffers(GLsizei n, const GLuint *renderbuffers) {
  gl_trace_write("glDeleteRenderbuffers %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)renderbuffers));
}
static void trace_DeleteSamplers(GLsizei count, const GLuint *samplers) {
  gl_trace_write("glDeleteSamplers %d %s\n", (int)count, pointer_text((const void *)(uintptr_t)samplers));
}
static void trace_DeleteShader(GLuint shader) {
  gl_trace_write("glDeleteShader %u\n", (unsigned)shader);
}
static void trace_DeleteSync(GLsync sync) {
  gl_trace_write("glDeleteSync %s\n", pointer_text((const void *)(uintptr_t)sync));
}
static void trace_DeleteTextures(GLsizei n, const GLuint *textures) {
  gl_trace_write("glDeleteTextures %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)textures));
}
static void trace_DeleteTransformFeedbacks(GLsizei n, const GLuint *ids) {
  gl_trace_write("glDeleteTransformFeedbacks %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)ids));
}
static void trace_DeleteVertexArrays(GLsizei n, const GLuint *arrays) {
  gl_trace_write("glDeleteVertexArrays %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)arrays));
}
static void trace_DepthFunc(GLenum func) {
  gl_trace_write("glDepthFunc %u\n", (unsigned)func);
}
static void trace_DepthMask(GLboolean flag) {
  gl_trace_write("glDepthMask %u\n", (unsigned)flag);
}
static void trace_DepthRangef(GLfloat n, GLfloat f) {
  gl_trace_write("glDepthRangef %.9g %.9g\n", (double)n, (double)f);
}
static void trace_Disable(GLenum cap) {
  gl_trace_write("glDisable %u\n", (unsigned)cap);
}
static void trace_DisableVertexAttribArray(GLuint index) {
  gl_trace_write("glDisableVertexAttribArray %u\n", (unsigned)index);
}
static void trace_Disablei(GLenum target, GLuint index) {
  gl_trace_write("glDisablei %u %u\n", (unsigned)target, (unsigned)index);
}
static void trace_DispatchCompute(GLuint num_groups_x, GLuint num_groups_y, GLuint num_groups_z) {
  gl_trace_write("glDispatchCompute %u %u %u\n", (unsigned)num_groups_x, (unsigned)num_groups_y, (unsigned)num_groups_z);
}
static void trace_DispatchComputeIndirect(GLintptr indirect) {
  gl_trace_write("glDispatchComputeIndirect %lld\n", (long long)indirect);
}
static void trace_DrawArrays(GLenum mode, GLint first, GLsizei count) {
  gl_trace_write("glDrawArrays %u %d %d\n", (unsigned)mode, (int)first, (int)count);
}
static void trace_DrawArraysIndirect(GLenum mode, const void *indirect) {
  gl_trace_write("glDrawArraysIndirect %u %s\n", (unsigned)mode, pointer_text((const void *)(uintptr_t)indirect));
}
static void trace_DrawArraysInstanced(GLenum mode, GLint first, GLsizei count, GLsizei instancecount) {
  gl_trace_write("glDrawArraysInstanced %u %d %d %d\n", (unsigned)mode, (int)first, (int)count, (int)instancecount);
}
static void trace_DrawArraysInstancedBaseInstanceEXT(GLenum mode, GLint first, GLsizei count, GLsizei instancecount, GLuint baseinstance) {
  gl_trace_write("glDrawArraysInstancedBaseInstanceEXT %u %d %d %d %u\n", (unsigned)mode, (int)first, (int)count, (int)instancecount, (unsigned)baseinstance);
}
static void trace_DrawBuffers(GLsizei n, const GLenum *bufs) {
  gl_trace_write("glDrawBuffers %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)bufs));
}
static void trace_DrawElements(GLenum mode, GLsizei count, GLenum type, const void *indices) {
  gl_trace_write("glDrawElements %u %d %u %s\n", (unsigned)mode, (int)count, (unsigned)type, pointer_text((const void *)(uintptr_t)indices));
}
static void trace_DrawElementsBaseVertex(GLenum mode, GLsizei count, GLenum type, const void *indices, GLint basevertex) {
  gl_trace_write("glDrawElementsBaseVertex %u %d %u %s %d\n", (unsigned)mode, (int)count, (unsigned)type, pointer_text((const void *)(uintptr_t)indices), (int)basevertex);
}
static void trace_DrawElementsIndirect(GLenum mode, GLenum type, const void *indirect) {
  gl_trace_write("glDrawElementsIndirect %u %u %s\n", (unsigned)mode, (unsigned)type, pointer_text((const void *)(uintptr_t)indirect));
}
static void trace_DrawElementsInstanced(GLenum mode, GLsizei count, GLenum type, const void *indices, GLsizei instancecount) {
  gl_trace_write("glDrawElementsInstanced %u %d %u %s %d\n", (unsigned)mode, (int)count, (unsigned)type, pointer_text((const void *)(uintptr_t)indices), (int)instancecount);
}
static void trace_DrawElementsInstancedBaseInstanceEXT(GLenum mode, GLsizei count, GLenum type, const void *indices, GLsizei instancecount, GLuint baseinstance) {
  gl_trace_write("glDrawElementsInstancedBaseInstanceEXT %u %d %u %s %d %u\n", (unsigned)mode, (int)count, (unsigned)type, pointer_text((const void *)(uintptr_t)indices), (int)instancecount, (unsigned)baseinstance);
}
static void trace_DrawElementsInstancedBaseVertex(GLenum mode, GLsizei count, GLenum type, const void *indices, GLsizei instancecount, GLint basevertex) {
  gl_trace_write("glDrawElementsInstancedBaseVertex %u %d %u %s %d %d\n", (unsigned)mode, (int)count, (unsigned)type, pointer_text((const void *)(uintptr_t)indices), (int)instancecount, (int)basevertex);
}
static void trace_DrawElementsInstancedBaseVertexBaseInstanceEXT(GLenum mode, GLsizei count, GLenum type, const void *indices, GLsizei instancecount, GLint basevertex, GLuint baseinstance) {
  gl_trace_write("glDrawElementsInstancedBaseVertexBaseInstanceEXT %u %d %u %s %d %d %u\n", (unsigned)mode, (int)count, (unsigned)type, pointer_text((const void *)(uintptr_t)indices), (int)instancecount, (int)basevertex, (unsigned)baseinstance);
}
static void trace_DrawRangeElements(GLenum mode, GLuint start, GLuint end, GLsizei count, GLenum type, const void *indices) {
  gl_trace_write("glDrawRangeElements %u %u %u %d %u %s\n", (unsigned)mode, (unsigned)start, (unsigned)end, (int)count, (unsigned)type, pointer_text((const void *)(uintptr_t)indices));
}
static void trace_Enable(GLenum cap) {
  gl_trace_write("glEnable %u\n", (unsigned)cap);
}
static void trace_EnableVertexAttribArray(GLuint index) {
  gl_trace_write("glEnableVertexAttribArray %u\n", (unsigned)index);
}
static void trace_Enablei(GLenum target, GLuint index) {
  gl_trace_write("glEnablei %u %u\n", (unsigned)target, (unsigned)index);
}
static void trace_EndConditionalRenderNV(void) {
  gl_trace_write("glEndConditionalRenderNV\n");
}
static void trace_EndQuery(GLenum target) {
  gl_trace_write("glEndQuery %u\n", (unsigned)target);
}
static void trace_EndTransformFeedback(void) {
  gl_trace_write("glEndTransformFeedback\n");
}
static GLsync trace_FenceSync(GLenum condition, GLbitfield flags) {
  gl_trace_write("glFenceSync %u %u\n", (unsigned)condition, (unsigned)flags);
  return 0;
}
static void trace_Finish(void) {
  gl_trace_write("glFinish\n");
}
static void trace_Flush(void) {
  gl_trace_write("glFlush\n");
}
static void trace_FramebufferRenderbuffer(GLenum target, GLenum attachment, GLenum renderbuffertarget, GLuint renderbuffer) {
  gl_trace_write("glFramebufferRenderbuffer %u %u %u %u\n", (unsigned)target, (unsigned)attachment, (unsigned)renderbuffertarget, (unsigned)renderbuffer);
}
static void trace_FramebufferTexture(GLenum target, GLenum attachment, GLuint texture, GLint level) {
  gl_trace_write("glFramebufferTexture %u %u %u %d\n", (unsigned)target, (unsigned)attachment, (unsigned)texture, (int)level);
}
static void trace_FramebufferTexture2D(GLenum target, GLenum attachment, GLenum textarget, GLuint texture, GLint level) {
  gl_trace_write("glFramebufferTexture2D %u %u %u %u %d\n", (unsigned)target, (unsigned)attachment, (unsigned)textarget, (unsigned)texture, (int)level);
}
static void trace_FramebufferTexture2DMultisampleEXT(GLenum target, GLenum attachment, GLenum textarget, GLuint texture, GLint level, GLsizei samples) {
  gl_trace_write("glFramebufferTexture2DMultisampleEXT %u %u %u %u %d %d\n", (unsigned)target, (unsigned)attachment, (unsigned)textarget, (unsigned)texture, (int)level, (int)samples);
}
static void trace_FramebufferTextureLayer(GLenum target, GLenum attachment, GLuint texture, GLint level, GLint layer) {
  gl_trace_write("glFramebufferTextureLayer %u %u %u %d %d\n", (unsigned)target, (unsigned)attachment, (unsigned)texture, (int)level, (int)layer);
}
static void trace_FrontFace(GLenum mode) {
  gl_trace_write("glFrontFace %u\n", (unsigned)mode);
}
static void trace_GenBuffers(GLsizei n, GLuint *buffers) {
  gl_trace_write("glGenBuffers %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)buffers));
}
static void trace_GenFramebuffers(GLsizei n, GLuint *framebuffers) {
  gl_trace_write("glGenFramebuffers %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)framebuffers));
}
static void trace_GenQueries(GLsizei n, GLuint *ids) {
  gl_trace_write("glGenQueries %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)ids));
}
static void trace_GenRenderbuffers(GLsizei n, GLuint *renderbuffers) {
  gl_trace_write("glGenRenderbuffers %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)renderbuffers));
}
static void trace_GenSamplers(GLsizei count, GLuint *samplers) {
  gl_trace_write("glGenSamplers %d %s\n", (int)count, pointer_text((const void *)(uintptr_t)samplers));
}
static void trace_GenTextures(GLsizei n, GLuint *textures) {
  gl_trace_write("glGenTextures %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)textures));
}
static void trace_GenTransformFeedbacks(GLsizei n, GLuint *ids) {
  gl_trace_write("glGenTransformFeedbacks %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)ids));
}
static void trace_GenVertexArrays(GLsizei n, GLuint *arrays) {
  gl_trace_write("glGenVertexArrays %d %s\n", (int)n, pointer_text((const void *)(uintptr_t)arrays));
}
static GLenum trace_GetError(void) {
  gl_trace_write("glGetError\n");
  return 0;
}
static void trace_GetFloatv(GLenum pname, GLfloat *data) {
  gl_trace_write("glGetFloatv %u %s\n", (unsigned)pname, pointer_text((const void *)(uintptr_t)data));
}
static GLenum trace_GetGraphicsResetStatusKHR(void) {
  gl_trace_write("glGetGraphicsResetStatusKHR\n");
  return 0;
}
static void trace_GetInteger64v(GLenum pname, GLint64 *data) {
  gl_trace_write("glGetInteger64v %u %s\n", (unsigned)pname, pointer_text((const void *)(uintptr_t)data));
}
static void trace_GetIntegeri_v(GLenum target, GLuint index, GLint *data) {
  gl_trace_write("glGetIntegeri_v %u %u %s\n", (unsigned)target, (unsigned)index, pointer_text((const void *)(uintptr_t)data));
}
static void trace_GetIntegerv(GLenum pname, GLint *data) {
  gl_trace_write("glGetIntegerv %u %s\n", (unsigned)pname, pointer_text((const void *)(uintptr_t)data));
}
static void trace_GetInternalformativ(GLenum target, GLenum internalformat, GLenum pname, GLsizei count, GLint *params) {
  gl_trace_write("glGetInternalformativ %u %u %u %d %s\n", (unsigned)target, (unsigned)internalformat, (unsigned)pname, (int)count, pointer_text((const void *)(uintptr_t)params));
}
static void trace_GetProgramInfoLog(GLuint program, GLsizei bufSize, GLsizei *length, GLchar *infoLog) {
  gl_trace_write("glGetProgramInfoLog %u %d %s %s\n", (unsigned)program, (int)bufSize, pointer_text((const void *)(uintptr_t)length), pointer_text((const void *)(uintptr_t)infoLog));
}
static void trace_GetProgramiv(GLuint program, GLenum pname, GLint *params) {
  gl_trace_write("glGetProgramiv %u %u %s\n", (unsigned)program, (unsigned)pname, pointer_text((const void *)(uintptr_t)params));
}
static void trace_GetQueryObjectui64vEXT(GLuint id, GLenum pname, GLuint64 *params) {
  gl_trace_write("glGetQueryObjectui64vEXT %u %u %s\n", (unsigned)id, (unsigned)pname, pointer_text((const void *)(uintptr_t)params));
}
static void trace_GetQueryObjectuiv(GLuint id, GLenum pname, GLuint *params) {
  gl_trace_write("glGetQueryObjectuiv %u %u %s\n", (unsigned)id, (unsigned)pname, pointer_text((const void *)(uintptr_t)params));
}
static void trace_GetShaderInfoLog(GLuint shader, GLsizei bufSize, GLsizei *length, GLchar *infoLog) {
  gl_trace_write("glGetShaderInfoLog %u %d %s %s\n", (unsigned)shader, (int)bufSize, pointer_text((const void *)(uintptr_t)length), pointer_text((const void *)(uintptr_t)infoLog));
}
static void trace_GetShaderiv(GLuint shader, GLenum pname, GLint *params) {
  gl_trace_write("glGetShaderiv %u %u %s\n", (unsigned)shader, (unsigned)pname, pointer_text((const void *)(uintptr_t)params));
}
static const GLubyte * trace_GetString(GLenum name) {
  gl_trace_write("glGetString %u\n", (unsigned)name);
  return 0;
}
static const GLubyte * trace_GetStringi(GLenum name, GLuint index) {
  gl_trace_write("glGetStringi %u %u\n", (unsigned)name, (unsigned)index);
  return 0;
}
static GLuint trace_GetUniformBlockIndex(GLuint program, const GLchar *uniformBlockName) {
  gl_trace_write("glGetUniformBlockIndex %u %s\n", (unsigned)program, pointer_text((const void *)(uintptr_t)uniformBlockName));
  return 0;
}
static GLint trace_GetUniformLocation(GLuint program, const GLchar *name) {
  gl_trace_write("glGetUniformLocation %u %s\n", (unsigned)program, pointer_text((const void *)(uintptr_t)name));
  return 0;
}
static void trace_Hint(GLenum target, GLenum mode) {
  gl_trace_write("glHint %u %u\n", (unsigned)target, (unsigned)mode);
}
static void trace_InvalidateFramebuffer(GLenum target, GLsizei numAttachments, const GLenum *attachments) {
  gl_trace_write("glInvalidateFramebuffer %u %d %s\n", (unsigned)target, (int)numAttachments, pointer_text((const void *)(uintptr_t)attachments));
}
static GLboolean trace_IsProgram(GLuint program) {
  gl_trace_write("glIsProgram %u\n", (unsigned)program);
  return 0;
}
static void trace_LineWidth(GLfloat width) {
  gl_trace_write("glLineWidth %.9g\n", (double)width);
}
static void trace_LinkProgram(GLuint program) {
  gl_trace_write("glLinkProgram %u\n", (unsigned)program);
}
static void * trace_MapBufferRange(GLenum target, GLintptr offset, GLsizeiptr length, GLbitfield access) {
  gl_trace_write("glMapBufferRange %u %lld %lld %u\n", (unsigned)target, (long long)offset, (long long)length, (unsigned)access);
  return 0;
}
static void trace_MemoryBarrier(GLbitfield barriers) {
  gl_trace_write("glMemoryBarrier %u\n", (unsigned)barriers);
}
static void trace_MemoryBarrierByRegion(GLbitfield barriers) {
  gl_trace_write("glMemoryBarrierByRegion %u\n", (unsigned)barriers);
}
static void trace_MinSampleShading(GLfloat value) {
  gl_trace_write("glMinSampleShading %.9g\n", (double)value);
}
static void trace_PatchParameteri(GLenum pname, GLint value) {
  gl_trace_write("glPatchParameteri %u %d\n", (unsigned)pname, (int)value);
}
static void trace_PauseTransformFeedback(void) {
  gl_trace_write("glPauseTransformFeedback\n");
}
static void trace_PixelStorei(GLenum pname, GLint param) {
  gl_trace_write("glPixelStorei %u %d\n", (unsigned)pname, (int)param);
}
static void trace_PolygonOffset(GLfloat factor, GLfloat units) {
  gl_trace_write("glPolygonOffset %.9g %.9g\n", (double)factor, (double)units);
}
static void trace_PolygonOffsetClampEXT(GLfloat factor, GLfloat units, GLfloat clamp) {
  gl_trace_write("glPolygonOffsetClampEXT %.9g %.9g %.9g\n", (double)factor, (double)units, (double)clamp);
}
static void trace_ProgramUniform1i(GLuint program, GLint location, GLint v0) {
  gl_trace_write("glProgramUniform1i %u %d %d\n", (unsigned)program, (int)location, (int)v0);
}
static void trace_QueryCounterEXT(GLuint id, GLenum target) {
  gl_trace_write("glQueryCounterEXT %u %u\n", (unsigned)id, (unsigned)target);
}
static void trace_ReadBuffer(GLenum src) {
  gl_trace_write("glReadBuffer %u\n", (unsigned)src);
}
static void trace_ReadPixels(GLint x, GLint y, GLsizei width, GLsizei height, GLenum format, GLenum type, void *pixels) {
  gl_trace_write("glReadPixels %d %d %d %d %u %u %s\n", (int)x, (int)y, (int)width, (int)height, (unsigned)format, (unsigned)type, pointer_text((const void *)(uintptr_t)pixels));
}
static void trace_RenderbufferStorage(GLenum target, GLenum internalformat, GLsizei width, GLsizei height) {
  gl_trace_write("glRenderbufferStorage %u %u %d %d\n", (unsigned)target, (unsigned)internalformat, (int)width, (int)height);
}
static void trace_RenderbufferStorageMultisample(GLenum target, GLsizei samples, GLenum internalformat, GLsizei width, GLsizei height) {
  gl_trace_write("glRenderbufferStorageMultisample %u %d %u %d %d\n", (unsigned)target, (int)samples, (unsigned)internalformat, (int)width, (int)height);
}
static void trace_ResumeTransformFeedback(void) {
  gl_trace_write("glResumeTransformFeedback\n");
}
static void trace_SampleCoverage(GLfloat value, GLboolean invert) {
  gl_trace_write("glSampleCoverage %.9g %u\n", (double)value, (unsigned)invert);
}
static void trace_SampleMaski(GLuint maskNumber, GLbitfield mask) {
  gl_trace_write("glSampleMaski %u %u\n", (unsigned)maskNumber, (unsigned)mask);
}
static void trace_SamplerParameterIiv(GLuint sampler, GLenum pname, const GLint *param) {
  gl_trace_write("glSamplerParameterIiv %u %u %s\n", (unsigned)sampler, (unsigned)pname, pointer_text((const void *)(uintptr_t)param));
}
static void trace_SamplerParameterIuiv(GLuint sampler, GLenum pname, const GLuint *param) {
  gl_trace_write("glSamplerParameterIuiv %u %u %s\n", (unsigned)sampler, (unsigned)pname, pointer_text((const void *)(uintptr_t)param));
}
static void trace_SamplerParameterf(GLuint sampler, GLenum pname, GLfloat param) {
  gl_trace_write("glSamplerParameterf %u %u %.9g\n", (unsigned)sampler, (unsigned)pname, (double)param);
}
static void trace_SamplerParameterfv(GLuint sampler, GLenum pname, const GLfloat *param) {
  gl_trace_write("glSamplerParameterfv %u %u %s\n", (unsigned)sampler, (unsigned)pname, pointer_text((const void *)(uintptr_t)param));
}
static void trace_SamplerParameteri(GLuint sampler, GLenum pname, GLint param) {
  gl_trace_write("glSamplerParameteri %u %u %d\n", (unsigned)sampler, (unsigned)pname, (int)param);
}
static void trace_Scissor(GLint x, GLint y, GLsizei width, GLsizei height) {
  gl_trace_write("glScissor %d %d %d %d\n", (int)x, (int)y, (int)width, (int)height);
}
static void trace_ScissorIndexedOES(GLuint index, GLint left, GLint bottom, GLsizei width, GLsizei height) {
  gl_trace_write("glScissorIndexedOES %u %d %d %d %d\n", (unsigned)index, (int)left, (int)bottom, (int)width, (int)height);
}
static void trace_ShaderSource(GLuint shader, GLsizei count, const GLchar *const*string, const GLint *length) {
  gl_trace_write("glShaderSource %u %d %s %s\n", (unsigned)shader, (int)count, pointer_text((const void *)(uintptr_t)string), pointer_text((const void *)(uintptr_t)length));
}
static void trace_StencilFuncSeparate(GLenum face, GLenum func, GLint ref, GLuint mask) {
  gl_trace_write("glStencilFuncSeparate %u %u %d %u\n", (unsigned)face, (unsigned)func, (int)ref, (unsigned)mask);
}
static void trace_StencilMaskSeparate(GLenum face, GLuint mask) {
  gl_trace_write("glStencilMaskSeparate %u %u\n", (unsigned)face, (unsigned)mask);
}
static void trace_StencilOpSeparate(GLenum face, GLenum sfail, GLenum dpfail, GLenum dppass) {
  gl_trace_write("glStencilOpSeparate %u %u %u %u\n", (unsigned)face, (unsigned)sfail, (unsigned)dpfail, (unsigned)dppass);
}
static void trace_TexBuffer(GLenum target, GLenum internalformat, GLuint buffer) {
  gl_trace_write("glTexBuffer %u %u %u\n", (unsigned)target, (unsigned)internalformat, (unsigned)buffer);
}
static void trace_TexBufferRange(GLenum target, GLenum internalformat, GLuint buffer, GLintptr offset, GLsizeiptr size) {
  gl_trace_write("glTexBufferRange %u %u %u %lld %lld\n", (unsigned)target, (unsigned)internalformat, (unsigned)buffer, (long long)offset, (long long)size);
}
static void trace_TexParameterf(GLenum target, GLenum pname, GLfloat param) {
  gl_trace_write("glTexParameterf %u %u %.9g\n", (unsigned)target, (unsigned)pname, (double)param);
}
static void trace_TexParameterfv(GLenum target, GLenum pname, const GLfloat *params) {
  gl_trace_write("glTexParameterfv %u %u %s\n", (unsigned)target, (unsigned)pname, pointer_text((const void *)(uintptr_t)params));
}
static void trace_TexParameteri(GLenum target, GLenum pname, GLint param) {
  gl_trace_write("glTexParameteri %u %u %d\n", (unsigned)target, (unsigned)pname, (int)param);
}
static void trace_TexParameteriv(GLenum target, GLenum pname, const GLint *params) {
  gl_trace_write("glTexParameteriv %u %u %s\n", (unsigned)target, (unsigned)pname, pointer_text((const void *)(uintptr_t)params));
}
static void trace_TexStorage2D(GLenum target, GLsizei levels, GLenum internalformat, GLsizei width, GLsizei height) {
  gl_trace_write("glTexStorage2D %u %d %u %d %d\n", (unsigned)target, (int)levels, (unsigned)internalformat, (int)width, (int)height);
}
static void trace_TexStorage2DMultisample(GLenum target, GLsizei samples, GLenum internalformat, GLsizei width, GLsizei height, GLboolean fixedsamplelocations) {
  gl_trace_write("glTexStorage2DMultisample %u %d %u %d %d %u\n", (unsigned)target, (int)samples, (unsigned)internalformat, (int)width, (int)height, (unsigned)fixedsamplelocations);
}
static void trace_TexStorage3D(GLenum target, GLsizei levels, GLenum internalformat, GLsizei width, GLsizei height, GLsizei depth) {
  gl_trace_write("glTexStorage3D %u %d %u %d %d %d\n", (unsigned)target, (int)levels, (unsigned)internalformat, (int)width, (int)height, (int)depth);
}
static void trace_TexStorage3DMultisample(GLenum target, GLsizei samples, GLenum internalformat, GLsizei width, GLsizei height, GLsizei depth, GLboolean fixedsamplelocations) {
  gl_trace_write("glTexStorage3DMultisample %u %d %u %d %d %d %u\n", (unsigned)target, (int)samples, (unsigned)internalformat, (int)width, (int)height, (int)depth, (unsigned)fixedsamplelocations);
}
static void trace_TexSubImage2D(GLenum target, GLint level, GLint xoffset, GLint yoffset, GLsizei width, GLsizei height, GLenum format, GLenum type, const void *pixels) {
  gl_trace_write("glTexSubImage2D %u %d %d %d %d %d %u %u %s\n", (unsigned)target, (int)level, (int)xoffset, (int)yoffset, (int)width, (int)height, (unsigned)format, (unsigned)type, pointer_text((const void *)(uintptr_t)pixels));
}
static void trace_TexSubImage3D(GLenum target, GLint level, GLint xoffset, GLint yoffset, GLint zoffset, GLsizei width, GLsizei height, GLsizei depth, GLenum format, GLenum type, const void *pixels) {
  gl_trace_write("glTexSubImage3D %u %d %d %d %d %d %d %d %u %u %s\n", (unsigned)target, (int)level, (int)xoffset, (int)yoffset, (int)zoffset, (int)width, (int)height, (int)depth, (unsigned)format, (unsigned)type, pointer_text((const void *)(uintptr_t)pixels));
}
static void trace_TextureBarrierNV(void) {
  gl_trace_write("glTextureBarrierNV\n");
}
static void trace_TextureViewOES(GLuint texture, GLenum target, GLuint origtexture, GLenum internalformat, GLuint minlevel, GLuint numlevels, GLuint minlayer, GLuint numlayers) {
  gl_trace_write("glTextureViewOES %u %u %u %u %u %u %u %u\n", (unsigned)texture, (unsigned)target, (unsigned)origtexture, (unsigned)internalformat, (unsigned)minlevel, (unsigned)numlevels, (unsigned)minlayer, (unsigned)numlayers);
}
static void trace_TransformFeedbackVaryings(GLuint program, GLsizei count, const GLchar *const*varyings, GLenum bufferMode) {
  gl_trace_write("glTransformFeedbackVaryings %u %d %s %u\n", (unsigned)program, (int)count, pointer_text((const void *)(uintptr_t)varyings), (unsigned)bufferMode);
}
static void trace_Uniform1i(GLint location, GLint v0) {
  gl_trace_write("glUniform1i %d %d\n", (int)location, (int)v0);
}
static void trace_Uniform4f(GLint location, GLfloat v0, GLfloat v1, GLfloat v2, GLfloat v3) {
  gl_trace_write("glUniform4f %d %.9g %.9g %.9g %.9g\n", (int)location, (double)v0, (double)v1, (double)v2, (double)v3);
}
static void trace_Uniform4fv(GLint location, GLsizei count, const GLfloat *value) {
  gl_trace_write("glUniform4fv %d %d %s\n", (int)location, (int)count, pointer_text((const void *)(uintptr_t)value));
}
static void trace_Uniform4uiv(GLint location, GLsizei count, const GLuint *value) {
  gl_trace_write("glUniform4uiv %d %d %s\n", (int)location, (int)count, pointer_text((const void *)(uintptr_t)value));
}
static void trace_UniformBlockBinding(GLuint program, GLuint uniformBlockIndex, GLuint uniformBlockBinding) {
  gl_trace_write("glUniformBlockBinding %u %u %u\n", (unsigned)program, (unsigned)uniformBlockIndex, (unsigned)uniformBlockBinding);
}
static GLboolean trace_UnmapBuffer(GLenum target) {
  gl_trace_write("glUnmapBuffer %u\n", (unsigned)target);
  return 0;
}
static void trace_UseProgram(GLuint program) {
  gl_trace_write("glUseProgram %u\n", (unsigned)program);
}
static void trace_VertexAttrib4f(GLuint index, GLfloat x, GLfloat y, GLfloat z, GLfloat w) {
  gl_trace_write("glVertexAttrib4f %u %.9g %.9g %.9g %.9g\n", (unsigned)index, (double)x, (double)y, (double)z, (double)w);
}
static void trace_VertexAttribDivisor(GLuint index, GLuint divisor) {
  gl_trace_write("glVertexAttribDivisor %u %u\n", (unsigned)index, (unsigned)divisor);
}
static void trace_VertexAttribI4i(GLuint index, GLint x, GLint y, GLint z, GLint w) {
  gl_trace_write("glVertexAttribI4i %u %d %d %d %d\n", (unsigned)index, (int)x, (int)y, (int)z, (int)w);
}
static void trace_VertexAttribI4ui(GLuint index, GLuint x, GLuint y, GLuint z, GLuint w) {
  gl_trace_write("glVertexAttribI4ui %u %u %u %u %u\n", (unsigned)index, (unsigned)x, (unsigned)y, (unsigned)z, (unsigned)w);
}
static void trace_VertexAttribIPointer(GLuint index, GLint size, GLenum type, GLsizei stride, const void *pointer) {
  gl_trace_write("glVertexAttribIPointer %u %d %u %d %s\n", (unsigned)index, (int)size, (unsigned)type, (int)stride, pointer_text((const void *)(uintptr_t)pointer));
}
static void trace_VertexAttribPointer(GLuint index, GLint size, GLenum type, GLboolean normalized, GLsizei stride, const void *pointer) {
  gl_trace_write("glVertexAttribPointer %u %d %u %u %d %s\n", (unsigned)index, (int)size, (unsigned)type, (unsigned)normalized, (int)stride, pointer_text((const void *)(uintptr_t)pointer));
}
static void trace_Viewport(GLint x, GLint y, GLsizei width, GLsizei height) {
  gl_trace_write("glViewport %d %d %d %d\n", (int)x, (int)y, (int)width, (int)height);
}
static void trace_ViewportIndexedfOES(GLuint index, GLfloat x, GLfloat y, GLfloat w, GLfloat h) {
  gl_trace_write("glViewportIndexedfOES %u %.9g %.9g %.9g %.9g\n", (unsigned)index, (double)x, (double)y, (double)w, (double)h);
}

void gl_trace_entries(GlEntries *table) {
  table->ActiveTexture = trace_ActiveTexture;
  table->AttachShader = trace_AttachShader;
  table->BeginConditionalRenderNV = trace_BeginConditionalRenderNV;
  table->BeginQuery = trace_BeginQuery;
  table->BeginTransformFeedback = trace_BeginTransformFeedback;
  table->BindAttribLocation = trace_BindAttribLocation;
  table->BindBuffer = trace_BindBuffer;
  table->BindBufferBase = trace_BindBufferBase;
  table->BindBufferRange = trace_BindBufferRange;
  table->BindFragDataLocationEXT = trace_BindFragDataLocationEXT;
  table->BindFragDataLocationIndexedEXT = trace_BindFragDataLocationIndexedEXT;
  table->BindFramebuffer = trace_BindFramebuffer;
  table->BindImageTexture = trace_BindImageTexture;
  table->BindRenderbuffer = trace_BindRenderbuffer;
  table->BindSampler = trace_BindSampler;
  table->BindTexture = trace_BindTexture;
  table->BindTransformFeedback = trace_BindTransformFeedback;
  table->BindVertexArray = trace_BindVertexArray;
  table->BlendBarrier = trace_BlendBarrier;
  table->BlendColor = trace_BlendColor;
  table->BlendEquation = trace_BlendEquation;
  table->BlendEquationSeparate = trace_BlendEquationSeparate;
  table->BlendEquationSeparatei = trace_BlendEquationSeparatei;
  table->BlendFuncSeparate = trace_BlendFuncSeparate;
  table->BlendFuncSeparatei = trace_BlendFuncSeparatei;
  table->BlitFramebuffer = trace_BlitFramebuffer;
  table->BufferData = trace_BufferData;
  table->BufferSubData = trace_BufferSubData;
  table->CheckFramebufferStatus = trace_CheckFramebufferStatus;
  table->Clear = trace_Clear;
  table->ClearBufferfi = trace_ClearBufferfi;
  table->ClearBufferfv = trace_ClearBufferfv;
  table->ClearBufferiv = trace_ClearBufferiv;
  table->ClearBufferuiv = trace_ClearBufferuiv;
  table->ClearColor = trace_ClearColor;
  table->ClearDepthf = trace_ClearDepthf;
  table->ClearStencil = trace_ClearStencil;
  table->ClientWaitSync = trace_ClientWaitSync;
  table->ClipControlEXT = trace_ClipControlEXT;
  table->ColorMask = trace_ColorMask;
  table->ColorMaski = trace_ColorMaski;
  table->CompileShader = trace_CompileShader;
  table->CompressedTexSubImage2D = trace_CompressedTexSubImage2D;
  table->CompressedTexSubImage3D = trace_CompressedTexSubImage3D;
  table->CopyBufferSubData = trace_CopyBufferSubData;
  table->CopyImageSubData = trace_CopyImageSubData;
  table->CopyTexSubImage2D = trace_CopyTexSubImage2D;
  table->CopyTexSubImage3D = trace_CopyTexSubImage3D;
  table->CreateProgram = trace_CreateProgram;
  table->CreateShader = trace_CreateShader;
  table->CullFace = trace_CullFace;
  table->DebugMessageCallbackKHR = trace_DebugMessageCallbackKHR;
  table->DeleteBuffers = trace_DeleteBuffers;
  table->DeleteFramebuffers = trace_DeleteFramebuffers;
  table->DeleteProgram = trace_DeleteProgram;
  table->DeleteQueries = trace_DeleteQueries;
  table->DeleteRenderbuffers = trace_DeleteRenderbuffers;
  table->DeleteSamplers = trace_DeleteSamplers;
  table->DeleteShader = trace_DeleteShader;
  table->DeleteSync = trace_DeleteSync;
  table->DeleteTextures = trace_DeleteTextures;
  table->DeleteTransformFeedbacks = trace_DeleteTransformFeedbacks;
  table->DeleteVertexArrays = trace_DeleteVertexArrays;
  table->DepthFunc = trace_DepthFunc;
  table->DepthMask = trace_DepthMask;
  table->DepthRangef = trace_DepthRangef;
  table->Disable = trace_Disable;
  table->DisableVertexAttribArray = trace_DisableVertexAttribArray;
  table->Disablei = trace_Disablei;
  table->DispatchCompute = trace_DispatchCompute;
  table->DispatchComputeIndirect = trace_DispatchComputeIndirect;
  table->DrawArrays = trace_DrawArrays;
  table->DrawArraysIndirect = trace_DrawArraysIndirect;
  table->DrawArraysInstanced = trace_DrawArraysInstanced;
  table->DrawArraysInstancedBaseInstanceEXT = trace_DrawArraysInstancedBaseInstanceEXT;
  table->DrawBuffers = trace_DrawBuffers;
  table->DrawElements = trace_DrawElements;
  table->DrawElementsBaseVertex = trace_DrawElementsBaseVertex;
  table->DrawElementsIndirect = trace_DrawElementsIndirect;
  table->DrawElementsInstanced = trace_DrawElementsInstanced;
  table->DrawElementsInstancedBaseInstanceEXT = trace_DrawElementsInstancedBaseInstanceEXT;
  table->DrawElementsInstancedBaseVertex = trace_DrawElementsInstancedBaseVertex;
  table->DrawElementsInstancedBaseVertexBaseInstanceEXT = trace_DrawElementsInstancedBaseVertexBaseInstanceEXT;
  table->DrawRangeElements = trace_DrawRangeElements;
  table->Enable = trace_Enable;
  table->EnableVertexAttribArray = trace_EnableVertexAttribArray;
  table->Enablei = trace_Enablei;
  table->EndConditionalRenderNV = trace_EndConditionalRenderNV;
  table->EndQuery = trace_EndQuery;
  table->EndTransformFeedback = trace_EndTransformFeedback;
  table->FenceSync = trace_FenceSync;
  table->Finish = trace_Finish;
  table->Flush = trace_Flush;
  table->FramebufferRenderbuffer = trace_FramebufferRenderbuffer;
  table->FramebufferTexture = trace_FramebufferTexture;
  table->FramebufferTexture2D = trace_FramebufferTexture2D;
  table->FramebufferTexture2DMultisampleEXT = trace_FramebufferTexture2DMultisampleEXT;
  table->FramebufferTextureLayer = trace_FramebufferTextureLayer;
  table->FrontFace = trace_FrontFace;
  table->GenBuffers = trace_GenBuffers;
  table->GenFramebuffers = trace_GenFramebuffers;
  table->GenQueries = trace_GenQueries;
  table->GenRenderbuffers = trace_GenRenderbuffers;
  table->GenSamplers = trace_GenSamplers;
  table->GenTextures = trace_GenTextures;
  table->GenTransformFeedbacks = trace_GenTransformFeedbacks;
  table->GenVertexArrays = trace_GenVertexArrays;
  table->GetError = trace_GetError;
  table->GetFloatv = trace_GetFloatv;
  table->GetGraphicsResetStatusKHR = trace_GetGraphicsResetStatusKHR;
  table->GetInteger64v = trace_GetInteger64v;
  table->GetIntegeri_v = trace_GetIntegeri_v;
  table->GetIntegerv = trace_GetIntegerv;
  table->GetInternalformativ = trace_GetInternalformativ;
  table->GetProgramInfoLog = trace_GetProgramInfoLog;
  table->GetProgramiv = trace_GetProgramiv;
  table->GetQueryObjectui64vEXT = trace_GetQueryObjectui64vEXT;
  table->GetQueryObjectuiv = trace_GetQueryObjectuiv;
  table->GetShaderInfoLog = trace_GetShaderInfoLog;
  table->GetShaderiv = trace_GetShaderiv;
  table->GetString = trace_GetString;
  table->GetStringi = trace_GetStringi;
  table->GetUniformBlockIndex = trace_GetUniformBlockIndex;
  table->GetUniformLocation = trace_GetUniformLocation;
  table->Hint = trace_Hint;
  table->InvalidateFramebuffer = trace_InvalidateFramebuffer;
  table->IsProgram = trace_IsProgram;
  table->LineWidth = trace_LineWidth;
  table->LinkProgram = trace_LinkProgram;
  table->MapBufferRange = trace_MapBufferRange;
  table->MemoryBarrier = trace_MemoryBarrier;
  table->MemoryBarrierByRegion = trace_MemoryBarrierByRegion;
  table->MinSampleShading = trace_MinSampleShading;
  table->PatchParameteri = trace_PatchParameteri;
  table->PauseTransformFeedback = trace_PauseTransformFeedback;
  table->PixelStorei = trace_PixelStorei;
  table->PolygonOffset = trace_PolygonOffset;
  table->PolygonOffsetClampEXT = trace_PolygonOffsetClampEXT;
  table->ProgramUniform1i = trace_ProgramUniform1i;
  table->QueryCounterEXT = trace_QueryCounterEXT;
  table->ReadBuffer = trace_ReadBuffer;
  table->ReadPixels = trace_ReadPixels;
  table->RenderbufferStorage = trace_RenderbufferStorage;
  table->RenderbufferStorageMultisample = trace_RenderbufferStorageMultisample;
  table->ResumeTransformFeedback = trace_ResumeTransformFeedback;
  table->SampleCoverage = trace_SampleCoverage;
  table->SampleMaski = trace_SampleMaski;
  table->SamplerParameterIiv = trace_SamplerParameterIiv;
  table->SamplerParameterIuiv = trace_SamplerParameterIuiv;
  table->SamplerParameterf = trace_SamplerParameterf;
  table->SamplerParameterfv = trace_SamplerParameterfv;
  table->SamplerParameteri = trace_SamplerParameteri;
  table->Scissor = trace_Scissor;
  table->ScissorIndexedOES = trace_ScissorIndexedOES;
  table->ShaderSource = trace_ShaderSource;
  table->StencilFuncSeparate = trace_StencilFuncSeparate;
  table->StencilMaskSeparate = trace_StencilMaskSeparate;
  table->StencilOpSeparate = trace_StencilOpSeparate;
  table->TexBuffer = trace_TexBuffer;
  table->TexBufferRange = trace_TexBufferRange;
  table->TexParameterf = trace_TexParameterf;
  table->TexParameterfv = trace_TexParameterfv;
  table->TexParameteri = trace_TexParameteri;
  table->TexParameteriv = trace_TexParameteriv;
  table->TexStorage2D = trace_TexStorage2D;
  table->TexStorage2DMultisample = trace_TexStorage2DMultisample;
  table->TexStorage3D = trace_TexStorage3D;
  table->TexStorage3DMultisample = trace_TexStorage3DMultisample;
  table->TexSubImage2D = trace_TexSubImage2D;
  table->TexSubImage3D = trace_TexSubImage3D;
  table->TextureBarrierNV = trace_TextureBarrierNV;
  table->TextureViewOES = trace_TextureViewOES;
  table->TransformFeedbackVaryings = trace_TransformFeedbackVaryings;
  table->Uniform1i = trace_Uniform1i;
  table->Uniform4f = trace_Uniform4f;
  table->Uniform4fv = trace_Uniform4fv;
  table->Uniform4uiv = trace_Uniform4uiv;
  table->UniformBlockBinding = trace_UniformBlockBinding;
  table->UnmapBuffer = trace_UnmapBuffer;
  table->UseProgram = trace_UseProgram;
  table->VertexAttrib4f = trace_VertexAttrib4f;
  table->VertexAttribDivisor = trace_VertexAttribDivisor;
  table->VertexAttribI4i = trace_VertexAttribI4i;
  table->VertexAttribI4ui = trace_VertexAttribI4ui;
  table->VertexAttribIPointer = trace_VertexAttribIPointer;
  table->VertexAttribPointer = trace_VertexAttribPointer;
  table->Viewport = trace_Viewport;
  table->ViewportIndexedfOES = trace_ViewportIndexedfOES;
}
