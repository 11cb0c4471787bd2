// Guest memory as GL objects: EGLImages of dma-bufs (or memfds, on software EGL) as textures, addresses as buffers. Called outside of
// batches, with everything encoded before executed. Leaves bindings as they were, and no GL error.
#include "gl.h"
#include "egl.h"
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

// EGL_EXT_image_dma_buf_import, EGL_EXT_image_dma_buf_import_modifiers
enum {
  LINUX_DMA_BUF_EXT = 0x3270,
  LINUX_DRM_FOURCC_EXT = 0x3271,
  PLANE0_FD_EXT = 0x3272,
  PLANE0_OFFSET_EXT = 0x3273,
  PLANE0_PITCH_EXT = 0x3274,
  PLANE0_MODIFIER_LO_EXT = 0x3443,
  PLANE0_MODIFIER_HI_EXT = 0x3444,
};
enum {
  TEXTURE_2D = 0x0de1,
  TEXTURE_BINDING_2D = 0x8069,
  READ_FRAMEBUFFER = 0x8ca8,
  DRAW_FRAMEBUFFER = 0x8ca9,
  DRAW_FRAMEBUFFER_BINDING = 0x8ca6,
  READ_FRAMEBUFFER_BINDING = 0x8caa,
  COLOR_ATTACHMENT0 = 0x8ce0,
  FRAMEBUFFER_COMPLETE = 0x8cd5,
  // GL_AMD_pinned_memory
  EXTERNAL_VIRTUAL_MEMORY_BUFFER_AMD = 0x9160,
  EXTERNAL_VIRTUAL_MEMORY_BUFFER_BINDING_AMD = 0x9161,
  STREAM_COPY = 0x88e2,
};
// What JavaScript is told besides EGL and GL error numbers.
enum { NOT_THERE = -1, BAD_ARGUMENT = -2, OUTSIDE_FILE = -3, NOT_SEALED = -4 };

typedef void *EGLImage;
typedef struct {
  EGLImage (*create)(EGLDisplay display, EGLContext context, unsigned int target, void *buffer, const EGLint *attributes);
  EGLBoolean (*destroy)(EGLDisplay display, EGLImage image);
  void (*target_texture)(GLenum target, EGLImage image);
  void (*target_storage)(GLenum target, EGLImage image, const GLint *attributes);
} ImageEntries;

static bool load_entries(ImageEntries *entries) {
  entries->create = egl.GetProcAddress("eglCreateImageKHR");
  entries->destroy = egl.GetProcAddress("eglDestroyImageKHR");
  entries->target_texture = egl.GetProcAddress("glEGLImageTargetTexture2DOES");
  entries->target_storage = egl.GetProcAddress("glEGLImageTargetTexStorageEXT");
  return entries->create != NULL && entries->destroy != NULL && entries->target_texture != NULL;
}

static bool has_extension(const char *list, const char *name) {
  size_t length = strlen(name);
  for (const char *at = list; at != NULL && (at = strstr(at, name)) != NULL; at += length)
    if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == 0)) return true;
  return false;
}

static bool has_gl_extension(const char *name) {
  enum { NUM_EXTENSIONS = 0x821d, EXTENSIONS = 0x1f03 };
  GLint count = 0;
  gl.GetIntegerv(NUM_EXTENSIONS, &count);
  for (GLint index = 0; index < count; index++) {
    const char *text = (const char *)gl.GetStringi(EXTENSIONS, (GLuint)index);
    if (text != NULL && strcmp(text, name) == 0) return true;
  }
  return false;
}

static GLenum take_error(void) {
  enum { MAX_ERRORS = 16 };
  GLenum first = 0;
  for (int round = 0; round < MAX_ERRORS; round++) {
    GLenum error = gl.GetError();
    if (error == 0) break;
    if (first == 0) first = error;
  }
  return first;
}

// One import, as 32-bit words from JavaScript.
typedef struct {
  int32_t fd;
  uint32_t width, height, fourcc, offset, stride, has_modifier, modifier_low, modifier_high, must_render, row_bytes;
} Request;

