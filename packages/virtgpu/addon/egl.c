// Opens one GL context without a window: surfaceless, device, gbm or wayland platform, GLES or desktop GL.
#include "gl.h"
#include "egl.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

EglEntries egl;
EGLDisplay egl_display;
bool egl_has_fence_sync, egl_has_native_fence;

static EGLContext context;
static EGLSurface pbuffer;
static bool is_robust;
static EGLint egl_major, egl_minor;
static int gl_major, gl_minor;

// The platform's native display, kept for closing.
static int gbm_fd = -1;
static void *gbm_device, *wayland_display;
static void (*gbm_destroy)(void *);
static void (*wayland_disconnect)(void *);

typedef struct {
  char platform[32], api[16], render_node[256];
  bool software, debug;
} Options;

static char failure_code[48], failure_text[256];

static bool fail(const char *code, const char *what) {
  snprintf(failure_code, sizeof failure_code, "%s", code);
  const EGLint success = 0x3000;
  EGLint error = egl.GetError == NULL ? success : egl.GetError();
  if (error != success) snprintf(failure_text, sizeof failure_text, "%s (EGL error 0x%04x)", what, (unsigned)error);
  else snprintf(failure_text, sizeof failure_text, "%s", what);
  return false;
}

static bool has_word(const char *list, const char *word) {
  size_t length = strlen(word);
  for (const char *at = list; at != NULL && (at = strstr(at, word)) != NULL; at += length)
    if ((at == list || at[-1] == ' ') && (at[length] == ' ' || at[length] == 0)) return true;
  return false;
}

static void *gles_library;

static GlProc get_gl_entry(const char *name) {
  GlProc entry = (GlProc)egl.GetProcAddress(name);
  if (entry == NULL && gles_library != NULL) entry = (GlProc)dlsym(gles_library, name);
  return entry;
}

