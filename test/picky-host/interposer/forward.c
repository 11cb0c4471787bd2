// Finding the real library, and the functions that are passed on as they are.
#include "picky.h"
#include <dlfcn.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void *library;
static __eglMustCastToProperFunctionPointerType (*real_get)(const char *name);
static __thread EGLint pending_error;

void set_error(EGLint error) {
  pending_error = error == EGL_SUCCESS ? 0 : error;
}

void say(const char *format, ...) {
  if (settings.log[0] == 0) return;
  FILE *file = fopen(settings.log, "ae");
  if (file == NULL) return;
  va_list arguments;
  va_start(arguments, format);
  vfprintf(file, format, arguments);
  va_end(arguments);
  fputc('\n', file);
  fclose(file);
}

// The first libEGL.so.1 of the loader's path that is not this one.
static void *open_real(void) {
  Dl_info self;
  char own[PATH_MAX] = "", path[PATH_MAX], resolved[PATH_MAX];
  if (dladdr((void *)open_real, &self) == 0 || realpath(self.dli_fname, own) == NULL) return NULL;
  const char *given = getenv("LD_LIBRARY_PATH");
  static const char standard[] = ":/usr/lib/x86_64-linux-gnu:/usr/lib/aarch64-linux-gnu:/usr/lib64:/usr/lib";
  char *places = malloc((given == NULL ? 0 : strlen(given)) + sizeof standard);
  sprintf(places, "%s%s", given == NULL ? "" : given, standard);
  void *found = NULL;
  for (char *rest = NULL, *place = strtok_r(places, ":", &rest); place != NULL && found == NULL; place = strtok_r(NULL, ":", &rest)) {
    if (snprintf(path, sizeof path, "%s/libEGL.so.1", place) >= (int)sizeof path) continue;
    if (realpath(path, resolved) == NULL || strcmp(resolved, own) == 0) continue;
    found = dlopen(resolved, RTLD_NOW | RTLD_LOCAL);
  }
  free(places);
  return found;
}

__attribute__((constructor)) static void load(void) {
  settings_load();
  library = open_real();
  if (library != NULL) *(void **)&real_get = dlsym(library, "eglGetProcAddress");
  if (real_get == NULL) {
    fprintf(stderr, "picky host: there is no real libEGL.so.1 behind this one\n");
    exit(99);
  }
}

void *real_entry(const char *name) {
  void *entry = dlsym(library, name);
  return entry != NULL ? entry : (void *)real_get(name);
}

EGLint EGLAPIENTRY eglGetError(void) {
  static PFNEGLGETERRORPROC real;
  if (real == NULL) real = (PFNEGLGETERRORPROC)real_entry("eglGetError");
  EGLint error = real(), ours = pending_error;
  pending_error = 0;
  return ours != 0 ? ours : error;
}

__eglMustCastToProperFunctionPointerType EGLAPIENTRY eglGetProcAddress(const char *name) {
#define OURS(function) {#function, (__eglMustCastToProperFunctionPointerType)function}
  static const struct {
    const char *name;
    __eglMustCastToProperFunctionPointerType entry;
  } ours[] = {OURS(eglGetError),          OURS(eglGetProcAddress),        OURS(eglCreateImage),          OURS(eglCreateImageKHR),
              OURS(eglGetPlatformDisplay), OURS(eglGetPlatformDisplayEXT), OURS(eglInitialize),           OURS(eglBindAPI),
              OURS(eglQueryDevicesEXT),    OURS(eglQueryDeviceStringEXT),  OURS(eglQueryDisplayAttribEXT), OURS(eglQueryString),
              OURS(eglQueryDmaBufFormatsEXT)};
#undef OURS
  __eglMustCastToProperFunctionPointerType real = real_get(name);
  if (real == NULL) return NULL;
  for (size_t index = 0; index < sizeof ours / sizeof *ours; index++)
    if (strcmp(ours[index].name, name) == 0) return ours[index].entry;
  return real;
}