// The driver maps and trusts: the picture must lie in the file, and the file must not shrink.
static int check_file(const Request *request) {
  struct stat status;
  if (fstat(request->fd, &status) != 0) return BAD_ARGUMENT;
  if (S_ISREG(status.st_mode)) {
    int seals = fcntl(request->fd, F_GET_SEALS);
    if (seals < 0 || (seals & F_SEAL_SHRINK) == 0) return NOT_SEALED;
  }
  off_t size = S_ISREG(status.st_mode) ? status.st_size : lseek(request->fd, 0, SEEK_END);
  uint64_t end = (uint64_t)request->offset + (uint64_t)(request->height - 1) * request->stride + request->row_bytes;
  return size < 0 || end > (uint64_t)size ? OUTSIDE_FILE : 0;
}

static int check_request(const Request *request) {
  const uint32_t limit = 1 << 16;
  bool is_sane = request->width > 0 && request->height > 0 && request->width <= limit && request->height <= limit && request->offset <= INT32_MAX &&
                 request->stride <= INT32_MAX && request->row_bytes > 0 && request->row_bytes <= request->stride;
  return is_sane ? check_file(request) : BAD_ARGUMENT;
}

static EGLImage create_image(const ImageEntries *entries, const Request *request) {
  EGLint attributes[24], count = 0;
#define ADD(name, value) (attributes[count++] = (name), attributes[count++] = (EGLint)(value))
  ADD(EGL_WIDTH_, request->width);
  ADD(EGL_HEIGHT_, request->height);
  ADD(LINUX_DRM_FOURCC_EXT, request->fourcc);
  ADD(PLANE0_FD_EXT, request->fd);
  ADD(PLANE0_OFFSET_EXT, request->offset);
  ADD(PLANE0_PITCH_EXT, request->stride);
  if (request->has_modifier) {
    ADD(PLANE0_MODIFIER_LO_EXT, request->modifier_low);
    ADD(PLANE0_MODIFIER_HI_EXT, request->modifier_high);
  }
#undef ADD
  attributes[count] = EGL_NONE_;
  return entries->create(egl_display, NULL, LINUX_DMA_BUF_EXT, NULL, attributes);
}

// Whether the texture can be drawn to.
static bool is_renderable(GLuint texture) {
  GLint previous = 0;
  GLuint framebuffer = 0;
  gl.GetIntegerv(DRAW_FRAMEBUFFER_BINDING, &previous);
  gl.GenFramebuffers(1, &framebuffer);
  gl.BindFramebuffer(DRAW_FRAMEBUFFER, framebuffer);
  gl.FramebufferTexture2D(DRAW_FRAMEBUFFER, COLOR_ATTACHMENT0, TEXTURE_2D, texture, 0);
  bool is_complete = gl.CheckFramebufferStatus(DRAW_FRAMEBUFFER) == FRAMEBUFFER_COMPLETE;
  gl.BindFramebuffer(DRAW_FRAMEBUFFER, (GLuint)previous);
  gl.DeleteFramebuffers(1, &framebuffer);
  return is_complete && take_error() == 0;
}

// Puts `texture` in the place of the one at `index`, which is deleted.
static void replace_texture(uint32_t index, GLuint texture, GLint bound) {
  GLuint old = gl_names[GL_KIND_TEXTURE][index];
  gl_names[GL_KIND_TEXTURE][index] = texture;
  gl.BindTexture(TEXTURE_2D, (GLuint)bound == old ? 0 : (GLuint)bound);
  if (old != 0) gl.DeleteTextures(1, &old);
}

