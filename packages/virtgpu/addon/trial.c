// Trial imports for `virtgpu probe`: one picture at a time is imported, sampled and cleared, with nothing in between that could hide what
// the driver does. Drivers check little and may crash on what they are given: only ever used in a process of its own.
#include "gl.h"
#include "egl.h"
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum {
  LINUX_DMA_BUF = 0x3270, // EGL_EXT_image_dma_buf_import
  LINUX_DRM_FOURCC = 0x3271,
  PLANE0_FD = 0x3272,
  PLANE0_OFFSET = 0x3273,
  PLANE0_STRIDE = 0x3274, // EGL_DMA_BUF_PLANE0_PITCH_EXT
  PLANE0_MODIFIER_LOW = 0x3443, // EGL_EXT_image_dma_buf_import_modifiers
  PLANE0_MODIFIER_HIGH = 0x3444,
  DEVICE = 0x322c, // EGL_EXT_device_query
  DRM_DEVICE_FILE = 0x3233, // EGL_EXT_device_drm
};
enum { FRAMEBUFFER = 0x8d40, COLOR_ATTACHMENT0 = 0x8ce0, RENDERBUFFER = 0x8d41, RGBA8 = 0x8058, RGBA = 0x1908, UNSIGNED_BYTE = 0x1401, TEXTURE_2D = 0x0de1, COLOR_BUFFER_BIT = 0x4000 };
enum { NEAREST = 0x2600, CLAMP_TO_EDGE = 0x812f, FRAMEBUFFER_COMPLETE = 0x8cd5 };
enum { MAX_FORMATS = 1024, MAX_SAMPLED = 64 };

typedef void *EGLImage;
static EGLImage (*create_image)(EGLDisplay display, EGLContext context, unsigned target, void *buffer, const EGLint *attributes);
static EGLBoolean (*destroy_image)(EGLDisplay display, EGLImage image);
static void (*image_target)(GLenum target, EGLImage image);
static EGLImage image;
static GLuint texture, framebuffer, program, vertex_array, target_buffer, target_framebuffer;

static bool load_entries(void) {
  if (egl_display == NULL) return false;
  *(void **)&create_image = egl.GetProcAddress("eglCreateImageKHR");
  *(void **)&destroy_image = egl.GetProcAddress("eglDestroyImageKHR");
  *(void **)&image_target = egl.GetProcAddress("glEGLImageTargetTexture2DOES");
  return create_image != NULL && destroy_image != NULL && image_target != NULL;
}

static GLenum drain_errors(void) {
  GLenum first = 0, error;
  for (int count = 0; count < 16 && (error = gl.GetError()) != 0; count++)
    if (first == 0) first = error;
  return first;
}

static void release(void) {
  if (framebuffer != 0) gl.DeleteFramebuffers(1, &framebuffer);
  if (texture != 0) gl.DeleteTextures(1, &texture);
  if (image != NULL) destroy_image(egl_display, image);
  framebuffer = texture = 0;
  image = NULL;
}

// trialImport([width, height, fourcc, fd, offset, stride, has modifier, modifier low, modifier high]):
// 0, or the EGL error of the image, or 0x10000 + the GL error of the texture; -1: there are no such functions.
static FUNCTION(js_import) {
  ARGUMENTS(1);
  View view = to_view(env, args[0]);
  int32_t given[9];
  if (view.length < sizeof given || !load_entries()) return from_i32(env, -1);
  memcpy(given, view.bytes, sizeof given);
  release();
  drain_errors();
  EGLint attributes[] = {EGL_WIDTH_, given[0], EGL_HEIGHT_, given[1], LINUX_DRM_FOURCC, given[2], PLANE0_FD, given[3], PLANE0_OFFSET, given[4],
                         PLANE0_STRIDE, given[5], given[6] ? PLANE0_MODIFIER_LOW : EGL_NONE_, given[7], PLANE0_MODIFIER_HIGH, given[8], EGL_NONE_};
  image = create_image(egl_display, NULL, LINUX_DMA_BUF, NULL, attributes);
  if (image == NULL) {
    EGLint error = egl.GetError();
    return from_i32(env, error == 0x3000 ? -2 : error);
  }
  gl.GenTextures(1, &texture);
  gl.BindTexture(TEXTURE_2D, texture);
  image_target(TEXTURE_2D, image);
  GLenum error = drain_errors();
  gl.TexParameteri(TEXTURE_2D, 0x2801, NEAREST);
  gl.TexParameteri(TEXTURE_2D, 0x2800, NEAREST);
  gl.TexParameteri(TEXTURE_2D, 0x2802, CLAMP_TO_EDGE);
  gl.TexParameteri(TEXTURE_2D, 0x2803, CLAMP_TO_EDGE);
  return from_i32(env, error == 0 ? 0 : 0x10000 + (int32_t)error);
}

