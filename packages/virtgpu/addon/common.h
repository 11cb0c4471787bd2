// Helpers around Node-API. Failing system calls return -errno to JavaScript, which names them.
#pragma once
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#define NAPI_VERSION 9
#include <errno.h>
#include <node_api.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FUNCTION(name) napi_value name(napi_env env, napi_callback_info info)
#define ARGUMENTS(count)                                                                                                       \
  napi_value args[count] = {0};                                                                                                \
  size_t args_given = count;                                                                                                   \
  napi_get_cb_info(env, info, &args_given, args, NULL, NULL)

typedef struct {
  uint8_t *bytes;
  size_t length; // in bytes
} View;

// udmabuf.c: DMA_BUF_IOCTL_SYNC, start and end; `flags` is DMA_BUF_SYNC_READ (1), _WRITE (2) or both. False: errno says why.
bool dma_buf_sync(int fd, uint32_t flags);

static inline int32_t to_i32(napi_env env, napi_value value) {
  int32_t result = 0;
  napi_get_value_int32(env, value, &result);
  return result;
}

static inline uint32_t to_u32(napi_env env, napi_value value) {
  uint32_t result = 0;
  napi_get_value_uint32(env, value, &result);
  return result;
}

static inline double to_double(napi_env env, napi_value value) {
  double result = 0;
  napi_get_value_double(env, value, &result);
  return result;
}

static inline bool to_bool(napi_env env, napi_value value) {
  bool result = false;
  napi_get_value_bool(env, value, &result);
  return result;
}

static inline napi_value from_double(napi_env env, double number) {
  napi_value result;
  napi_create_double(env, number, &result);
  return result;
}

static inline napi_value from_i32(napi_env env, int32_t number) {
  napi_value result;
  napi_create_int32(env, number, &result);
  return result;
}

static inline napi_value from_bool(napi_env env, bool value) {
  napi_value result;
  napi_get_boolean(env, value, &result);
  return result;
}

napi_value from_text(napi_env env, const char *text);

// Whether a number of JavaScript is one of bytes in a file or of time: the cast of any other to an integer is undefined.
static inline bool is_amount(double number) {
  return number >= 0 && number <= 9e15;
}

// Whether it can be a descriptor.
static inline bool is_descriptor(double number) {
  return number >= 0 && number <= INT32_MAX;
}

// -1 with errno becomes -errno.
static inline napi_value from_result(napi_env env, double result) {
  return from_double(env, result < 0 ? -(double)errno : result);
}

// Bytes of a typed array; empty for anything else.
View to_view(napi_env env, napi_value value);
// The part [offset, offset + length) of a typed array; throws RangeError and returns false when outside.
bool to_part(napi_env env, napi_value value, napi_value offset, napi_value length, View *part);
// Copies a string, cut to fit.
void to_text(napi_env env, napi_value value, char *text, size_t size);
void set_named(napi_env env, napi_value object, const char *name, napi_value value);
bool get_named_text(napi_env env, napi_value object, const char *name, char *text, size_t size);
bool get_named_bool(napi_env env, napi_value object, const char *name);
int32_t get_named_i32(napi_env env, napi_value object, const char *name);

// One per file: adds its functions to the exports.
void export_function(napi_env env, napi_value exports, const char *name, napi_callback function);
void memory_exports(napi_env env, napi_value exports);
void socket_exports(napi_env env, napi_value exports);
void event_exports(napi_env env, napi_value exports);
void egl_exports(napi_env env, napi_value exports);
void gl_exports(napi_env env, napi_value exports);
void trial_exports(napi_env env, napi_value exports);
void page_frames_exports(napi_env env, napi_value exports);
void import_exports(napi_env env, napi_value exports);
void udmabuf_exports(napi_env env, napi_value exports);
void planted_faults_exports(napi_env env, napi_value exports); // in the sanitized build alone

// sigbus.c. A slot is -1 when there are too many mappings: that one is unguarded.
int sigbus_install(void);
int sigbus_register(void *address, size_t length);
void sigbus_unregister(int slot);
bool sigbus_damaged(int slot);
