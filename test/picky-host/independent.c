// What an import does on this host, told without our own code: the picky host is held against it.
//   independent platforms                            each EGL platform: "surfaceless ok" or "surfaceless 0x3001"
//   independent devices                              each EGL device with its extensions
//   independent import PLATFORM TRY...               a line per try; a try is WIDTHxHEIGHT:FOURCC:STRIDE:OFFSET[:linear]
// A line says "0x3002", or "ok" with seen=0|1 (a write after the import is sampled) and landed=0|1 (a clear is in the memory).
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <GLES3/gl3.h>
#include <GLES2/gl2ext.h> // needs the types of the one above
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { FILE_BYTES = 32 << 20 };

static PFNEGLGETPLATFORMDISPLAYEXTPROC get_display;
static PFNEGLQUERYDEVICESEXTPROC query_devices;
static PFNEGLQUERYDEVICESTRINGEXTPROC device_text;
static PFNEGLCREATEIMAGEKHRPROC create_image;
static PFNEGLDESTROYIMAGEKHRPROC destroy_image;
static PFNGLEGLIMAGETARGETTEXTURE2DOESPROC image_target;
static uint8_t *memory;
static int memory_fd;
static EGLDisplay display;

static EGLDisplay display_on(const char *platform) {
  EGLDeviceEXT devices[16];
  EGLint count = 0;
  if (strcmp(platform, "surfaceless") == 0) return get_display(EGL_PLATFORM_SURFACELESS_MESA, EGL_DEFAULT_DISPLAY, NULL);
  if (strcmp(platform, "device") == 0) return query_devices(16, devices, &count) && count > 0 ? get_display(EGL_PLATFORM_DEVICE_EXT, devices[count - 1], NULL) : NULL;
  return get_display(EGL_PLATFORM_GBM_KHR, NULL, NULL);
}

static void platforms(void) {
  static const char *const names[] = {"surfaceless", "device"};
  for (int index = 0; index < 2; index++) {
    EGLDisplay which = display_on(names[index]);
    if (which != EGL_NO_DISPLAY && eglInitialize(which, NULL, NULL)) printf("%s ok\n", names[index]);
    else printf("%s 0x%04x\n", names[index], (unsigned)eglGetError());
  }
}

static void devices(void) {
  EGLDeviceEXT list[16];
  EGLint count = 0;
  query_devices(16, list, &count);
  for (int index = 0; index < count; index++) printf("%s\n", device_text(list[index], EGL_EXTENSIONS));
}

static GLuint framebuffer_of(GLuint texture) {
  GLuint name;
  glGenFramebuffers(1, &name);
  glBindFramebuffer(GL_FRAMEBUFFER, name);
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_COLOR_ATTACHMENT0, GL_TEXTURE_2D, texture, 0);
  return name;
}

// One channel that every tried format has: green of the first texel (red where the format has no other) follows the byte.
static int first_byte_seen(GLuint from, GLuint to, uint8_t value, int offset) {
  memset(memory + offset, value, 4);
  glBindFramebuffer(GL_READ_FRAMEBUFFER, from);
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, to);
  glBlitFramebuffer(0, 0, 1, 1, 0, 0, 1, 1, GL_COLOR_BUFFER_BIT, GL_NEAREST);
  uint8_t pixel[4] = {0};
  glBindFramebuffer(GL_FRAMEBUFFER, to);
  glReadPixels(0, 0, 1, 1, GL_RGBA, GL_UNSIGNED_BYTE, pixel);
  return abs(pixel[0] - value) <= 8;
}

static int clear_landed(GLuint to, int offset) {
  memset(memory + offset, 0, 4);
  glBindFramebuffer(GL_FRAMEBUFFER, to);
  glClearColor(1, 1, 1, 1);
  glClear(GL_COLOR_BUFFER_BIT);
  glFinish();
  return memory[offset] == 255;
}

