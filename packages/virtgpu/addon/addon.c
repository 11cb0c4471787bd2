// The module: Node-API helpers and the list of exports.
#include "common.h"

#include <malloc.h>

napi_value from_text(napi_env env, const char *text) {
  napi_value result;
  napi_create_string_utf8(env, text == NULL ? "" : text, NAPI_AUTO_LENGTH, &result);
  return result;
}

static size_t element_size(napi_typedarray_type type) {
  switch (type) {
  case napi_int8_array:
  case napi_uint8_array:
  case napi_uint8_clamped_array:
    return 1;
  case napi_int16_array:
  case napi_uint16_array:
    return 2;
  case napi_int32_array:
  case napi_uint32_array:
  case napi_float32_array:
    return 4;
  default:
    return 8;
  }
}

View to_view(napi_env env, napi_value value) {
  View view = {NULL, 0};
  bool is_typed = false;
  if (napi_is_typedarray(env, value, &is_typed) != napi_ok || !is_typed) return view;
  napi_typedarray_type type;
  void *data = NULL;
  size_t elements = 0;
  if (napi_get_typedarray_info(env, value, &type, &elements, &data, NULL, NULL) != napi_ok) return view;
  view.bytes = data;
  view.length = elements * element_size(type);
  return view;
}

bool to_part(napi_env env, napi_value value, napi_value offset, napi_value length, View *part) {
  View view = to_view(env, value);
  double from = to_double(env, offset), size = to_double(env, length);
  if (!(from >= 0) || !(size >= 0) || from + size > (double)view.length) {
    napi_throw_range_error(env, "ERR_OUT_OF_RANGE", "offset and length lie outside the array");
    return false;
  }
  part->bytes = view.bytes + (size_t)from;
  part->length = (size_t)size;
  return true;
}

void to_text(napi_env env, napi_value value, char *text, size_t size) {
  size_t length = 0;
  text[0] = 0;
  if (napi_get_value_string_utf8(env, value, text, size, &length) != napi_ok) text[0] = 0;
}

void set_named(napi_env env, napi_value object, const char *name, napi_value value) {
  napi_set_named_property(env, object, name, value);
}

bool get_named_text(napi_env env, napi_value object, const char *name, char *text, size_t size) {
  napi_value value;
  text[0] = 0;
  if (napi_get_named_property(env, object, name, &value) != napi_ok) return false;
  to_text(env, value, text, size);
  return text[0] != 0;
}

bool get_named_bool(napi_env env, napi_value object, const char *name) {
  napi_value value;
  return napi_get_named_property(env, object, name, &value) == napi_ok && to_bool(env, value);
}

int32_t get_named_i32(napi_env env, napi_value object, const char *name) {
  napi_value value;
  return napi_get_named_property(env, object, name, &value) == napi_ok ? to_i32(env, value) : 0;
}

void export_function(napi_env env, napi_value exports, const char *name, napi_callback function) {
  napi_value value;
  if (napi_create_function(env, name, NAPI_AUTO_LENGTH, function, NULL, &value) != napi_ok) return;
  napi_set_named_property(env, exports, name, value);
}

// V8 compiles typed array accesses on the assumption that no ArrayBuffer was ever detached, and throws all of that code away at the
// first one. Releasing a mapping detaches; so the first one happens here, before anything is compiled.
static void detach_once(napi_env env) {
  napi_value buffer;
  void *data;
  if (napi_create_arraybuffer(env, 8, &data, &buffer) == napi_ok) napi_detach_arraybuffer(env, buffer);
}

// Software drivers take and free megabytes in every frame. By default glibc gives them back to the kernel at once and takes them again
// page by page: a quarter of a frame's processor time, measured. Keep what was freed, within limits.
static void keep_freed_memory(void) {
#ifdef M_TRIM_THRESHOLD
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  mallopt(M_TOP_PAD, 2 << 20);
  mallopt(M_MMAP_THRESHOLD, 8 << 20);
#endif
}

NAPI_MODULE_INIT() {
  keep_freed_memory();
  detach_once(env);
  memory_exports(env, exports);
  socket_exports(env, exports);
  event_exports(env, exports);
  egl_exports(env, exports);
  gl_exports(env, exports);
  trial_exports(env, exports);
  page_frames_exports(env, exports);
  import_exports(env, exports);
  udmabuf_exports(env, exports);
#ifdef VIRTGPU_PLANTED_FAULTS
  planted_faults_exports(env, exports);
#endif
  return exports;
}
