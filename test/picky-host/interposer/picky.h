// A substitute for libEGL.so.1 that passes everything on to the real one, but refuses, fails or bounces as an embedded board does.
// Configured by VIRTGPU_PICKY; README.md lists the words.
#pragma once
#define EGL_EGLEXT_PROTOTYPES
#include <EGL/egl.h>
#include <EGL/eglext.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Only EGL's own functions leave this library.
#pragma GCC visibility push(hidden)

enum { MAX_WORDS = 16, MAX_PLANES = 4, MAX_ATTRIBUTES = 128 };

typedef struct {
  uint32_t stride, stride_texels, offset; // multiples; 0: anything goes
  bool zero_offset_only;
  uint32_t formats[MAX_WORDS];
  int format_count; // 0: all
  bool modifier_needed, modifier_refused;
  int64_t max_width, max_height; // 0: the driver's own
  uint64_t high_from, high_to; // bytes of the file that count as memory above 4 GiB
  bool has_dma_limit;
  uint64_t dma_limit; // physical addresses from here on are out of reach (needs CAP_SYS_ADMIN to know them)
  bool high_bounces, bounces;
  EGLint error; // of a refused import; 0: raise SIGSEGV instead
  bool fails_initialize[4]; // by enum Platform
  EGLint initialize_error; // EGL_SUCCESS: eglInitialize returns false without saying why
  bool drm_first; // a DRM device without usable import stands before the software device, and "surfaceless" takes it
  bool gles_only;
  char hidden[MAX_WORDS][64];
  int hidden_count;
  char log[256]; // each refusal is a line there
} Settings;

enum Platform { SURFACELESS, DEVICE, GBM, WAYLAND, OTHER_PLATFORM };

typedef struct {
  int64_t offset, stride;
  uint64_t modifier;
  bool has_fd, has_modifier;
  int fd;
  int fd_at; // where in the attributes the descriptor stands
} Plane;

// What the attributes of an EGL_LINUX_DMA_BUF_EXT import say.
typedef struct {
  int64_t width, height;
  uint32_t format;
  Plane planes[MAX_PLANES];
} Picture;

extern Settings settings;
void settings_load(void);
uint32_t bytes_per_texel(uint32_t format);

// The real library. Aborts with a message when there is none.
void *real_entry(const char *name);

// Makes the next eglGetError answer `error`.
void set_error(EGLint error);
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

// Why the board refuses the picture, or NULL.
const char *refusal(const Picture *picture, bool is_drm_display);
bool is_bounced(const Picture *picture);
// A private copy of the bytes that the picture uses, at the same offsets, or -1.
int bounce_copy(const Picture *picture, const Plane *plane);

bool display_is_drm(EGLDisplay display);
EGLDeviceEXT first_real_device(void);
bool is_hidden(const char *word, size_t length);
#pragma GCC visibility pop