static GLuint compile(GLenum stage, const char *source) {
  GLuint shader = gl.CreateShader(stage);
  gl.ShaderSource(shader, 1, &source, NULL);
  gl.CompileShader(shader);
  return shader;
}

static void prepare_drawing(void) {
  if (program != 0) return;
  program = gl.CreateProgram();
  gl.AttachShader(program, compile(0x8b31, "#version 300 es\nvoid main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }\n"));
  gl.AttachShader(program, compile(0x8b30, "#version 300 es\nprecision highp float;\nprecision highp int;\nuniform highp sampler2D picture;\nuniform vec4 origin;\n"
                                           "out vec4 color;\nvoid main() { color = texelFetch(picture, ivec2(gl_FragCoord.xy) + ivec2(origin.xy), 0); }\n"));
  gl.LinkProgram(program);
  gl.GenVertexArrays(1, &vertex_array);
  gl.GenRenderbuffers(1, &target_buffer);
  gl.BindRenderbuffer(RENDERBUFFER, target_buffer);
  gl.RenderbufferStorage(RENDERBUFFER, RGBA8, MAX_SAMPLED, MAX_SAMPLED);
  gl.GenFramebuffers(1, &target_framebuffer);
  gl.BindFramebuffer(FRAMEBUFFER, target_framebuffer);
  gl.FramebufferRenderbuffer(FRAMEBUFFER, COLOR_ATTACHMENT0, RENDERBUFFER, target_buffer);
}

// trialSample(x, y, width, height, out): what a draw sees there, as RGBA bytes, rows from y on. 0 or the GL error.
static FUNCTION(js_sample) {
  ARGUMENTS(5);
  uint32_t x = to_u32(env, args[0]), y = to_u32(env, args[1]), width = to_u32(env, args[2]), height = to_u32(env, args[3]);
  View out = to_view(env, args[4]);
  if (texture == 0 || width == 0 || height == 0 || width > MAX_SAMPLED || height > MAX_SAMPLED || out.length < (size_t)width * height * 4) return from_i32(env, -1);
  prepare_drawing();
  gl.BindFramebuffer(FRAMEBUFFER, target_framebuffer);
  gl.Viewport(0, 0, (GLsizei)width, (GLsizei)height);
  gl.UseProgram(program);
  gl.Uniform1i(gl.GetUniformLocation(program, "picture"), 0);
  gl.Uniform4f(gl.GetUniformLocation(program, "origin"), (float)x, (float)y, 0, 0);
  gl.ActiveTexture(0x84c0);
  gl.BindTexture(TEXTURE_2D, texture);
  gl.BindVertexArray(vertex_array);
  gl.ClearColor(0, 0, 0, 0);
  gl.Clear(COLOR_BUFFER_BIT);
  gl.DrawArrays(4, 0, 3);
  gl.ReadPixels(0, 0, (GLsizei)width, (GLsizei)height, RGBA, UNSIGNED_BYTE, out.bytes);
  return from_i32(env, (int32_t)drain_errors());
}

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double time_draws(GLuint from, int draws) {
  gl.BindTexture(TEXTURE_2D, from);
  gl.Finish();
  double start = milliseconds();
  for (int count = 0; count < draws; count++) gl.DrawArrays(4, 0, 3);
  gl.Finish();
  return milliseconds() - start;
}

// A texture of the driver's own with the imported picture's contents.
static GLuint own_copy(GLsizei width, GLsizei height) {
  GLuint own, framebuffers[2];
  gl.GenTextures(1, &own);
  gl.BindTexture(TEXTURE_2D, own);
  gl.TexStorage2D(TEXTURE_2D, 1, RGBA8, width, height);
  gl.TexParameteri(TEXTURE_2D, 0x2801, NEAREST);
  gl.TexParameteri(TEXTURE_2D, 0x2800, NEAREST);
  gl.GenFramebuffers(2, framebuffers);
  for (int index = 0; index < 2; index++) {
    GLenum binding = index == 0 ? 0x8ca8 : 0x8ca9; // GL_READ_FRAMEBUFFER, GL_DRAW_FRAMEBUFFER
    gl.BindFramebuffer(binding, framebuffers[index]);
    gl.FramebufferTexture2D(binding, COLOR_ATTACHMENT0, TEXTURE_2D, index == 0 ? texture : own, 0);
  }
  gl.BlitFramebuffer(0, 0, width, height, 0, 0, width, height, COLOR_BUFFER_BIT, NEAREST);
  gl.DeleteFramebuffers(2, framebuffers);
  return own;
}