// Siblings of an image keep its memory: the image itself goes at once, the memory with the texture (EGL_KHR_image_base).
static int import_texture(uint32_t index, const Request *request) {
  ImageEntries entries;
  if (egl_display == NULL || index == 0 || index >= GL_NAMES_MAX) return BAD_ARGUMENT;
  if (!load_entries(&entries) || !has_extension(egl.QueryString(egl_display, EGL_EXTENSIONS_), "EGL_EXT_image_dma_buf_import")) return NOT_THERE;
  int problem = check_request(request);
  if (problem != 0) return problem;
  EGLImage image = create_image(&entries, request);
  if (image == NULL) return egl.GetError();
  take_error();
  GLint bound = 0;
  GLuint texture = 0;
  gl.GetIntegerv(TEXTURE_BINDING_2D, &bound);
  // Immutable where it can be: then other formats can view it.
  bool has_storage = entries.target_storage != NULL && has_gl_extension("GL_EXT_EGL_image_storage");
  GLenum error = 1;
  for (int storage = has_storage; storage >= 0 && error != 0; storage--) {
    if (texture != 0) gl.DeleteTextures(1, &texture);
    gl.GenTextures(1, &texture);
    gl.BindTexture(TEXTURE_2D, texture);
    if (storage) entries.target_storage(TEXTURE_2D, image, NULL);
    else entries.target_texture(TEXTURE_2D, image);
    error = take_error();
  }
  if (error == 0 && request->must_render && !is_renderable(texture)) error = FRAMEBUFFER_COMPLETE + 1;
  entries.destroy(egl_display, image);
  if (error != 0) {
    gl.BindTexture(TEXTURE_2D, (GLuint)bound);
    gl.DeleteTextures(1, &texture);
    return (int)error;
  }
  replace_texture(index, texture, bound);
  return 0;
}

static FUNCTION(js_import_texture) {
  ARGUMENTS(2);
  gl_forget_last_work();
  View words = to_view(env, args[1]);
  Request request;
  if (words.length < sizeof request) return from_i32(env, BAD_ARGUMENT);
  memcpy(&request, words.bytes, sizeof request);
  return from_i32(env, import_texture(to_u32(env, args[0]), &request));
}

// Gives the texture at `index` storage of its own with the same contents.
static int own_texture(uint32_t index, GLenum format, GLsizei width, GLsizei height) {
  if (egl_display == NULL || index == 0 || index >= GL_NAMES_MAX || gl_names[GL_KIND_TEXTURE][index] == 0) return BAD_ARGUMENT;
  GLint bound = 0, previous = 0;
  GLuint texture = 0, framebuffer = 0;
  take_error();
  gl.GetIntegerv(TEXTURE_BINDING_2D, &bound);
  gl.GetIntegerv(READ_FRAMEBUFFER_BINDING, &previous);
  gl.GenTextures(1, &texture);
  gl.BindTexture(TEXTURE_2D, texture);
  gl.TexStorage2D(TEXTURE_2D, 1, format, width, height);
  gl.GenFramebuffers(1, &framebuffer);
  gl.BindFramebuffer(READ_FRAMEBUFFER, framebuffer);
  gl.FramebufferTexture2D(READ_FRAMEBUFFER, COLOR_ATTACHMENT0, TEXTURE_2D, gl_names[GL_KIND_TEXTURE][index], 0);
  gl.CopyTexSubImage2D(TEXTURE_2D, 0, 0, 0, 0, 0, width, height);
  gl.BindFramebuffer(READ_FRAMEBUFFER, (GLuint)previous);
  gl.DeleteFramebuffers(1, &framebuffer);
  GLenum error = take_error();
  replace_texture(index, texture, bound);
  return (int)error;
}

static FUNCTION(js_own_texture) {
  ARGUMENTS(4);
  gl_forget_last_work();
  return from_i32(env, own_texture(to_u32(env, args[0]), to_u32(env, args[1]), to_i32(env, args[2]), to_i32(env, args[3])));
}

// Makes the memory the storage of the buffer at `index`. The segment must stay as it is until the buffer is deleted.
static int pin_buffer(uint32_t index, const uint32_t *reference) {
  GlData data;
  if (egl_display == NULL || index == 0 || index >= GL_NAMES_MAX || gl_names[GL_KIND_BUFFER][index] == 0) return BAD_ARGUMENT;
  if (!gl_resolve(reference, &data) || data.length == 0) return BAD_ARGUMENT;
  if (!has_gl_extension("GL_AMD_pinned_memory")) return NOT_THERE;
  GLint bound = 0;
  take_error();
  gl.GetIntegerv(EXTERNAL_VIRTUAL_MEMORY_BUFFER_BINDING_AMD, &bound);
  take_error();
  gl.BindBuffer(EXTERNAL_VIRTUAL_MEMORY_BUFFER_AMD, gl_names[GL_KIND_BUFFER][index]);
  gl.BufferData(EXTERNAL_VIRTUAL_MEMORY_BUFFER_AMD, data.length, data.bytes, STREAM_COPY);
  GLenum error = take_error();
  gl.BindBuffer(EXTERNAL_VIRTUAL_MEMORY_BUFFER_AMD, (GLuint)bound);
  take_error();
  return (int)error;
}