// The rest of EGL 1.5.
#define FORWARD(result, name, parameters, arguments)                                                                           \
  result EGLAPIENTRY name parameters {                                                                                         \
    static result(EGLAPIENTRYP real) parameters;                                                                               \
    if (real == NULL) *(void **)&real = real_entry(#name);                                                                     \
    set_error(EGL_SUCCESS);                                                                                                    \
    return real arguments;                                                                                                     \
  }
#define D EGLDisplay d
#define S EGLSurface s

FORWARD(EGLBoolean, eglBindTexImage, (D, S, EGLint b), (d, s, b))
FORWARD(EGLBoolean, eglChooseConfig, (D, const EGLint *a, EGLConfig *c, EGLint n, EGLint *f), (d, a, c, n, f))
FORWARD(EGLint, eglClientWaitSync, (D, EGLSync y, EGLint f, EGLTime t), (d, y, f, t))
FORWARD(EGLBoolean, eglCopyBuffers, (D, S, EGLNativePixmapType p), (d, s, p))
FORWARD(EGLContext, eglCreateContext, (D, EGLConfig c, EGLContext h, const EGLint *a), (d, c, h, a))
FORWARD(EGLSurface, eglCreatePbufferFromClientBuffer, (D, EGLenum t, EGLClientBuffer b, EGLConfig c, const EGLint *a), (d, t, b, c, a))
FORWARD(EGLSurface, eglCreatePbufferSurface, (D, EGLConfig c, const EGLint *a), (d, c, a))
FORWARD(EGLSurface, eglCreatePixmapSurface, (D, EGLConfig c, EGLNativePixmapType p, const EGLint *a), (d, c, p, a))
FORWARD(EGLSurface, eglCreatePlatformPixmapSurface, (D, EGLConfig c, void *p, const EGLAttrib *a), (d, c, p, a))
FORWARD(EGLSurface, eglCreatePlatformWindowSurface, (D, EGLConfig c, void *w, const EGLAttrib *a), (d, c, w, a))
FORWARD(EGLSync, eglCreateSync, (D, EGLenum t, const EGLAttrib *a), (d, t, a))
FORWARD(EGLSurface, eglCreateWindowSurface, (D, EGLConfig c, EGLNativeWindowType w, const EGLint *a), (d, c, w, a))
FORWARD(EGLBoolean, eglDestroyContext, (D, EGLContext c), (d, c))
FORWARD(EGLBoolean, eglDestroyImage, (D, EGLImage i), (d, i))
FORWARD(EGLBoolean, eglDestroySurface, (D, S), (d, s))
FORWARD(EGLBoolean, eglDestroySync, (D, EGLSync y), (d, y))
FORWARD(EGLBoolean, eglGetConfigAttrib, (D, EGLConfig c, EGLint n, EGLint *v), (d, c, n, v))
FORWARD(EGLBoolean, eglGetConfigs, (D, EGLConfig *c, EGLint n, EGLint *f), (d, c, n, f))
FORWARD(EGLContext, eglGetCurrentContext, (void), ())
FORWARD(EGLDisplay, eglGetCurrentDisplay, (void), ())
FORWARD(EGLSurface, eglGetCurrentSurface, (EGLint w), (w))
FORWARD(EGLDisplay, eglGetDisplay, (EGLNativeDisplayType n), (n))
FORWARD(EGLBoolean, eglGetSyncAttrib, (D, EGLSync y, EGLint n, EGLAttrib *v), (d, y, n, v))
FORWARD(EGLBoolean, eglMakeCurrent, (D, EGLSurface w, EGLSurface r, EGLContext c), (d, w, r, c))
FORWARD(EGLenum, eglQueryAPI, (void), ())
FORWARD(EGLBoolean, eglQueryContext, (D, EGLContext c, EGLint n, EGLint *v), (d, c, n, v))
FORWARD(EGLBoolean, eglQuerySurface, (D, S, EGLint n, EGLint *v), (d, s, n, v))
FORWARD(EGLBoolean, eglReleaseTexImage, (D, S, EGLint b), (d, s, b))
FORWARD(EGLBoolean, eglReleaseThread, (void), ())
FORWARD(EGLBoolean, eglSurfaceAttrib, (D, S, EGLint n, EGLint v), (d, s, n, v))
FORWARD(EGLBoolean, eglSwapBuffers, (D, S), (d, s))
FORWARD(EGLBoolean, eglSwapInterval, (D, EGLint i), (d, i))
FORWARD(EGLBoolean, eglTerminate, (D), (d))
FORWARD(EGLBoolean, eglWaitClient, (void), ())
FORWARD(EGLBoolean, eglWaitGL, (void), ())
FORWARD(EGLBoolean, eglWaitNative, (EGLint e), (e))
FORWARD(EGLBoolean, eglWaitSync, (D, EGLSync y, EGLint f), (d, y, f))