// trialMeasure(width, height, rounds, out): fills [ms, ms], the best of as many rounds, for drawing the imported picture and a copy of the
// driver's own, pixel by pixel. 0 or the GL error.
static FUNCTION(js_measure) {
  ARGUMENTS(4);
  enum { DRAWS = 8 };
  GLsizei width = to_i32(env, args[0]), height = to_i32(env, args[1]);
  uint32_t rounds = to_u32(env, args[2]);
  View out = to_view(env, args[3]);
  if (texture == 0 || width < 1 || height < 1 || out.length < 2 * sizeof(double)) return from_i32(env, -1);
  prepare_drawing();
  drain_errors();
  GLuint own = own_copy(width, height), target, wide;
  gl.GenRenderbuffers(1, &target);
  gl.BindRenderbuffer(RENDERBUFFER, target);
  gl.RenderbufferStorage(RENDERBUFFER, RGBA8, width, height);
  gl.GenFramebuffers(1, &wide);
  gl.BindFramebuffer(FRAMEBUFFER, wide);
  gl.FramebufferRenderbuffer(FRAMEBUFFER, COLOR_ATTACHMENT0, RENDERBUFFER, target);
  gl.Viewport(0, 0, width, height);
  gl.UseProgram(program);
  gl.Uniform1i(gl.GetUniformLocation(program, "picture"), 0);
  gl.Uniform4f(gl.GetUniformLocation(program, "origin"), 0, 0, 0, 0);
  gl.ActiveTexture(0x84c0);
  gl.BindVertexArray(vertex_array);
  double *best = (double *)out.bytes;
  for (uint32_t round = 0; round < rounds + 1; round++) {
    for (int which = 0; which < 2; which++) {
      double taken = time_draws(which == 0 ? texture : own, DRAWS);
      // The first round warms up.
      if (round == 1 || (round > 1 && taken < best[which])) best[which] = taken;
    }
  }
  gl.DeleteFramebuffers(1, &wide);
  gl.DeleteRenderbuffers(1, &target);
  gl.DeleteTextures(1, &own);
  return from_i32(env, (int32_t)drain_errors());
}

// trialClear(red, green, blue, alpha): fills the picture by the GPU and waits. 0, or the framebuffer's status, or the GL error.
static FUNCTION(js_clear) {
  ARGUMENTS(4);
  if (texture == 0) return from_i32(env, -1);
  if (framebuffer == 0) {
    gl.GenFramebuffers(1, &framebuffer);
    gl.BindFramebuffer(FRAMEBUFFER, framebuffer);
    gl.FramebufferTexture2D(FRAMEBUFFER, COLOR_ATTACHMENT0, TEXTURE_2D, texture, 0);
  }
  gl.BindFramebuffer(FRAMEBUFFER, framebuffer);
  GLenum status = gl.CheckFramebufferStatus(FRAMEBUFFER);
  if (status != FRAMEBUFFER_COMPLETE) {
    drain_errors();
    return from_i32(env, status == 0 ? -1 : (int32_t)status);
  }
  gl.ClearColor((float)to_double(env, args[0]), (float)to_double(env, args[1]), (float)to_double(env, args[2]), (float)to_double(env, args[3]));
  gl.Clear(COLOR_BUFFER_BIT);
  gl.Finish();
  return from_i32(env, (int32_t)drain_errors());
}

static FUNCTION(js_release) {
  (void)env;
  (void)info;
  if (egl_display != NULL && load_entries()) release();
  return NULL;
}

static napi_value modifiers_of(napi_env env, EGLint format) {
  EGLBoolean (*query)(EGLDisplay display, EGLint format, EGLint max, uint64_t *modifiers, EGLBoolean *external_only, EGLint *count);
  *(void **)&query = egl.GetProcAddress("eglQueryDmaBufModifiersEXT");
  uint64_t modifiers[MAX_FORMATS];
  EGLBoolean external_only[MAX_FORMATS];
  EGLint count = 0;
  napi_value list;
  napi_create_array(env, &list);
  if (query == NULL || !query(egl_display, format, MAX_FORMATS, modifiers, external_only, &count)) return list;
  for (EGLint index = 0; index < count; index++) {
    char text[24];
    static const char digits[] = "0123456789abcdef";
    for (int digit = 0; digit < 16; digit++) text[digit] = digits[modifiers[index] >> (60 - 4 * digit) & 15];
    text[16] = external_only[index] ? '!' : 0;
    text[17] = 0;
    napi_set_element(env, list, (uint32_t)index, from_text(env, text));
  }
  return list;
}