static FUNCTION(js_pin_buffer) {
  ARGUMENTS(2);
  gl_forget_last_work();
  View words = to_view(env, args[1]);
  uint32_t reference[4];
  if (words.length < sizeof reference) return from_i32(env, BAD_ARGUMENT);
  memcpy(reference, words.bytes, sizeof reference);
  return from_i32(env, pin_buffer(to_u32(env, args[0]), reference));
}

typedef struct {
  void (*create)(GLsizei count, GLuint *objects);
  void (*destroy)(GLsizei count, const GLuint *objects);
  void (*import_fd)(GLuint object, GLuint64 size, GLenum type, GLint fd);
  void (*buffer_storage)(GLenum target, GLsizeiptr size, GLuint object, GLuint64 offset);
} MemoryEntries;

static bool load_memory_entries(MemoryEntries *entries) {
  if (!has_gl_extension("GL_EXT_memory_object_fd")) return false;
  *(void **)&entries->create = egl.GetProcAddress("glCreateMemoryObjectsEXT");
  *(void **)&entries->destroy = egl.GetProcAddress("glDeleteMemoryObjectsEXT");
  *(void **)&entries->import_fd = egl.GetProcAddress("glImportMemoryFdEXT");
  *(void **)&entries->buffer_storage = egl.GetProcAddress("glBufferStorageMemEXT");
  return entries->create != NULL && entries->destroy != NULL && entries->import_fd != NULL && entries->buffer_storage != NULL;
}

// The memory lives as long as the buffer: the object can go at once (GL_EXT_memory_object, "Memory Objects").
int gl_memory_object(GLenum target, int fd, uint64_t file_bytes, uint32_t size) {
  enum { HANDLE_TYPE_OPAQUE_FD = 0x9586 };
  MemoryEntries entries;
  if (egl_display == NULL || size == 0) return BAD_ARGUMENT;
  if (!load_memory_entries(&entries)) return NOT_THERE;
  off_t end = lseek(fd, 0, SEEK_END);
  if (end < 0 || file_bytes > (uint64_t)end || size > file_bytes) return OUTSIDE_FILE;
  int given = fcntl(fd, F_DUPFD_CLOEXEC, 0);
  if (given < 0) return BAD_ARGUMENT;
  take_error();
  GLuint object = 0;
  entries.create(1, &object);
  GLenum error = take_error();
  if (error == 0) entries.import_fd(object, file_bytes, HANDLE_TYPE_OPAQUE_FD, given);
  if (error == 0) error = take_error();
  // GL owns the descriptor of an import that succeeded.
  if (error != 0) close(given);
  else entries.buffer_storage(target, size, object, 0);
  if (error == 0) error = take_error();
  entries.destroy(1, &object);
  take_error();
  return (int)error;
}

enum { COPY_READ_BUFFER = 0x8f36, COPY_WRITE_BUFFER = 0x8f37, DYNAMIC_DRAW = 0x88e8 };

// Puts `buffer`, which is bound to COPY_WRITE_BUFFER, in the place of the one at `index`, which is deleted.
static void replace_buffer(uint32_t index, GLuint buffer) {
  GLuint old = gl_names[GL_KIND_BUFFER][index];
  gl.BindBuffer(COPY_READ_BUFFER, 0);
  gl.BindBuffer(COPY_WRITE_BUFFER, 0);
  gl_names[GL_KIND_BUFFER][index] = buffer;
  gl.DeleteBuffers(1, &old);
}

