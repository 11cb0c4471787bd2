// Faults on purpose, in the sanitized build alone (scripts/build-addon.mjs --sanitize): a run that finds nothing is worth only as much
// as the proof that it would have. Each is what a missing check in the replay would do: to the memory of a registered segment.
#ifdef VIRTGPU_PLANTED_FAULTS
#include "gl.h"
#include <string.h>

// The compiler must neither see through a fault nor drop it as unused.
static volatile uint32_t seen;

static bool plant(const char *kind, uint8_t *end) {
  if (strcmp(kind, "heap-read") == 0) {
    seen = *end;
  } else if (strcmp(kind, "heap-write") == 0) {
    *end = 1;
  } else if (strcmp(kind, "driver-read") == 0) {
    // The fault of a driver that is given too little: its code is not instrumented, but the C library's functions are watched.
    static uint8_t pixels[64];
    void *(*volatile copy)(void *, const void *, size_t) = memcpy;
    copy(pixels, end - 16, sizeof pixels);
  } else if (strcmp(kind, "signed-overflow") == 0) {
    volatile int32_t width = INT32_MAX;
    seen = (uint32_t)(width * 4);
  } else if (strcmp(kind, "misaligned-load") == 0) {
    seen = *(const volatile uint32_t *)(const void *)(end - 7);
  } else if (strcmp(kind, "shift") == 0) {
    volatile uint32_t bits = 32;
    seen = 1u << bits;
  } else if (strcmp(kind, "cast") == 0) {
    volatile double size = 1e20;
    seen = (uint32_t)(size_t)size;
  } else {
    return false;
  }
  return true;
}

// (kind, segment, bytes of the segment)
static FUNCTION(js_plant_fault) {
  ARGUMENTS(3);
  char kind[32];
  to_text(env, args[0], kind, sizeof kind);
  GlData data;
  uint32_t reference[4] = {to_u32(env, args[1]), to_u32(env, args[2]), 0, 0};
  if (!gl_resolve(reference, &data)) napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "no such segment");
  else if (!plant(kind, data.bytes)) napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "no such fault");
  return NULL;
}

void planted_faults_exports(napi_env env, napi_value exports) {
  export_function(env, exports, "plantFault", js_plant_fault);
}
#endif