// trialFormats(): [{ fourcc, modifiers: ["0000000000000000", "0100000000000001!"] }], ! where only external textures are offered;
// null when the driver has no such list.
static FUNCTION(js_formats) {
  (void)info;
  EGLBoolean (*query)(EGLDisplay display, EGLint max, EGLint *formats, EGLint *count) = NULL;
  if (egl_display != NULL) *(void **)&query = egl.GetProcAddress("eglQueryDmaBufFormatsEXT");
  EGLint formats[MAX_FORMATS], count = 0;
  if (query == NULL || !query(egl_display, MAX_FORMATS, formats, &count)) return NULL;
  napi_value list;
  napi_create_array(env, &list);
  for (EGLint index = 0; index < count; index++) {
    napi_value row;
    napi_create_object(env, &row);
    set_named(env, row, "fourcc", from_double(env, (uint32_t)formats[index]));
    set_named(env, row, "modifiers", modifiers_of(env, formats[index]));
    napi_set_element(env, list, (uint32_t)index, row);
  }
  return list;
}

// trialDevice(): { extensions, renderNode, deviceFile } of the device behind the open display; null when EGL cannot tell.
static FUNCTION(js_device) {
  (void)info;
  EGLBoolean (*query)(EGLDisplay display, EGLint name, EGLAttrib *value) = NULL;
  if (egl_display != NULL) *(void **)&query = egl.GetProcAddress("eglQueryDisplayAttribEXT");
  EGLAttrib device = 0;
  if (query == NULL || egl.QueryDeviceStringEXT == NULL || !query(egl_display, DEVICE, &device) || device == 0) {
    if (egl.GetError != NULL) egl.GetError();
    return NULL;
  }
  const char *extensions = egl.QueryDeviceStringEXT((EGLDevice)device, EGL_EXTENSIONS_);
  const char *node = extensions != NULL && strstr(extensions, "EGL_EXT_device_drm_render_node") != NULL ? egl.QueryDeviceStringEXT((EGLDevice)device, EGL_DRM_RENDER_NODE_FILE_EXT_) : NULL;
  const char *file = extensions != NULL && strstr(extensions, "EGL_EXT_device_drm") != NULL ? egl.QueryDeviceStringEXT((EGLDevice)device, DRM_DEVICE_FILE) : NULL;
  egl.GetError();
  napi_value result;
  napi_create_object(env, &result);
  set_named(env, result, "extensions", from_text(env, extensions));
  set_named(env, result, "renderNode", from_text(env, node));
  set_named(env, result, "deviceFile", from_text(env, file));
  return result;
}

// trialPin(bytes, offset, length): makes memory a buffer object (GL_AMD_pinned_memory), writes it afterwards and lets GL copy it.
// 0: GL saw the write; 1: it has a copy of its own; else the GL error, or -1.
static FUNCTION(js_pin) {
  ARGUMENTS(3);
  enum { EXTERNAL_MEMORY = 0x9160, COPY_READ = 0x8f36, COPY_WRITE = 0x8f37, STREAM_DRAW = 0x88e0, MAP_READ = 1 };
  View part;
  if (!to_part(env, args[0], args[1], args[2], &part)) return NULL;
  if (egl_display == NULL || part.length == 0) return from_i32(env, -1);
  drain_errors();
  memset(part.bytes, 1, part.length);
  GLuint buffers[2];
  gl.GenBuffers(2, buffers);
  gl.BindBuffer(EXTERNAL_MEMORY, buffers[0]);
  gl.BufferData(EXTERNAL_MEMORY, (GLsizeiptr)part.length, part.bytes, STREAM_DRAW);
  int32_t result = (int32_t)drain_errors();
  if (result == 0) {
    gl.BindBuffer(COPY_READ, buffers[0]);
    gl.BindBuffer(COPY_WRITE, buffers[1]);
    gl.BufferData(COPY_WRITE, (GLsizeiptr)part.length, NULL, STREAM_DRAW);
    for (size_t at = 0; at < part.length; at++) part.bytes[at] = (uint8_t)(at * 7 + 3);
    gl.CopyBufferSubData(COPY_READ, COPY_WRITE, 0, 0, (GLsizeiptr)part.length);
    const void *seen = gl.MapBufferRange(COPY_WRITE, 0, (GLsizeiptr)part.length, MAP_READ);
    result = seen == NULL ? -1 : memcmp(seen, part.bytes, part.length) != 0;
    if (seen != NULL) gl.UnmapBuffer(COPY_WRITE);
    GLenum error = drain_errors();
    if (error != 0) result = (int32_t)error;
  }
  gl.DeleteBuffers(2, buffers);
  return from_i32(env, result);
}

