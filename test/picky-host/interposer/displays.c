// Displays by platform, eglInitialize that fails, the DRM device that stands in the way, and what the driver says about itself.
#include "picky.h"
#include <string.h>

enum { MAX_DISPLAYS = 64, EGL_DRM_RENDER_NODE = 0x3377 };

static struct {
  EGLDisplay display;
  enum Platform platform;
  bool is_drm;
} displays[MAX_DISPLAYS];

static int fake_device; // its address is the handle

static int find_display(EGLDisplay display) {
  for (int index = 0; index < MAX_DISPLAYS; index++)
    if (displays[index].display == display && display != EGL_NO_DISPLAY) return index;
  return -1;
}

bool display_is_drm(EGLDisplay display) {
  int index = find_display(display);
  return index >= 0 && displays[index].is_drm;
}

static EGLDisplay remember(EGLDisplay display, enum Platform platform, bool is_drm) {
  if (display == EGL_NO_DISPLAY || find_display(display) >= 0) return display;
  for (int index = 0; index < MAX_DISPLAYS; index++) {
    if (displays[index].display != EGL_NO_DISPLAY) continue;
    displays[index].display = display;
    displays[index].platform = platform;
    displays[index].is_drm = is_drm;
    break;
  }
  return display;
}

static enum Platform platform_of(EGLenum name) {
  switch (name) {
  case EGL_PLATFORM_SURFACELESS_MESA: return SURFACELESS;
  case EGL_PLATFORM_DEVICE_EXT: return DEVICE;
  case EGL_PLATFORM_GBM_KHR: return GBM;
  case EGL_PLATFORM_WAYLAND_KHR: return WAYLAND;
  default: return OTHER_PLATFORM;
  }
}

EGLDisplay EGLAPIENTRY eglGetPlatformDisplay(EGLenum name, void *native, const EGLAttrib *attributes) {
  static PFNEGLGETPLATFORMDISPLAYPROC real;
  if (real == NULL) real = (PFNEGLGETPLATFORMDISPLAYPROC)real_entry("eglGetPlatformDisplay");
  set_error(EGL_SUCCESS);
  if (name == EGL_PLATFORM_DEVICE_EXT && native == &fake_device)
    return remember(real(EGL_PLATFORM_SURFACELESS_MESA, NULL, NULL), DEVICE, true);
  return remember(real(name, native, attributes), platform_of(name), settings.drm_first && name == EGL_PLATFORM_SURFACELESS_MESA);
}

EGLDisplay EGLAPIENTRY eglGetPlatformDisplayEXT(EGLenum name, void *native, const EGLint *attributes) {
  EGLAttrib wide[MAX_ATTRIBUTES + 1];
  int count = 0;
  for (; attributes != NULL && attributes[count] != EGL_NONE && count < MAX_ATTRIBUTES; count += 2) {
    wide[count] = attributes[count];
    wide[count + 1] = attributes[count + 1];
  }
  wide[count] = EGL_NONE;
  return eglGetPlatformDisplay(name, native, attributes == NULL ? NULL : wide);
}

EGLBoolean EGLAPIENTRY eglInitialize(EGLDisplay display, EGLint *major, EGLint *minor) {
  static PFNEGLINITIALIZEPROC real;
  if (real == NULL) real = (PFNEGLINITIALIZEPROC)real_entry("eglInitialize");
  set_error(EGL_SUCCESS);
  int index = find_display(display);
  enum Platform platform = index < 0 ? OTHER_PLATFORM : displays[index].platform;
  if (platform < OTHER_PLATFORM && settings.fails_initialize[platform]) {
    say("refused initialize: platform %d", platform);
    set_error(settings.initialize_error);
    return EGL_FALSE;
  }
  return real(display, major, minor);
}

