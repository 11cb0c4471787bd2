// What every feature client shares: EGL set-up without a window system, program building, small framebuffers, and
// the record file that the test compares between drivers.
//
// A client is run as `CLIENT OUTPUT`. OUTPUT is a sequence of records, each one header line followed by its bytes:
//
//   record NAME KIND WIDTH HEIGHT TOLERANCE FRACTION BYTES\n  <BYTES bytes> \n
//
// KIND is rgba8 | f32 | u32 | i32 | bytes | text. TOLERANCE is the largest difference of one component that counts
// as equal (in the units of KIND; 0 is exact); FRACTION is the share of components that may differ by more than that.
// Both stand in the client, beside the operation that makes them necessary.
#ifndef VIRTGPU_CLIENTS_COMMON_H
#define VIRTGPU_CLIENTS_COMMON_H

#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GLES3/gl3.h>
#include <GLES2/gl2ext.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))
#define WINDOW_SIZE 128

static EGLDisplay client_display;
static EGLConfig client_config;
static EGLSurface client_surface;
static EGLContext client_context;
static FILE *client_output;

// ---- records ------------------------------------------------------------------------------------------------------

static void fail(const char *what) {
  fprintf(stderr, "client failed: %s (EGL 0x%x)\n", what, eglGetError());
  exit(1);
}

static void record(const char *name, const char *kind, int width, int height, double tolerance, double fraction,
                   const void *data, size_t bytes) {
  fprintf(client_output, "record %s %s %d %d %g %g %zu\n", name, kind, width, height, tolerance, fraction, bytes);
  fwrite(data, 1, bytes, client_output);
  fputc('\n', client_output);
  fflush(client_output);
}

static void text(const char *name, const char *format, ...) {
  char line[4096];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (length >= (int)sizeof line) length = sizeof line - 1;
  record(name, "text", 0, 0, 0, 0, line, (size_t)length);
}

// Records the pending GL error, if there is one; a client without errors records nothing.
static void check_gl(const char *name) {
  GLenum error = glGetError();
  if (error == GL_NO_ERROR) return;
  char label[128];
  snprintf(label, sizeof label, "%s.error", name);
  text(label, "0x%04x", error);
}

static void bytes(const char *name, const void *data, size_t length) {
  record(name, "bytes", (int)length, 1, 0, 0, data, length);
}
static void floats(const char *name, const float *data, int count, double tolerance) {
  record(name, "f32", count, 1, tolerance, 0, data, (size_t)count * 4);
}
static void unsigneds(const char *name, const uint32_t *data, int count) {
  record(name, "u32", count, 1, 0, 0, data, (size_t)count * 4);
}

// Reads a rectangle of the read framebuffer as RGBA8 and records it.
static void pixels_near(const char *name, int x, int y, int width, int height, double tolerance, double fraction) {
  uint8_t *data = malloc((size_t)width * height * 4);
  memset(data, 0xa5, (size_t)width * height * 4);
  glPixelStorei(GL_PACK_ALIGNMENT, 4);
  glReadPixels(x, y, width, height, GL_RGBA, GL_UNSIGNED_BYTE, data);
  record(name, "rgba8", width, height, tolerance, fraction, data, (size_t)width * height * 4);
  free(data);
  check_gl(name);
}
static void pixels(const char *name, int width, int height) { pixels_near(name, 0, 0, width, height, 0, 0); }

static void pixels_float(const char *name, int width, int height, double tolerance) {
  float *data = calloc((size_t)width * height * 4, 4);
  glReadPixels(0, 0, width, height, GL_RGBA, GL_FLOAT, data);
  record(name, "f32", width, height, tolerance, 0, data, (size_t)width * height * 16);
  free(data);
  check_gl(name);
}
static void pixels_integer(const char *name, int width, int height, int is_signed) {
  uint32_t *data = calloc((size_t)width * height * 4, 4);
  glReadPixels(0, 0, width, height, GL_RGBA_INTEGER, is_signed ? GL_INT : GL_UNSIGNED_INT, data);
  record(name, is_signed ? "i32" : "u32", width, height, 0, 0, data, (size_t)width * height * 16);
  free(data);
  check_gl(name);
}

// ---- EGL ----------------------------------------------------------------------------------------------------------

static EGLContext context_create(int version, EGLContext share) {
  const EGLint attributes[] = {EGL_CONTEXT_CLIENT_VERSION, version, EGL_NONE};
  EGLContext context = eglCreateContext(client_display, client_config, share, attributes);
  if (context == EGL_NO_CONTEXT) fail("eglCreateContext");
  return context;
}

static EGLSurface surface_create(int width, int height) {
  const EGLint attributes[] = {EGL_WIDTH, width, EGL_HEIGHT, height, EGL_NONE};
  EGLSurface surface = eglCreatePbufferSurface(client_display, client_config, attributes);
  if (surface == EGL_NO_SURFACE) fail("eglCreatePbufferSurface");
  return surface;
}

static void make_current(EGLSurface surface, EGLContext context) {
  if (!eglMakeCurrent(client_display, surface, surface, context)) fail("eglMakeCurrent");
}