// Storage of memory objects is immutable, so the buffer is another. Leaves nothing bound to COPY_READ_BUFFER and COPY_WRITE_BUFFER.
static int import_buffer(uint32_t index, int fd, double file_bytes, uint32_t size) {
  if (egl_display == NULL || index == 0 || index >= GL_NAMES_MAX || gl_names[GL_KIND_BUFFER][index] == 0) return BAD_ARGUMENT;
  if (!(file_bytes >= 1 && file_bytes < 9e15)) return BAD_ARGUMENT;
  GLuint buffer = 0;
  take_error();
  gl.GenBuffers(1, &buffer);
  gl.BindBuffer(COPY_WRITE_BUFFER, buffer);
  int result = gl_memory_object(COPY_WRITE_BUFFER, fd, (uint64_t)file_bytes, size);
  if (result == 0) replace_buffer(index, buffer);
  else {
    gl.BindBuffer(COPY_WRITE_BUFFER, 0);
    gl.DeleteBuffers(1, &buffer);
  }
  return result;
}

static FUNCTION(js_import_buffer) {
  ARGUMENTS(4);
  gl_forget_last_work();
  return from_i32(env, import_buffer(to_u32(env, args[0]), to_i32(env, args[1]), to_double(env, args[2]), to_u32(env, args[3])));
}

// Gives the place of the buffer at `index` to one with storage of its own and the same contents. Leaves bindings as `import_buffer` does.
static int replace_by_own(uint32_t index, uint32_t size) {
  if (egl_display == NULL || index == 0 || index >= GL_NAMES_MAX || gl_names[GL_KIND_BUFFER][index] == 0) return BAD_ARGUMENT;
  GLuint buffer = 0;
  take_error();
  gl.GenBuffers(1, &buffer);
  gl.BindBuffer(COPY_WRITE_BUFFER, buffer);
  gl_op_bufferZeros(COPY_WRITE_BUFFER, size, DYNAMIC_DRAW);
  gl.BindBuffer(COPY_READ_BUFFER, gl_names[GL_KIND_BUFFER][index]);
  gl.CopyBufferSubData(COPY_READ_BUFFER, COPY_WRITE_BUFFER, 0, 0, size);
  replace_buffer(index, buffer);
  return (int)take_error();
}

// Gives the buffer at `index` storage of its own with the same contents. Bindings name the buffer, so they stay. Pinned memory must be kept
// until the GPU is done with what was asked of it: see `ReleasedMemory`.
static int own_buffer(uint32_t index, uint32_t size) {
  if (egl_display == NULL || index == 0 || index >= GL_NAMES_MAX || gl_names[GL_KIND_BUFFER][index] == 0) return BAD_ARGUMENT;
  GLuint saved = 0;
  GLint read = 0, write = 0;
  take_error();
  gl.GetIntegerv(COPY_READ_BUFFER, &read);
  gl.GetIntegerv(COPY_WRITE_BUFFER, &write);
  gl.GenBuffers(1, &saved);
  gl.BindBuffer(COPY_WRITE_BUFFER, saved);
  gl_op_bufferZeros(COPY_WRITE_BUFFER, size, STREAM_COPY);
  gl.BindBuffer(COPY_READ_BUFFER, gl_names[GL_KIND_BUFFER][index]);
  gl.CopyBufferSubData(COPY_READ_BUFFER, COPY_WRITE_BUFFER, 0, 0, size);
  gl_op_bufferZeros(COPY_READ_BUFFER, size, DYNAMIC_DRAW);
  gl.CopyBufferSubData(COPY_WRITE_BUFFER, COPY_READ_BUFFER, 0, 0, size);
  gl.DeleteBuffers(1, &saved);
  gl.BindBuffer(COPY_READ_BUFFER, (GLuint)read);
  gl.BindBuffer(COPY_WRITE_BUFFER, (GLuint)write);
  return (int)take_error();
}

static FUNCTION(js_own_buffer) {
  ARGUMENTS(3);
  gl_forget_last_work();
  uint32_t index = to_u32(env, args[0]), size = to_u32(env, args[1]);
  return from_i32(env, to_bool(env, args[2]) ? replace_by_own(index, size) : own_buffer(index, size));
}

void import_exports(napi_env env, napi_value exports) {
  export_function(env, exports, "glImportTexture", js_import_texture);
  export_function(env, exports, "glOwnTexture", js_own_texture);
  export_function(env, exports, "glPinBuffer", js_pin_buffer);
  export_function(env, exports, "glImportBuffer", js_import_buffer);
  export_function(env, exports, "glOwnBuffer", js_own_buffer);
}