static bool load_library(void) {
  if (egl.GetProcAddress != NULL) return true;
  void *library = dlopen("libEGL.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return fail("EGL_LIBRARY_MISSING", dlerror());
  gles_library = dlopen("libGLESv2.so.2", RTLD_NOW | RTLD_LOCAL);
  static const char *const required[] = {"QueryString", "GetError", "Initialize", "Terminate", "BindAPI", "ChooseConfig", "CreateContext",
                                         "DestroyContext", "CreatePbufferSurface", "DestroySurface", "MakeCurrent", "ReleaseThread"};
  void **table = (void **)&egl;
  void *get = dlsym(library, "eglGetProcAddress");
  for (size_t index = 0; index < sizeof required / sizeof *required; index++) {
    char name[64];
    snprintf(name, sizeof name, "egl%s", required[index]);
    table[index + 1] = dlsym(library, name);
    if (get == NULL || table[index + 1] == NULL) {
      memset(&egl, 0, sizeof egl);
      return fail("EGL_LIBRARY_MISSING", "libEGL.so.1 lacks EGL 1.4 functions");
    }
  }
  static const char *const optional[] = {"GetPlatformDisplayEXT", "QueryDevicesEXT", "QueryDeviceStringEXT", "CreateSyncKHR", "DestroySyncKHR",
                                         "ClientWaitSyncKHR", "DupNativeFenceFDANDROID"};
  memcpy(&egl.GetProcAddress, &get, sizeof get);
  const size_t first = sizeof required / sizeof *required + 1;
  for (size_t index = 0; index < sizeof optional / sizeof *optional; index++) {
    char name[64];
    snprintf(name, sizeof name, "egl%s", optional[index]);
    table[first + index] = egl.GetProcAddress(name);
  }
  return true;
}

// ---- platforms ----

enum { MAX_DEVICES = 32 };

static const char *device_text(EGLDevice device, EGLint name) {
  const char *text = egl.QueryDeviceStringEXT == NULL ? NULL : egl.QueryDeviceStringEXT(device, name);
  if (text == NULL) egl.GetError();
  return text == NULL ? "" : text;
}

static int list_devices(EGLDevice *devices) {
  EGLint count = 0;
  if (egl.QueryDevicesEXT == NULL || !egl.QueryDevicesEXT(MAX_DEVICES, devices, &count)) return 0;
  return count;
}

static bool is_software(EGLDevice device) {
  return has_word(device_text(device, EGL_EXTENSIONS_), "EGL_MESA_device_software");
}

static void *choose_device(const Options *options) {
  EGLDevice devices[MAX_DEVICES];
  int count = list_devices(devices);
  for (int index = 0; index < count; index++) {
    if (options->render_node[0] != 0 && strcmp(device_text(devices[index], EGL_DRM_RENDER_NODE_FILE_EXT_), options->render_node) != 0) continue;
    if (is_software(devices[index]) == options->software) return devices[index];
  }
  // No hardware asked for by name: software is better than nothing.
  if (options->render_node[0] == 0 && count > 0) return devices[0];
  return NULL;
}

static void *open_gbm(const Options *options) {
  void *library = dlopen("libgbm.so.1", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return fail("GBM_LIBRARY_MISSING", dlerror()), NULL;
  void *(*create)(int) = NULL;
  *(void **)&create = dlsym(library, "gbm_create_device");
  *(void **)&gbm_destroy = dlsym(library, "gbm_device_destroy");
  char node[256];
  snprintf(node, sizeof node, "%s", options->render_node);
  if (node[0] == 0) {
    for (int minor = 128; minor < 192; minor++) {
      snprintf(node, sizeof node, "/dev/dri/renderD%d", minor);
      if (access(node, F_OK) == 0) break;
      node[0] = 0;
    }
  }
  if (node[0] == 0) return fail("GBM_DEVICE_FAILED", "there is no /dev/dri/renderD*"), NULL;
  gbm_fd = open(node, O_RDWR | O_CLOEXEC);
  if (gbm_fd < 0) {
    char text[320];
    snprintf(text, sizeof text, "cannot open %s: %s", node, strerror(errno));
    return fail("GBM_DEVICE_FAILED", text), NULL;
  }
  gbm_device = create == NULL || gbm_destroy == NULL ? NULL : create(gbm_fd);
  if (gbm_device == NULL) fail("GBM_DEVICE_FAILED", "gbm_create_device failed");
  return gbm_device;
}

static void *open_wayland(void) {
  // Without it, the library writes to stderr by itself.
  if (getenv("XDG_RUNTIME_DIR") == NULL && getenv("WAYLAND_SOCKET") == NULL)
    return fail("WAYLAND_CONNECT_FAILED", "there is no Wayland session (XDG_RUNTIME_DIR is not set)"), NULL;
  void *library = dlopen("libwayland-client.so.0", RTLD_NOW | RTLD_LOCAL);
  if (library == NULL) return fail("WAYLAND_LIBRARY_MISSING", dlerror()), NULL;
  void *(*connect)(const char *) = NULL;
  *(void **)&connect = dlsym(library, "wl_display_connect");
  *(void **)&wayland_disconnect = dlsym(library, "wl_display_disconnect");
  wayland_display = connect == NULL || wayland_disconnect == NULL ? NULL : connect(NULL);
  if (wayland_display == NULL) fail("WAYLAND_CONNECT_FAILED", "cannot connect to a Wayland display");
  return wayland_display;
}

// The entries of the four platforms: EGL's number, the client extension that brings it.
static bool open_display(const Options *options) {
  const char *client = egl.QueryString(NULL, EGL_EXTENSIONS_);
  if (client == NULL) egl.GetError();
  if (egl.GetPlatformDisplayEXT == NULL || client == NULL) return fail("EGL_PLATFORM_MISSING", "this EGL has no platforms (EGL_EXT_platform_base)");
  unsigned platform = 0;
  void *native = NULL;
  if (strcmp(options->platform, "surfaceless") == 0) {
    if (!has_word(client, "EGL_MESA_platform_surfaceless")) return fail("EGL_PLATFORM_MISSING", "this EGL has no surfaceless platform");
    platform = EGL_PLATFORM_SURFACELESS_MESA_;
  } else if (strcmp(options->platform, "device") == 0) {
    if (!has_word(client, "EGL_EXT_platform_device")) return fail("EGL_PLATFORM_MISSING", "this EGL has no device platform");
    platform = EGL_PLATFORM_DEVICE_EXT_;
    native = choose_device(options);
    if (native == NULL) return fail("EGL_PLATFORM_MISSING", "no EGL device fits");
  } else if (strcmp(options->platform, "gbm") == 0) {
    if (!has_word(client, "EGL_MESA_platform_gbm") && !has_word(client, "EGL_KHR_platform_gbm"))
      return fail("EGL_PLATFORM_MISSING", "this EGL has no gbm platform");
    platform = EGL_PLATFORM_GBM_;
    native = open_gbm(options);
    if (native == NULL) return false;
  } else if (strcmp(options->platform, "wayland") == 0) {
    if (!has_word(client, "EGL_EXT_platform_wayland") && !has_word(client, "EGL_KHR_platform_wayland"))
      return fail("EGL_PLATFORM_MISSING", "this EGL has no wayland platform");
    platform = EGL_PLATFORM_WAYLAND_;
    native = open_wayland();
    if (native == NULL) return false;
  } else {
    return fail("EGL_PLATFORM_MISSING", "unknown platform");
  }
  egl_display = egl.GetPlatformDisplayEXT(platform, native, NULL);
  if (egl_display == NULL) return fail("EGL_INITIALIZE_FAILED", "no display on this platform");
  if (!egl.Initialize(egl_display, &egl_major, &egl_minor)) {
    egl_display = NULL;
    return fail("EGL_INITIALIZE_FAILED", "eglInitialize failed");
  }
  return true;
}

// ---- context ----

static EGLContext try_context(EGLConfig config, const char *extensions, const Options *options, int major, int minor, bool robust) {
  bool is_gl = strcmp(options->api, "gl") == 0;
  EGLint attributes[24], count = 0;
#define ADD(name, value) (attributes[count++] = (name), attributes[count++] = (value))
  ADD(EGL_CONTEXT_MAJOR_VERSION_, major);
  ADD(EGL_CONTEXT_MINOR_VERSION_, minor);
  if (is_gl) ADD(EGL_CONTEXT_PROFILE_MASK_, EGL_CONTEXT_CORE_PROFILE_BIT_);
  if (options->debug) ADD(EGL_CONTEXT_FLAGS_KHR_, EGL_CONTEXT_DEBUG_BIT_);
  if (robust && has_word(extensions, "EGL_EXT_create_context_robustness")) {
    ADD(EGL_CONTEXT_ROBUST_ACCESS_EXT_, 1);
    ADD(EGL_CONTEXT_RESET_STRATEGY_EXT_, EGL_LOSE_CONTEXT_ON_RESET_);
  } else if (robust) {
    return NULL;
  }
#undef ADD
  attributes[count] = EGL_NONE_;
  EGLContext result = egl.CreateContext(egl_display, config, NULL, attributes);
  if (result == NULL) egl.GetError();
  return result;
}

static bool create_context(const Options *options) {
  static const int gles_versions[][2] = {{3, 2}, {3, 1}, {3, 0}}, gl_versions[][2] = {{4, 6}, {4, 5}, {4, 4}, {4, 3}};
  bool is_gl = strcmp(options->api, "gl") == 0;
  const int(*versions)[2] = is_gl ? gl_versions : gles_versions;
  int count = is_gl ? 4 : 3;
  const char *extensions = egl.QueryString(egl_display, EGL_EXTENSIONS_);
  if (!egl.BindAPI(is_gl ? EGL_OPENGL_API_ : EGL_OPENGL_ES_API_)) return fail("EGL_CONTEXT_FAILED", "this EGL lacks the API");
  bool is_surfaceless = has_word(extensions, "EGL_KHR_surfaceless_context");
  EGLConfig config = NULL;
  if (!is_surfaceless || !(has_word(extensions, "EGL_KHR_no_config_context") || has_word(extensions, "EGL_MESA_configless_context"))) {
    EGLint found = 0;
    const EGLint wanted[] = {EGL_SURFACE_TYPE_, is_surfaceless ? 0 : EGL_PBUFFER_BIT_, EGL_RENDERABLE_TYPE_, is_gl ? EGL_OPENGL_BIT_ : EGL_OPENGL_ES3_BIT_, EGL_NONE_};
    if (!egl.ChooseConfig(egl_display, wanted, &config, 1, &found) || found == 0) return fail("EGL_CONTEXT_FAILED", "no EGL config fits");
  }
  for (int robust = 1; robust >= 0 && context == NULL; robust--) {
    for (int index = 0; index < count && context == NULL; index++) {
      context = try_context(config, extensions, options, versions[index][0], versions[index][1], robust);
      gl_major = versions[index][0];
      gl_minor = versions[index][1];
      is_robust = robust;
    }
  }
  if (context == NULL) return fail("EGL_CONTEXT_FAILED", is_gl ? "no OpenGL 4.3 core context" : "no OpenGL ES 3.0 context");
  if (!is_surfaceless) {
    const EGLint size[] = {EGL_WIDTH_, 1, EGL_HEIGHT_, 1, EGL_NONE_};
    pbuffer = egl.CreatePbufferSurface(egl_display, config, size);
    if (pbuffer == NULL) return fail("EGL_CONTEXT_FAILED", "neither surfaceless contexts nor pbuffers");
  }
  if (!egl.MakeCurrent(egl_display, pbuffer, pbuffer, context)) return fail("EGL_CONTEXT_FAILED", "eglMakeCurrent failed");
  egl_has_fence_sync = has_word(extensions, "EGL_KHR_fence_sync") && egl.CreateSyncKHR != NULL && egl.ClientWaitSyncKHR != NULL;
  egl_has_native_fence = has_word(extensions, "EGL_ANDROID_native_fence_sync") && egl.DupNativeFenceFDANDROID != NULL && egl.CreateSyncKHR != NULL;
  return true;
}

static void close_all(void) {
  if (egl_display != NULL) {
    fence_stop();
    if (context != NULL) {
      gl_forget_last_work();
      gl_ring_destroy();
      egl.MakeCurrent(egl_display, NULL, NULL, NULL);
      egl.DestroyContext(egl_display, context);
    }
    if (pbuffer != NULL) egl.DestroySurface(egl_display, pbuffer);
    egl.Terminate(egl_display);
    egl.ReleaseThread();
  }
  if (gbm_device != NULL) gbm_destroy(gbm_device);
  if (gbm_fd >= 0) close(gbm_fd);
  if (wayland_display != NULL) wayland_disconnect(wayland_display);
  egl_display = context = pbuffer = gbm_device = wayland_display = NULL;
  gbm_fd = -1;
  gl_forget_names();
  gl_forget_programs();
  gl_forget_queries();
}

// What GLES has always on, and desktop GL must be told.
static void match_gles_behaviour(void) {
  enum { FRAMEBUFFER_SRGB = 0x8db9, PROGRAM_POINT_SIZE = 0x8642, TEXTURE_CUBE_MAP_SEAMLESS = 0x884f };
  gl.Enable(FRAMEBUFFER_SRGB);
  gl.Enable(PROGRAM_POINT_SIZE);
  gl.Enable(TEXTURE_CUBE_MAP_SEAMLESS);
}

// ---- lost contexts ----

static GLenum (*get_reset_status)(void);
static const char *reset_file; // for tests: when the file appears, the GPU counts as reset, once

static void find_reset_status(void) {
  static const char *const names[] = {"glGetGraphicsResetStatus", "glGetGraphicsResetStatusKHR", "glGetGraphicsResetStatusEXT"};
  get_reset_status = NULL;
  for (size_t index = 0; is_robust && get_reset_status == NULL && index < 3; index++) {
    GlProc entry = get_gl_entry(names[index]);
    memcpy(&get_reset_status, &entry, sizeof entry);
  }
  reset_file = getenv("VIRTGPU_TEST_RESET_FILE");
}

uint32_t egl_reset_status(bool is_suspect) {
  enum { UNKNOWN_CONTEXT_RESET = 0x8255, INTERVAL_MS = 100 };
  static int64_t asked_ms;
  if (reset_file != NULL && unlink(reset_file) == 0) return UNKNOWN_CONTEXT_RESET;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  int64_t now_ms = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
  // Some drivers ask the kernel.
  if (get_reset_status == NULL || (!is_suspect && now_ms - asked_ms < INTERVAL_MS)) return 0;
  asked_ms = now_ms;
  return get_reset_status();
}

static bool open_all(const Options *options) {
  if (egl_display != NULL) return fail("EGL_BUSY", "a GL context is already open in this process");
  if (!load_library() || !open_display(options) || !create_context(options)) return false;
  gl_debug = options->debug;
  gl_load(get_gl_entry);
  gl_reset_state();
  find_reset_status();
  if (strcmp(options->api, "gl") == 0) match_gles_behaviour();
  if (fence_start() != 0) return fail("EGL_FENCE_THREAD", "cannot start the fence thread");
  return true;
}

static FUNCTION(js_open) {
  ARGUMENTS(1);
  Options options = {0};
  get_named_text(env, args[0], "platform", options.platform, sizeof options.platform);
  get_named_text(env, args[0], "api", options.api, sizeof options.api);
  get_named_text(env, args[0], "renderNode", options.render_node, sizeof options.render_node);
  options.software = get_named_bool(env, args[0], "software");
  options.debug = get_named_bool(env, args[0], "debug");
  if (!open_all(&options)) {
    if (strcmp(failure_code, "EGL_BUSY") != 0) close_all();
    napi_throw_error(env, failure_code, failure_text);
    return NULL;
  }
  napi_value result;
  napi_create_object(env, &result);
  set_named(env, result, "vendor", from_text(env, egl.QueryString(egl_display, EGL_VENDOR_)));
  set_named(env, result, "version", from_text(env, egl.QueryString(egl_display, EGL_VERSION_)));
  set_named(env, result, "clientApis", from_text(env, egl.QueryString(egl_display, EGL_CLIENT_APIS_)));
  set_named(env, result, "extensions", from_text(env, egl.QueryString(egl_display, EGL_EXTENSIONS_)));
  set_named(env, result, "isRobust", from_bool(env, is_robust));
  set_named(env, result, "hasFenceSync", from_bool(env, egl_has_fence_sync));
  set_named(env, result, "hasNativeFenceFd", from_bool(env, egl_has_native_fence));
  set_named(env, result, "major", from_i32(env, gl_major));
  set_named(env, result, "minor", from_i32(env, gl_minor));
  return result;
}

static FUNCTION(js_close) {
  (void)env;
  (void)info;
  close_all();
  return NULL;
}

static FUNCTION(js_devices) {
  (void)info;
  napi_value list;
  napi_create_array(env, &list);
  if (!load_library()) {
    napi_throw_error(env, failure_code, failure_text);
    return NULL;
  }
  EGLDevice devices[MAX_DEVICES];
  int count = list_devices(devices);
  for (int index = 0; index < count; index++) {
    napi_value device;
    napi_create_object(env, &device);
    set_named(env, device, "extensions", from_text(env, device_text(devices[index], EGL_EXTENSIONS_)));
    set_named(env, device, "renderNode", from_text(env, device_text(devices[index], EGL_DRM_RENDER_NODE_FILE_EXT_)));
    napi_set_element(env, list, (uint32_t)index, device);
  }
  return list;
}

void egl_exports(napi_env env, napi_value exports) {
  export_function(env, exports, "eglOpen", js_open);
  export_function(env, exports, "eglClose", js_close);
  export_function(env, exports, "eglDevices", js_devices);
}