// trialMemoryObject(bytes, length, fd, synced): makes a dma-buf of these bytes a buffer object; each side writes, and the other looks.
// `synced`: they tell each other by DMA_BUF_IOCTL_SYNC. 0: both saw it; 1: GL has a copy of its own; 2: what GL writes does not arrive;
// else the GL error, or negative.
static FUNCTION(js_memory_object) {
  ARGUMENTS(4);
  enum { COPY_READ = 0x8f36, COPY_WRITE = 0x8f37, STREAM_DRAW = 0x88e0, MAP_READ = 1, SYNC_READ = 1, SYNC_WRITE = 2 };
  View view = to_view(env, args[0]);
  uint32_t length = to_u32(env, args[1]);
  int fd = to_i32(env, args[2]);
  bool is_synced = to_bool(env, args[3]);
  if (egl_display == NULL || length == 0 || view.length < length) return from_i32(env, -2);
  uint8_t *bytes = view.bytes;
  memset(bytes, 1, length);
  if (is_synced) dma_buf_sync(fd, SYNC_WRITE);
  GLuint buffers[2];
  gl.GenBuffers(2, buffers);
  gl.BindBuffer(COPY_READ, buffers[0]);
  int32_t result = gl_memory_object(COPY_READ, fd, length, length);
  if (result == 0) {
    gl.BindBuffer(COPY_WRITE, buffers[1]);
    gl.BufferData(COPY_WRITE, (GLsizeiptr)length, NULL, STREAM_DRAW);
    for (uint32_t at = 0; at < length; at++) bytes[at] = (uint8_t)(at * 7 + 3);
    if (is_synced) dma_buf_sync(fd, SYNC_WRITE);
    gl.CopyBufferSubData(COPY_READ, COPY_WRITE, 0, 0, (GLsizeiptr)length);
    const void *seen = gl.MapBufferRange(COPY_WRITE, 0, (GLsizeiptr)length, MAP_READ);
    result = seen == NULL ? -2 : memcmp(seen, bytes, length) != 0;
    if (seen != NULL) gl.UnmapBuffer(COPY_WRITE);
  }
  if (result == 0) {
    uint8_t block[4096];
    for (uint32_t at = 0; at < sizeof block; at++) block[at] = (uint8_t)(at * 5 + 1);
    uint32_t count = length < sizeof block ? length : sizeof block;
    gl.BufferData(COPY_WRITE, (GLsizeiptr)count, block, STREAM_DRAW);
    gl.CopyBufferSubData(COPY_WRITE, COPY_READ, 0, 0, (GLsizeiptr)count);
    gl.Finish();
    if (is_synced) dma_buf_sync(fd, SYNC_READ);
    if (memcmp(bytes, block, count) != 0) result = 2;
  }
  GLenum error = drain_errors();
  if (error != 0) result = (int32_t)error;
  gl.DeleteBuffers(2, buffers);
  return from_i32(env, result);
}

// trialNoCoreFiles(): a crash of this process leaves nothing behind.
static FUNCTION(js_no_core_files) {
  (void)env;
  (void)info;
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
  return NULL;
}

void trial_exports(napi_env env, napi_value exports) {
  export_function(env, exports, "trialImport", js_import);
  export_function(env, exports, "trialSample", js_sample);
  export_function(env, exports, "trialClear", js_clear);
  export_function(env, exports, "trialRelease", js_release);
  export_function(env, exports, "trialFormats", js_formats);
  export_function(env, exports, "trialDevice", js_device);
  export_function(env, exports, "trialMeasure", js_measure);
  export_function(env, exports, "trialPin", js_pin);
  export_function(env, exports, "trialMemoryObject", js_memory_object);
  export_function(env, exports, "trialNoCoreFiles", js_no_core_files);
}