// Opens OUTPUT, the surfaceless display, a WINDOW_SIZE² pbuffer with depth and stencil, and a context of `version`.
static void client_open(int argc, char **argv, int version) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s OUTPUT\n", argv[0]);
    exit(2);
  }
  client_output = fopen(argv[1], "wb");
  if (client_output == NULL) fail("the output cannot be written");
  client_display = eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, NULL);
  if (!eglInitialize(client_display, NULL, NULL)) fail("eglInitialize");
  const EGLint wanted[] = {EGL_SURFACE_TYPE, EGL_PBUFFER_BIT, EGL_RENDERABLE_TYPE, version == 2 ? EGL_OPENGL_ES2_BIT : EGL_OPENGL_ES3_BIT,
                           EGL_RED_SIZE, 8, EGL_GREEN_SIZE, 8, EGL_BLUE_SIZE, 8, EGL_ALPHA_SIZE, 8,
                           EGL_DEPTH_SIZE, 24, EGL_STENCIL_SIZE, 8, EGL_NONE};
  EGLint count = 0;
  if (!eglChooseConfig(client_display, wanted, &client_config, 1, &count) || count == 0) fail("eglChooseConfig");
  eglBindAPI(EGL_OPENGL_ES_API);
  client_surface = surface_create(WINDOW_SIZE, WINDOW_SIZE);
  client_context = context_create(version, EGL_NO_CONTEXT);
  make_current(client_surface, client_context);
  printf("%s\n", (const char *)glGetString(GL_RENDERER));
}

static int client_close(void) {
  check_gl("end");
  text("end", "complete");
  fclose(client_output);
  eglMakeCurrent(client_display, EGL_NO_SURFACE, EGL_NO_SURFACE, EGL_NO_CONTEXT);
  eglDestroyContext(client_display, client_context);
  eglDestroySurface(client_display, client_surface);
  eglTerminate(client_display);
  return 0;
}

static int has_extension(const char *name) {
  const char *list = (const char *)glGetString(GL_EXTENSIONS);
  size_t length = strlen(name);
  for (const char *at = list; (at = strstr(at, name)) != NULL; at += length)
    if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == 0)) return 1;
  return 0;
}

// ---- programs -----------------------------------------------------------------------------------------------------

static GLuint shader_compile(GLenum stage, const char *source) {
  GLuint shader = glCreateShader(stage);
  glShaderSource(shader, 1, &source, NULL);
  glCompileShader(shader);
  GLint compiled = 0;
  glGetShaderiv(shader, GL_COMPILE_STATUS, &compiled);
  if (!compiled) {
    char log[4096] = "";
    glGetShaderInfoLog(shader, sizeof log, NULL, log);
    fprintf(stderr, "shader does not compile: %s\n%s\n", log, source);
    exit(1);
  }
  return shader;
}

static GLuint program_link(GLuint program) {
  glLinkProgram(program);
  GLint linked = 0;
  glGetProgramiv(program, GL_LINK_STATUS, &linked);
  if (!linked) {
    char log[4096] = "";
    glGetProgramInfoLog(program, sizeof log, NULL, log);
    fprintf(stderr, "program does not link: %s\n", log);
    exit(1);
  }
  return program;
}

// Attribute 0 is always called "position"; other locations stand in the shaders (ES 3.0) or are bound by the caller.
static GLuint program_unlinked(const char *vertex, const char *fragment) {
  GLuint program = glCreateProgram();
  glAttachShader(program, shader_compile(GL_VERTEX_SHADER, vertex));
  glAttachShader(program, shader_compile(GL_FRAGMENT_SHADER, fragment));
  glBindAttribLocation(program, 0, "position");
  return program;
}
static GLuint program_create(const char *vertex, const char *fragment) {
  return program_link(program_unlinked(vertex, fragment));
}

#define ES3 "#version 300 es\nprecision highp float; precision highp int;\n"
// A vertex shader that passes a position and a unit-square coordinate.
#define VERTEX_QUAD ES3 "in vec2 position; out vec2 at; void main() { at = position * 0.5 + 0.5; gl_Position = vec4(position, 0.0, 1.0); }"
#define VERTEX_PLAIN ES3 "in vec4 position; void main() { gl_Position = position; }"
#define FRAGMENT_UNIFORM ES3 "uniform vec4 colour; out vec4 result; void main() { result = colour; }"

static GLuint program_uniform_colour(void) { return program_create(VERTEX_PLAIN, FRAGMENT_UNIFORM); }

static void set_colour(GLuint program, float r, float g, float b, float a) {
  glUseProgram(program);
  glUniform4f(glGetUniformLocation(program, "colour"), r, g, b, a);
}
static void set_int(GLuint program, const char *name, int value) {
  glUseProgram(program);
  glUniform1i(glGetUniformLocation(program, name), value);
}
static void set_float(GLuint program, const char *name, float value) {
  glUseProgram(program);
  glUniform1f(glGetUniformLocation(program, name), value);
}

// ---- buffers, geometry --------------------------------------------------------------------------------------------

