// EGL by dlopen: the types, numbers and entry points that we use. Numbers: EGL 1.5 and its extensions (EGL/egl.h, EGL/eglext.h).
#pragma once
#include <stdint.h>

typedef void *EGLDisplay, *EGLConfig, *EGLContext, *EGLSurface, *EGLSync, *EGLDevice;
typedef unsigned int EGLBoolean;
typedef int32_t EGLint;
typedef intptr_t EGLAttrib;

enum {
  EGL_NONE_ = 0x3038,
  EGL_EXTENSIONS_ = 0x3055,
  EGL_VENDOR_ = 0x3053,
  EGL_VERSION_ = 0x3054,
  EGL_CLIENT_APIS_ = 0x308d,
  EGL_OPENGL_ES_API_ = 0x30a0,
  EGL_OPENGL_API_ = 0x30a2,
  EGL_SURFACE_TYPE_ = 0x3033,
  EGL_RENDERABLE_TYPE_ = 0x3040,
  EGL_OPENGL_ES3_BIT_ = 0x40,
  EGL_OPENGL_BIT_ = 0x08,
  EGL_PBUFFER_BIT_ = 0x01,
  EGL_WIDTH_ = 0x3057,
  EGL_HEIGHT_ = 0x3056,
  EGL_CONTEXT_MAJOR_VERSION_ = 0x3098,
  EGL_CONTEXT_MINOR_VERSION_ = 0x30fb,
  EGL_CONTEXT_PROFILE_MASK_ = 0x30fd,
  EGL_CONTEXT_CORE_PROFILE_BIT_ = 0x01,
  EGL_CONTEXT_FLAGS_KHR_ = 0x30fc,
  EGL_CONTEXT_DEBUG_BIT_ = 0x01,
  EGL_CONTEXT_ROBUST_ACCESS_EXT_ = 0x30bf,
  EGL_CONTEXT_RESET_STRATEGY_EXT_ = 0x3138,
  EGL_CONTEXT_RESET_STRATEGY_KHR_ = 0x31bd,
  EGL_LOSE_CONTEXT_ON_RESET_ = 0x31bf,
  EGL_CONTEXT_OPENGL_ROBUST_ACCESS_ = 0x31b2,
  EGL_PLATFORM_SURFACELESS_MESA_ = 0x31dd,
  EGL_PLATFORM_DEVICE_EXT_ = 0x313f,
  EGL_PLATFORM_GBM_ = 0x31d7,
  EGL_PLATFORM_WAYLAND_ = 0x31d8,
  EGL_DRM_RENDER_NODE_FILE_EXT_ = 0x3377,
  EGL_SYNC_FENCE_ = 0x30f9,
  EGL_SYNC_NATIVE_FENCE_ANDROID_ = 0x3144,
  EGL_CONDITION_SATISFIED_ = 0x30f6,
  EGL_TIMEOUT_EXPIRED_ = 0x30f5,
  EGL_NO_NATIVE_FENCE_FD_ = -1,
};

typedef struct {
  void *(*GetProcAddress)(const char *name);
  const char *(*QueryString)(EGLDisplay display, EGLint name);
  EGLint (*GetError)(void);
  EGLBoolean (*Initialize)(EGLDisplay display, EGLint *major, EGLint *minor);
  EGLBoolean (*Terminate)(EGLDisplay display);
  EGLBoolean (*BindAPI)(unsigned int api);
  EGLBoolean (*ChooseConfig)(EGLDisplay display, const EGLint *attributes, EGLConfig *configs, EGLint size, EGLint *count);
  EGLContext (*CreateContext)(EGLDisplay display, EGLConfig config, EGLContext share, const EGLint *attributes);
  EGLBoolean (*DestroyContext)(EGLDisplay display, EGLContext context);
  EGLSurface (*CreatePbufferSurface)(EGLDisplay display, EGLConfig config, const EGLint *attributes);
  EGLBoolean (*DestroySurface)(EGLDisplay display, EGLSurface surface);
  EGLBoolean (*MakeCurrent)(EGLDisplay display, EGLSurface draw, EGLSurface read, EGLContext context);
  EGLBoolean (*ReleaseThread)(void);
  EGLDisplay (*GetPlatformDisplayEXT)(unsigned int platform, void *native, const EGLint *attributes);
  // May be NULL:
  EGLBoolean (*QueryDevicesEXT)(EGLint max, EGLDevice *devices, EGLint *count);
  const char *(*QueryDeviceStringEXT)(EGLDevice device, EGLint name);
  EGLSync (*CreateSyncKHR)(EGLDisplay display, unsigned int type, const EGLint *attributes);
  EGLBoolean (*DestroySyncKHR)(EGLDisplay display, EGLSync sync);
  EGLint (*ClientWaitSyncKHR)(EGLDisplay display, EGLSync sync, EGLint flags, uint64_t timeout_ns);
  EGLint (*DupNativeFenceFDANDROID)(EGLDisplay display, EGLSync sync);
} EglEntries;

extern EglEntries egl;
extern EGLDisplay egl_display; // NULL: no context is open
extern bool egl_has_fence_sync, egl_has_native_fence;
// What happened to the GPU (`GL_*_CONTEXT_RESET`), or 0. Asks the driver now and then; `is_suspect`: at once.
uint32_t egl_reset_status(bool is_suspect);