static void try_import(const char *text) {
  int width, height, stride, offset, read = 0;
  char format[5];
  if (sscanf(text, "%dx%d:%4[^:]:%d:%d%n", &width, &height, format, &stride, &offset, &read) != 5) exit(2);
  while (strlen(format) < 4) strcat(format, " ");
  EGLint attributes[] = {EGL_WIDTH, width, EGL_HEIGHT, height, EGL_LINUX_DRM_FOURCC_EXT, format[0] | format[1] << 8 | format[2] << 16 | format[3] << 24,
                         EGL_DMA_BUF_PLANE0_FD_EXT, memory_fd, EGL_DMA_BUF_PLANE0_OFFSET_EXT, offset, EGL_DMA_BUF_PLANE0_PITCH_EXT, stride,
                         EGL_NONE, 0, EGL_DMA_BUF_PLANE0_MODIFIER_HI_EXT, 0, EGL_NONE};
  if (text[read] != 0) attributes[12] = EGL_DMA_BUF_PLANE0_MODIFIER_LO_EXT;
  EGLImageKHR image = create_image(display, EGL_NO_CONTEXT, EGL_LINUX_DMA_BUF_EXT, NULL, attributes);
  if (image == NULL) {
    printf("0x%04x\n", (unsigned)eglGetError());
    return;
  }
  GLuint textures[2];
  glGenTextures(2, textures);
  glBindTexture(GL_TEXTURE_2D, textures[0]);
  image_target(GL_TEXTURE_2D, image);
  glBindTexture(GL_TEXTURE_2D, textures[1]);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, 1, 1, 0, GL_RGBA, GL_UNSIGNED_BYTE, NULL);
  GLuint from = framebuffer_of(textures[0]), to = framebuffer_of(textures[1]);
  int seen = first_byte_seen(from, to, 200, offset) && first_byte_seen(from, to, 90, offset);
  printf("ok seen=%d landed=%d\n", seen, clear_landed(from, offset));
  glDeleteFramebuffers(1, &from);
  glDeleteFramebuffers(1, &to);
  glDeleteTextures(2, textures);
  destroy_image(display, image);
}

static int open_gles(const char *platform) {
  display = display_on(platform);
  if (display == EGL_NO_DISPLAY || !eglInitialize(display, NULL, NULL)) return 1;
  eglBindAPI(EGL_OPENGL_ES_API);
  static const EGLint version[] = {EGL_CONTEXT_MAJOR_VERSION, 3, EGL_NONE};
  EGLContext context = eglCreateContext(display, EGL_NO_CONFIG_KHR, EGL_NO_CONTEXT, version);
  return context == NULL || !eglMakeCurrent(display, NULL, NULL, context);
}

int main(int count, char **arguments) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  get_display = (PFNEGLGETPLATFORMDISPLAYEXTPROC)eglGetProcAddress("eglGetPlatformDisplayEXT");
  query_devices = (PFNEGLQUERYDEVICESEXTPROC)eglGetProcAddress("eglQueryDevicesEXT");
  device_text = (PFNEGLQUERYDEVICESTRINGEXTPROC)eglGetProcAddress("eglQueryDeviceStringEXT");
  create_image = (PFNEGLCREATEIMAGEKHRPROC)eglGetProcAddress("eglCreateImageKHR");
  destroy_image = (PFNEGLDESTROYIMAGEKHRPROC)eglGetProcAddress("eglDestroyImageKHR");
  image_target = (PFNGLEGLIMAGETARGETTEXTURE2DOESPROC)eglGetProcAddress("glEGLImageTargetTexture2DOES");
  if (count == 2 && strcmp(arguments[1], "platforms") == 0) platforms();
  else if (count == 2 && strcmp(arguments[1], "devices") == 0) devices();
  else if (count > 3) {
    memory_fd = memfd_create("independent", MFD_CLOEXEC);
    if (memory_fd < 0 || ftruncate(memory_fd, FILE_BYTES) != 0 || open_gles(arguments[2]) != 0) return 1;
    memory = mmap(NULL, FILE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, memory_fd, 0);
    for (int index = 3; index < count; index++) try_import(arguments[index]);
  } else return 2;
  return 0;
}