static GLuint buffer_create(GLenum target, size_t length, const void *data, GLenum usage) {
  GLuint buffer;
  glGenBuffers(1, &buffer);
  glBindBuffer(target, buffer);
  glBufferData(target, (GLsizeiptr)length, data, usage);
  return buffer;
}

// Draws the rectangle x0,y0..x1,y1 (clip coordinates) at depth z with attribute 0, as two triangles from a buffer.
static void draw_rectangle(float x0, float y0, float x1, float y1, float z) {
  const float corners[] = {x0, y0, z, x1, y0, z, x0, y1, z, x1, y1, z};
  GLuint buffer = buffer_create(GL_ARRAY_BUFFER, sizeof corners, corners, GL_STREAM_DRAW);
  glVertexAttribPointer(0, 3, GL_FLOAT, GL_FALSE, 0, NULL);
  glEnableVertexAttribArray(0);
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  glBindBuffer(GL_ARRAY_BUFFER, 0);
  glDeleteBuffers(1, &buffer);
}
static void draw_full(void) { draw_rectangle(-1, -1, 1, 1, 0); }

// Draws `count` vertices of `components` floats each through attribute 0.
static void draw_vertices(GLenum mode, const float *data, int components, int count) {
  GLuint buffer = buffer_create(GL_ARRAY_BUFFER, (size_t)count * components * 4, data, GL_STREAM_DRAW);
  glVertexAttribPointer(0, components, GL_FLOAT, GL_FALSE, 0, NULL);
  glEnableVertexAttribArray(0);
  glDrawArrays(mode, 0, count);
  glBindBuffer(GL_ARRAY_BUFFER, 0);
  glDeleteBuffers(1, &buffer);
}

// ---- textures, framebuffers ---------------------------------------------------------------------------------------

static void texture_filter(GLenum target, GLenum min, GLenum mag) {
  glTexParameteri(target, GL_TEXTURE_MIN_FILTER, (GLint)min);
  glTexParameteri(target, GL_TEXTURE_MAG_FILTER, (GLint)mag);
}

static GLuint texture_2d(GLenum format, int width, int height, int levels) {
  GLuint texture;
  glGenTextures(1, &texture);
  glBindTexture(GL_TEXTURE_2D, texture);
  glTexStorage2D(GL_TEXTURE_2D, levels, format, width, height);
  texture_filter(GL_TEXTURE_2D, levels > 1 ? GL_NEAREST_MIPMAP_NEAREST : GL_NEAREST, GL_NEAREST);
  return texture;
}

struct target {
  GLuint framebuffer, colour, depth;
};

static void target_check(const char *what) {
  GLenum status = glCheckFramebufferStatus(GL_FRAMEBUFFER);
  if (status != GL_FRAMEBUFFER_COMPLETE) {
    fprintf(stderr, "framebuffer %s is not complete: 0x%x\n", what, status);
    exit(1);
  }
}

// A framebuffer of renderbuffers; `depth_format` 0 leaves the depth attachment out, samples 0 is single-sampled.
static struct target target_create(GLenum colour_format, GLenum depth_format, int width, int height, int samples) {
  struct target target = {0, 0, 0};
  glGenFramebuffers(1, &target.framebuffer);
  glBindFramebuffer(GL_FRAMEBUFFER, target.framebuffer);
  if (colour_format != 0) {
    glGenRenderbuffers(1, &target.colour);
    glBindRenderbuffer(GL_RENDERBUFFER, target.colour);
    glRenderbufferStorageMultisample(GL_RENDERBUFFER, samples, colour_format, width, height);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_RENDERBUFFER, target.colour);
  }
  if (depth_format != 0) {
    const int stencil = depth_format == GL_DEPTH24_STENCIL8 || depth_format == GL_DEPTH32F_STENCIL8;
    glGenRenderbuffers(1, &target.depth);
    glBindRenderbuffer(GL_RENDERBUFFER, target.depth);
    glRenderbufferStorageMultisample(GL_RENDERBUFFER, samples, depth_format, width, height);
    glFramebufferRenderbuffer(GL_FRAMEBUFFER, stencil ? GL_DEPTH_STENCIL_ATTACHMENT : GL_DEPTH_ATTACHMENT, GL_RENDERBUFFER, target.depth);
  }
  target_check("of renderbuffers");
  glViewport(0, 0, width, height);
  return target;
}

static void target_delete(struct target target) {
  glBindFramebuffer(GL_FRAMEBUFFER, 0);
  glDeleteFramebuffers(1, &target.framebuffer);
  glDeleteRenderbuffers(1, &target.colour);
  glDeleteRenderbuffers(1, &target.depth);
}

static void clear_colour(float r, float g, float b, float a) {
  glClearColor(r, g, b, a);
  glClear(GL_COLOR_BUFFER_BIT);
}

// A deterministic byte for any index: the low bits of a multiplicative hash.
static uint8_t noise(uint32_t index) {
  index = (index ^ 61u) ^ (index >> 16);
  index *= 9u;
  index ^= index >> 4;
  index *= 0x27d4eb2du;
  return (uint8_t)(index >> 15);
}

#endif