EGLBoolean EGLAPIENTRY eglBindAPI(EGLenum api) {
  static PFNEGLBINDAPIPROC real;
  if (real == NULL) real = (PFNEGLBINDAPIPROC)real_entry("eglBindAPI");
  set_error(EGL_SUCCESS);
  if (settings.gles_only && api == EGL_OPENGL_API) {
    set_error(EGL_BAD_PARAMETER);
    return EGL_FALSE;
  }
  return real(api);
}

// ---- devices ----

static EGLint real_devices(EGLint max, EGLDeviceEXT *devices) {
  PFNEGLQUERYDEVICESEXTPROC real = (PFNEGLQUERYDEVICESEXTPROC)real_entry("eglQueryDevicesEXT");
  EGLint count = 0;
  if (real == NULL || !real(max, devices, &count)) return 0;
  return count;
}

EGLBoolean EGLAPIENTRY eglQueryDevicesEXT(EGLint max, EGLDeviceEXT *devices, EGLint *count) {
  EGLDeviceEXT all[33];
  EGLint found = real_devices(32, all), kept = 0;
  if (settings.drm_first) {
    memmove(all + 1, all, (size_t)found++ * sizeof *all);
    all[0] = &fake_device;
  }
  for (; kept < found && (devices == NULL || kept < max); kept++)
    if (devices != NULL) devices[kept] = all[kept];
  *count = kept;
  return EGL_TRUE;
}

const char *EGLAPIENTRY eglQueryDeviceStringEXT(EGLDeviceEXT device, EGLint name) {
  static PFNEGLQUERYDEVICESTRINGEXTPROC real;
  if (real == NULL) real = (PFNEGLQUERYDEVICESTRINGEXTPROC)real_entry("eglQueryDeviceStringEXT");
  if (device != &fake_device) return real(device, name);
  if (name == EGL_EXTENSIONS) return "EGL_EXT_device_drm EGL_EXT_device_drm_render_node";
  if (name == EGL_DRM_RENDER_NODE) return "/dev/dri/renderD128";
  return name == EGL_DRM_DEVICE_FILE_EXT ? "/dev/dri/card0" : NULL;
}

EGLBoolean EGLAPIENTRY eglQueryDisplayAttribEXT(EGLDisplay display, EGLint name, EGLAttrib *value) {
  static PFNEGLQUERYDISPLAYATTRIBEXTPROC real;
  if (real == NULL) real = (PFNEGLQUERYDISPLAYATTRIBEXTPROC)real_entry("eglQueryDisplayAttribEXT");
  if (name != EGL_DEVICE_EXT || !display_is_drm(display)) return real(display, name, value);
  *value = (EGLAttrib)&fake_device;
  return EGL_TRUE;
}

// ---- texts ----

bool is_hidden(const char *word, size_t length) {
  for (int index = 0; index < settings.hidden_count; index++)
    if (strlen(settings.hidden[index]) == length && memcmp(settings.hidden[index], word, length) == 0) return true;
  return false;
}

static const char *without_hidden(const char *list, char *text, size_t size) {
  size_t length = 0;
  for (const char *word = list; *word != 0;) {
    size_t count = strcspn(word, " ");
    if (count > 0 && !is_hidden(word, count) && length + count + 2 < size) {
      memcpy(text + length, word, count);
      length += count;
      text[length++] = ' ';
    }
    word += count + (word[count] == ' ');
  }
  text[length] = 0;
  return text;
}

const char *EGLAPIENTRY eglQueryString(EGLDisplay display, EGLint name) {
  static PFNEGLQUERYSTRINGPROC real;
  if (real == NULL) real = (PFNEGLQUERYSTRINGPROC)real_entry("eglQueryString");
  set_error(EGL_SUCCESS);
  const char *answer = real(display, name);
  if (name == EGL_CLIENT_APIS && settings.gles_only) return "OpenGL_ES";
  if (answer == NULL || name != EGL_EXTENSIONS || settings.hidden_count == 0) return answer;
  // A text a kind of list; both stay valid, as EGL's own do.
  static char texts[2][8192];
  return without_hidden(answer, texts[display != EGL_NO_DISPLAY], sizeof texts[0]);
}
